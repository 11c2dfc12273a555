import type {Session} from '../../pg/session/session.ts';
import {readTimeouts} from '../../pg/session/settings.ts';

const SLACK_MS = 500;

/**
 * For how many milliseconds a lock has to be waited for until the server ends an autovacuum that is in the way: it does so once somebody has
 * waited for its deadlock_timeout, and never for who gives up before. Source: src/backend/storage/lmgr/proc.c, ProcSleep()
 */
export async function pastDeadlockMs(session: Session): Promise<number> {
  const {seconds} = await session.one(readTimeouts(['deadlock_timeout']));
  return Math.round(seconds * 1000) + SLACK_MS;
}
