import type {CaptureSeen} from '../watch/watch-context.ts';

/** Where change capture of a slot is although something waits for it, and since when nothing of it moves. */
export interface Still {
  readonly sinceMs: number;
  readonly at: string;
}

/** Longer than a worker waits for its turn, and than the moment between what the source has written and what the target has. */
const HUNG_MS = 60_000;
/** Of a worker of which only what it has applied is seen, and not what it hears: a large transaction that is applied stands still as well, and most are over by then. */
const UNHEARD_MS = 120_000;

/**
 * Since when nothing of a slot moves: a worker is there, what the source has written for it has not come (a sentinel of it waits), and neither what was applied nor what was received or confirmed is another
 * than before. Where the target tells when the worker has heard of the source last, a message since then counts as well: it is at a large transaction, or the source decodes one. Null where something moves, or nothing waits. Pure.
 */
export function stillOf(
  seen: CaptureSeen,
  before: {readonly atMs: number; readonly still: Still | null} | undefined,
  atMs: number,
): Still | null {
  const isThere = seen.state === 'running' || seen.state === 'blocked';
  if (!isThere || seen.lagSeconds === 0) return null;
  const at = [seen.workerPid, seen.appliedLsn, seen.receivedLsn, seen.confirmedLsn, seen.sentinels.target].join(' ');
  const still = before?.still ?? null;
  const moves = still?.at !== at || hasHeard(seen, atMs - (before?.atMs ?? atMs));
  return moves ? {sinceMs: atMs, at} : still;
}

/** Both ages are of clocks of their own, and only their lengths are compared. */
function hasHeard({heardSeconds = null}: CaptureSeen, sinceMs: number): boolean {
  return heardSeconds !== null && heardSeconds * 1000 <= sinceMs;
}

/** For how many seconds it has been still; 0 as long as that may be nothing. Pure. */
export function hungSeconds({heardSeconds}: CaptureSeen, still: Still | null, atMs: number): number {
  if (still === null) return 0;
  const ms = atMs - still.sinceMs;
  return ms >= (heardSeconds === undefined ? UNHEARD_MS : HUNG_MS) ? ms / 1000 : 0;
}
