import type {Lsn} from './lsn.ts';

/**
 * P and the identity of the replica that stands at it. While every part stays the same, each session of that replica
 * sees exactly the commits whose commit record begins before `lsn`. Facts: a replica restart resumes replay, promotion ends the pause.
 */
export interface Boundary {
  /** P: the end of the last replayed record. */
  readonly lsn: Lsn;
  /** pg_postmaster_start_time() of the replica, as text in UTC with microseconds: `2026-11-23 22:10:03.123456`. */
  readonly postmasterStart: string;
  readonly timeline: number;
  readonly systemIdentifier: string;
  /** The replica's clock when P was read, ISO 8601. */
  readonly capturedAt: string;
}

/** What makes a boundary the same one: compared before a unit may commit. */
export type Fence = Pick<Boundary, 'lsn' | 'postmasterStart' | 'timeline'>;

/** How the replica moved away from the boundary, in words; null while it stands. */
export function fenceBroken(captured: Fence, now: Fence): string | null {
  if (now.postmasterStart !== captured.postmasterStart) {
    return `the replica was restarted at ${now.postmasterStart} (UTC), which resumes replay`;
  }
  if (now.timeline !== captured.timeline)
    return `the replica is on timeline ${now.timeline}, not ${captured.timeline}: it was promoted`;
  if (now.lsn !== captured.lsn)
    return `the replica has replayed to ${now.lsn}, past P ${captured.lsn}: replay was resumed`;
  return null;
}
