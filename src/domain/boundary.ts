import type {Lsn} from './lsn.ts';

/**
 * P and the identity of the replica that stands at it. Every session of that replica sees exactly the commits whose commit record
 * begins before `lsn`, for as long as its fence (below) stays the same.
 */
export interface Boundary {
  /** P: the end of the last replayed record. */
  readonly lsn: Lsn;
  /** pg_postmaster_start_time() of the replica in UTC: `2026-11-23 22:10:03.123456`. A restart resumes replay. */
  readonly postmasterStart: string;
  /** Null before 9.6, which cannot tell it in SQL. */
  readonly timeline: number | null;
  readonly systemIdentifier: string | null;
  /** The replica's clock when P was read, ISO 8601. */
  readonly capturedAt: string;
}

/**
 * What must be the same before a unit may commit. Within one postmaster the replay position only grows, so an equal position after a
 * dump proves that it never moved during it. Promotion leaves the position as it was but ends the recovery. The timeline is evidence
 * and no part of the fence: pg_control_checkpoint() shows that of the last restartpoint, which a paused replica may still finish.
 */
export interface Fence {
  readonly replayLsn: string | null;
  readonly inRecovery: boolean;
  readonly postmasterStart: string;
}

/** The fence that the boundary expects, as the one line that readFence() in src/pg gives. */
export function fenceLine(boundary: Boundary): string {
  return `${boundary.lsn} t ${boundary.postmasterStart}`;
}

/** How the replica has left the boundary, in words; null while it stands at P. */
export function fenceBroken(boundary: Boundary, now: Fence): string | null {
  if (now.postmasterStart !== boundary.postmasterStart) {
    return `the replica was restarted at ${now.postmasterStart} UTC, and a restart resumes replay`;
  }
  if (!now.inRecovery) return 'the replica was promoted';
  if (now.replayLsn !== boundary.lsn) {
    return `the replica has replayed to ${now.replayLsn ?? 'nothing'}, away from P ${boundary.lsn}: somebody resumed replay`;
  }
  return null;
}
