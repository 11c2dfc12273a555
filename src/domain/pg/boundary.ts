import type {Lsn} from './lsn.ts';

/**
 * P and the identity of the replica that is paused at it. Every session of that replica sees exactly the commits whose commit record
 * begins before `lsn`, for as long as its fence (below) holds.
 */
export interface Boundary {
  /** P: the end of the last replayed record. */
  readonly lsn: Lsn;
  /** pg_postmaster_start_time() of the replica in UTC: `2026-11-23 22:10:03.123456`. A restart resumes replay. */
  readonly postmasterStart: string;
  /** As the replica replays it, by IDENTIFY_SYSTEM; null in journals of versions that did not ask. */
  readonly timeline: number | null;
  readonly systemIdentifier: string | null;
  /** The replica's clock when P was read, ISO 8601. */
  readonly capturedAt: string;
}

/**
 * What must be so before a unit's data and after them, seen by one session that lived through them. Promotion leaves the position as it was
 * but ends the recovery. A crash recovery of the standby keeps its postmaster and may end at the same position, but it forgets the pause
 * and ends every session, and in between sessions see rows from before P (docs/decisions/0002). The timeline is evidence and no part of
 * the fence: it changes only by replay.
 */
export interface Fence {
  readonly replayLsn: string | null;
  readonly inRecovery: boolean;
  readonly paused: boolean;
  readonly postmasterStart: string;
}

/** The fence that the boundary expects, as the one line that fenceScript() in src/pg reads. */
export function fenceLine(boundary: Pick<Boundary, 'lsn' | 'postmasterStart'>): string {
  return `${boundary.lsn} t t ${boundary.postmasterStart}`;
}

/** How the replica has left the boundary, in words; null while it is paused at P. */
export function fenceBroken(boundary: Boundary, now: Fence): string | null {
  if (now.postmasterStart !== boundary.postmasterStart) {
    return `the replica was restarted at ${now.postmasterStart} UTC, and a restart resumes replay`;
  }
  if (!now.inRecovery) return 'the replica was promoted';
  if (now.replayLsn !== boundary.lsn) {
    return `the replica has replayed to ${now.replayLsn ?? 'nothing'}, away from P ${boundary.lsn}: replay was resumed`;
  }
  if (!now.paused) {
    return `replay is not paused any more at ${now.replayLsn}: it was resumed, or a backend of the replica crashed and it recovered (its log says which)`;
  }
  return null;
}

/** What brings a run to a new P while its own holds: as long as the replica is at it, `run --from pause-replay` finds it and takes no other. */
export const LEAVE_BOUNDARY =
  'on the replica, as superuser (before 10 it is called pg_xlog_replay_resume): SELECT pg_wal_replay_resume(); then longhaul run --from pause-replay takes a new P, at which everything is loaded again';

/** What to do once the replica has left P: one that was promoted replays nothing any more, and cannot be paused at another. Pure. */
export function newBoundary({inRecovery}: Pick<Fence, 'inRecovery'>): string {
  return inRecovery
    ? 'longhaul run --from pause-replay pauses again, takes a new P, proves it and loads again what was loaded'
    : 'let `replica` in longhaul.yaml name another standby of the source, made anew where there is none; then longhaul run --from pause-replay (what is loaded is loaded again)';
}
