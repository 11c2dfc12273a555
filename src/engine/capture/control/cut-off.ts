import {readTimeouts} from '../../../pg/session/settings.ts';
import type {StepContext} from '../../step.ts';

/** What is seen of a worker at one moment. */
export interface WorkerThen {
  readonly atMs: number;
  /** Null while none runs. */
  readonly pid: number | null;
  /** How often applying has failed; null where that is not counted. */
  readonly errors: number | null;
}

/** A worker that has lasted for this share of the shortest time-out may have been ended by that. */
const SHARE = 0.5;
/** So often there has to be no worker, where errors are not counted. */
const UNWORKED = 3;

/** Whether a worker that has lasted so long may have been ended by a time-out: then it is not the transaction that is wrong. Pure. */
export function mayBeCutOff(lastedMs: number, timeoutMs: number): boolean {
  return lastedMs >= SHARE * timeoutMs;
}

/**
 * Whether the worker has met an error of its transaction once more: it began, and ended sooner than a time-out could have ended it. Null where it was not seen from its beginning to its end. A connection that the
 * other side has ended is counted as an error too. Pure.
 */
export function hasFailed(seen: readonly WorkerThen[], timeoutMs: number): boolean | null {
  for (const [at, now] of seen.entries()) {
    const before = seen[at - 1];
    if (now.errors === null || (before?.errors ?? now.errors) >= now.errors) continue;
    const absent = seen.slice(0, at).findLast(({pid}) => pid === null);
    if (absent !== undefined) return !mayBeCutOff(now.atMs - absent.atMs, timeoutMs);
  }
  return null;
}

/** The same where errors are not counted, of all that was seen: mostly there was none, and none lasted. Pure. */
export function hasOnlyBegun(seen: readonly WorkerThen[], timeoutMs: number): boolean {
  if (seen.at(-1)?.pid !== null || seen.filter(({pid}) => pid === null).length < UNWORKED) return false;
  return [...Map.groupBy(seen, ({pid}) => pid)].every(([pid, all]) => {
    const lasted = (all.at(-1)?.atMs ?? 0) - (all[0]?.atMs ?? 0);
    return pid === null || !mayBeCutOff(lasted, timeoutMs);
  });
}

/** The shortest of the time-outs that end a worker or its sender; Infinity where there is none. */
export async function readShortestTimeout(ctx: StepContext): Promise<number> {
  const limits = [
    ...(await (await ctx.session('source')).run(readTimeouts(['wal_sender_timeout']))),
    ...(await (await ctx.session('target')).run(readTimeouts(['wal_receiver_timeout']))),
  ];
  return Math.min(Infinity, ...limits.flatMap(({seconds}) => (seconds > 0 ? [seconds * 1000] : [])));
}
