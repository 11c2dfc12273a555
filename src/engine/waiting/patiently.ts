import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {readLockBlockers, type Blocker} from '../../pg/replication/blockers.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {StepContext} from '../step.ts';
import {howToEnd} from './how-to-end.ts';
import {whileWatching, type BlockerWatch, type Wait} from './watch-blockers.ts';

/** How often a lock is asked for. */
export const TRIES = 5;

/** What somebody's lock may hold up: as a Wait, but who holds it is read here, and `what` is the work alone. */
export type LockWait = Omit<Wait, 'ask'>;

/**
 * Runs a statement that takes a lock on a table. Each try queues others behind it for no longer than timeouts.lock; between two tries they get through.
 * Meanwhile it is told who holds the lock; where no try gets it, that is in the error.
 */
export async function patiently(ctx: StepContext, wait: LockWait, statement: Statement): Promise<void> {
  const application = `longhaul/${ctx.config.run}/run`;
  const watched: Wait = {
    ...wait,
    what: `${wait.what} waits for`,
    ask: async (watcher) => watcher.run(readLockBlockers(watcher.version, application)),
  };
  await whileWatching(ctx, watched, async (watch) => tryAgain(ctx, {wait, statement, watch}));
}

async function tryAgain(
  ctx: StepContext,
  {wait, statement, watch}: {readonly wait: LockWait; readonly statement: Statement; readonly watch: BlockerWatch},
): Promise<void> {
  const session = await ctx.session(wait.on);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await watch.during(session.run(statement, {lockTimeoutMs: ctx.config.timeouts.lockMs}));
      return;
    } catch (error) {
      if (sqlStateOf(error) !== SQLSTATE.lockNotAvailable) throw error;
      if (attempt === TRIES) throw stillLocked(ctx, {wait, blockers: watch.seen(), cause: error});
      await ctx.sleep(1000 * attempt);
    }
  }
}

function stillLocked(
  {config}: StepContext,
  {wait, blockers, cause}: {readonly wait: LockWait; readonly blockers: readonly Blocker[]; readonly cause: unknown},
): LonghaulError {
  const who = blockers.length === 0 ? '' : `; at last ${blockers.map(({what}) => printable(what)).join('; ')}`;
  return new LonghaulError({
    code: 'failed',
    message: `${wait.what}: ${TRIES} times somebody held a lock on it for longer than ${config.timeouts.lockMs} ms${who}`,
    remedy: `${howToEnd(blockers, {on: wait.on, limit: 'timeouts.lock'})}; then run again`,
    cause,
  });
}
