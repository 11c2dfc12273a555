import {hushLog} from '../../pg/capture/subscriptions.ts';
import type {Session} from '../../pg/session/session.ts';
import type {Statement} from '../../pg/session/statement.ts';

/** Runs what has a password in it: it is in no log of the server, as far as the role may. `told` gives the error that is thrown in place of the server's. */
export async function runHushed(
  session: Session,
  statement: Statement,
  told: (error: unknown) => unknown,
): Promise<void> {
  await session.run(hushLog(true));
  try {
    await session.run(statement);
  } catch (error) {
    throw told(error);
  } finally {
    if (!session.lost) await session.run(hushLog(false));
  }
}
