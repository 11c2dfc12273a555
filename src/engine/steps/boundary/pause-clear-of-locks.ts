import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {readExclusiveHolders, type Blocker} from '../../../pg/replication/blockers.ts';
import {readReplayedLocks, type ReplayedLock} from '../../../pg/replication/replayed-locks.ts';
import {listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {whileWatching, type Wait} from '../../waiting/watch-blockers.ts';

/** How replay is paused and let go again, as pause-replay does it. */
export interface Replay {
  /** Resolves once replay has paused. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
}

/**
 * Sees to it that a paused replay holds no table locked. A transaction of production that holds ACCESS EXCLUSIVE (DDL, LOCK TABLE, TRUNCATE, VACUUM FULL)
 * has its lock on the standby as soon as that is replayed, and for as long as replay is paused: every lane would wait for it, for days.
 * So replay goes on until the lock is gone, and is paused again. Throws, with replay going on, where it is not gone within timeouts.pause.
 */
export async function pauseClearOfLocks(ctx: StepContext, replay: Replay): Promise<void> {
  const limitMs = ctx.config.timeouts.pauseMs;
  const end = ctx.steady() + limitMs;
  for (;;) {
    const held = await readHeld(ctx);
    if (held.length === 0) return;
    await replay.resume();
    await ctx.record({type: 'step.progressed', step: 'pause-replay', done: 0, total: 1, what: waitingFor(held)});
    const wait: Wait = {
      step: 'pause-replay',
      on: 'source',
      done: 0,
      total: 1,
      what: `${waitingFor(held)}:`,
      ask: async (source) => source.run(readExclusiveHolders(source.version, held)),
    };
    await whileWatching(ctx, wait, async (watch) => {
      const gone = waitUntil(ctx, end - ctx.steady(), async () => ((await readHeld(ctx)).length === 0 ? true : null));
      const isGone = (await watch.during(gone)) !== null;
      if (!isGone || ctx.steady() >= end) throw stillLocked(held, {limitMs, holders: watch.seen()});
    });
    await replay.pause();
  }
}

/** Whether replay holds a table locked. */
export async function isHoldingLocks(ctx: StepContext): Promise<boolean> {
  return (await readHeld(ctx)).length > 0;
}

async function readHeld(ctx: StepContext): Promise<ReplayedLock[]> {
  return (await ctx.session('replica')).run(readReplayedLocks());
}

function waitingFor(held: readonly ReplayedLock[]): string {
  return `the end of a transaction on the source that locks ${namesOf(held, 3)}`;
}

function namesOf(held: readonly ReplayedLock[], most?: number): string {
  return listed(
    held.map(({what}) => printable(what)),
    most,
  );
}

function stillLocked(
  held: readonly ReplayedLock[],
  {limitMs, holders}: {readonly limitMs: number; readonly holders: readonly Blocker[]},
): LonghaulError {
  const who = holders.length === 0 ? '' : ` (${listed(holders.map(({what}) => printable(what)))})`;
  return new LonghaulError({
    code: 'failed',
    message: `a transaction on the source${who} holds ACCESS EXCLUSIVE, and the replica has replayed the lock: ${namesOf(held)}. Replay is not paused: a lane that reads what is locked would wait for ever. ${formatDuration(limitMs)} were not enough for it to end`,
    remedy:
      "on the source find who holds it, SELECT pid, relation::regclass FROM pg_locks WHERE mode = 'AccessExclusiveLock', wait for its end or end it (SELECT pg_terminate_backend(PID)); then run again. timeouts.pause is how long the run waits",
  });
}
