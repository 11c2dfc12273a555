import type {Conninfo} from '../../../config/conninfo/conninfo.ts';
import type {Trace} from '../../../domain/base/trace.ts';
import {closeClient, connectClient} from '../../session/connect-client.ts';
import {traced} from '../../session/traced.ts';
import {readLogin, type LoginSeen} from './login-roles.ts';

const LIMIT_MS = 5_000;

/**
 * Logs in as an application would, by its own conninfo and with nothing set for the session, and reads what it sees. Throws `unreachable` where it is not let in, and what the server says where it
 * may not ask. One transaction, so that a pooler keeps question and limit together.
 */
export async function tryLogin(
  conninfo: Conninfo,
  {applicationName, trace}: {readonly applicationName: string; readonly trace: Trace},
): Promise<LoginSeen> {
  const client = await connectClient('target', conninfo, {applicationName, trace});
  const send = async (text: string): Promise<LoginSeen[]> => {
    const question = {text, query_timeout: LIMIT_MS};
    const ask = async (): Promise<LoginSeen[]> => (await client.query<LoginSeen>(question)).rows;
    return traced({trace, server: 'target', application: applicationName, sql: () => text}, ask);
  };
  try {
    await send(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${LIMIT_MS}`);
    const [seen] = await send(readLogin().text);
    await send('COMMIT');
    if (seen === undefined) throw new Error('bug: a login gave no row');
    return seen;
  } finally {
    await closeClient(client);
  }
}
