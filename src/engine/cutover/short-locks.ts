import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {readLockBlockers, type Blocker} from '../../pg/replication/blockers.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Limits} from '../../pg/session/session.ts';
import type {Statement} from '../../pg/session/statement.ts';
import {sessionName} from '../load/host/lane-name.ts';
import {listedOut} from '../preflight/found.ts';
import type {StepContext} from '../step.ts';
import {howToEnd} from '../waiting/how-to-end.ts';
import {pastDeadlockMs} from '../waiting/past-deadlock.ts';
import {whileWatching, type Wait} from '../waiting/watch-blockers.ts';

/** Who waits for a lock on a table holds up everybody behind it: so long, and then again. */
const LOCK_MS = 300;
const PAUSE_MS = 50;
const TRIES = 10;
/** Each fourth try waits until the server has ended an autovacuum that is in the way. */
const LONG_TRY = 4;
/** Nobody waits longer behind us: a server whose deadlock_timeout is beyond that ends no autovacuum for a short lock. */
const MOST_MS = 3000;
/** Within the first try already: writers may wait for this. */
const ASK_MS = 100;

/** What exists by then was made by somebody who was cut off right after. */
const THERE: ReadonlySet<string | null> = new Set([SQLSTATE.duplicateObject, SQLSTATE.duplicateTable]);

/** Somebody else has the table, or waits for us as we do for him. */
const AGAIN: ReadonlySet<string | null> = new Set([SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected]);

/**
 * Runs a statement that wants a lock for a moment, as one that reads definitions does of a table that somebody keeps for himself: with a short time-out, a few times, and now and then with a longer one.
 * Meanwhile it is told who has the lock; where no try gets it, that is in the error. Gives its rows, none where what it makes was there.
 */
export async function withShortLocks<Row>(
  ctx: StepContext,
  role: ServerRole,
  statement: Statement<Row>,
  limits: Limits = {},
): Promise<Row[]> {
  const holders: {last: readonly Blocker[]} = {last: []};
  return whileWatching(ctx, waitOf(ctx, role, holders), async (watch) => {
    for (let tries = 1; ; tries += 1) {
      try {
        const session = await ctx.session(role);
        const lockTimeoutMs = tries % LONG_TRY === 0 ? Math.min(MOST_MS, await pastDeadlockMs(session)) : LOCK_MS;
        return await watch.during(session.run(statement, {...limits, lockTimeoutMs}));
      } catch (error) {
        const state = sqlStateOf(error);
        if (THERE.has(state)) return [];
        if (!AGAIN.has(state)) throw error;
        if (tries >= TRIES) throw holders.last.length === 0 ? error : stillHeld(role, holders.last, error);
        await ctx.sleep(PAUSE_MS);
      }
    }
  });
}

/** Told in the progress of the step that runs; between two tries nobody waits, and those who were seen last are kept. */
function waitOf(ctx: StepContext, role: ServerRole, holders: {last: readonly Blocker[]}): Wait {
  const running = ctx.state().steps.find(({state}) => state.status === 'running');
  const progress = running?.state.status === 'running' ? running.state.progress : null;
  const application = sessionName(ctx.config.run, 'run');
  return {
    step: running?.id ?? null,
    on: role,
    done: progress?.done ?? 0,
    total: progress?.total ?? 1,
    what: `a lock on the ${role} is waited for, which is held by`,
    firstMs: ASK_MS,
    ask: async (session) => {
      const now = await session.run(readLockBlockers(session.version, application));
      if (now.length > 0) holders.last = now;
      return now;
    },
  };
}

function stillHeld(role: ServerRole, blockers: readonly Blocker[], cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${TRIES} times somebody held a lock on the ${role} that is needed for a moment: ${listedOut(blockers.map(({what}) => printable(what)))}`,
    remedy: `${howToEnd(blockers, {on: role, limit: null})}; then run the same command again`,
    cause,
  });
}
