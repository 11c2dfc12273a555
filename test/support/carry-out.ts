import type {Client} from 'pg';
import type {Lab} from '../../src/lab/lab.ts';
import {connectTo, run, type Application} from './application.ts';
import {parseRemedy, type RemedyAct} from './remedy.ts';

/**
 * Carries a remedy out as a superuser would, statement by statement, each as it is written, and lets the application work after every one of them, in
 * the middle of transactions too. Gives what was done. Throws where the remedy has nothing to carry out.
 */
export async function carryOut(
  lab: Pick<Lab, 'source'> & Partial<Pick<Lab, 'replica' | 'target'>>,
  remedy: string,
  {application, alternative = 0}: {readonly application: Application | null; readonly alternative?: number},
): Promise<readonly RemedyAct[]> {
  const acts = parseRemedy(remedy, alternative);
  if (acts.length === 0) throw new Error(`nothing to carry out in: ${remedy}`);
  const serverOf = (on: 'source' | 'replica' | 'target'): Lab['source'] => {
    const server = lab[on];
    if (server === undefined) throw new Error(`no ${on} here for: ${remedy}`);
    return server;
  };
  const sessions = new Map<string, Client>();
  for (const act of acts) {
    if (act.act === 'restart') {
      await endAll(sessions);
      await serverOf(act.on).restart();
      if (act.on === 'source') await application?.reconnect();
    } else {
      const {on, database, sql} = act;
      const key = `${on} ${database}`;
      const session = sessions.get(key) ?? (await connectTo(serverOf(on), {user: 'postgres', database}));
      sessions.set(key, session);
      await run(session, sql);
    }
    await application?.work();
  }
  await endAll(sessions);
  return acts;
}

async function endAll(sessions: Map<string, Client>): Promise<void> {
  await Promise.all([...sessions.values()].map(async (session) => session.end()));
  sessions.clear();
}
