import type {Conninfo} from '../config/conninfo.ts';
import type {ServerRole} from '../domain/server-role.ts';
import {connectClient} from './connect.ts';
import {unreachable} from './unreachable.ts';

/** Which cluster a server is of, and on which timeline it stands. */
export interface SystemIdentity {
  /** `7312345678901234567`, the same on a primary and its standbys. */
  readonly systemIdentifier: string;
  readonly timeline: number;
}

/**
 * Asks by IDENTIFY_SYSTEM over a replication connection to the database, which every server from 9.4 on answers, standbys too; needs the
 * REPLICATION attribute. From 9.6 on SQL tells the same. Source: https://www.postgresql.org/docs/9.4/protocol-replication.html
 */
export async function identifySystem(
  role: ServerRole,
  conninfo: Conninfo,
  {applicationName, timeoutMs}: {readonly applicationName: string; readonly timeoutMs: number},
): Promise<SystemIdentity> {
  const client = await connectClient(role, conninfo, {applicationName, replication: 'database'});
  try {
    const question: {text: string; query_timeout: number} = {text: 'IDENTIFY_SYSTEM', query_timeout: timeoutMs};
    const {rows} = await client.query<{systemid: string; timeline: number | string}>(question);
    const row = rows[0];
    if (row === undefined) throw new Error('bug: IDENTIFY_SYSTEM gave no row');
    return {systemIdentifier: row.systemid, timeline: Number(row.timeline)};
  } catch (error) {
    throw unreachable(role, conninfo, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
