import type {ServerRole} from '../../domain/pg/server-role.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Limits} from '../../pg/session/session.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {StepContext} from '../step.ts';
import {pastDeadlockMs} from '../waiting/past-deadlock.ts';

/** Who waits for a lock on a table holds up everybody behind it: so long, and then again. */
const LOCK_MS = 300;
const PAUSE_MS = 50;
const TRIES = 10;
/** Each fourth try waits until the server has ended an autovacuum that is in the way. */
const LONG_TRY = 4;
/** Nobody waits longer behind us: a server whose deadlock_timeout is beyond that ends no autovacuum for a short lock. */
const MOST_MS = 3000;

/** What exists by then was made by somebody who was cut off right after. */
const THERE: ReadonlySet<string | null> = new Set([SQLSTATE.duplicateObject, SQLSTATE.duplicateTable]);

/** Somebody else has the table, or waits for us as we do for him. */
const AGAIN: ReadonlySet<string | null> = new Set([SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected]);

/** Runs a statement that wants a strong lock for a moment: with a short time-out, a few times, and now and then with a longer one. */
export async function withShortLocks(
  ctx: Pick<StepContext, 'session' | 'sleep'>,
  role: ServerRole,
  statement: Statement,
  limits: Limits = {},
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const session = await ctx.session(role);
      const lockTimeoutMs = tries % LONG_TRY === 0 ? Math.min(MOST_MS, await pastDeadlockMs(session)) : LOCK_MS;
      await session.run(statement, {...limits, lockTimeoutMs});
      return;
    } catch (error) {
      const state = sqlStateOf(error);
      if (THERE.has(state)) return;
      if (!AGAIN.has(state) || tries >= TRIES) throw error;
      await ctx.sleep(PAUSE_MS);
    }
  }
}
