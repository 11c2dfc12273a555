import type {Conninfo} from '../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import type {Trace} from '../../domain/base/trace.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {closeClient, connectClient} from './connect-client.ts';
import {SQLSTATE, sqlStateOf} from './sqlstate.ts';
import {traced} from './traced.ts';
import {unreachable} from './unreachable.ts';

/** Which cluster a server is of, and on which timeline it is: the one that a primary writes, or that a standby replays. */
export interface SystemIdentity {
  /** `7312345678901234567`, the same on a primary and its standbys. */
  readonly systemIdentifier: string;
  readonly timeline: number;
}

/**
 * Asks by IDENTIFY_SYSTEM over a replication connection to the database, which every server from 9.4 on answers, standbys too, without a
 * receiver as well; needs the REPLICATION attribute and a free WAL sender. pg_control_checkpoint() is no substitute: on a standby it tells the timeline
 * of the last restartpoint. Throws `failed` where the server refuses, `unreachable` where it does not answer.
 * Source: https://www.postgresql.org/docs/9.4/protocol-replication.html; GetStandbyFlushRecPtr() in walsender.c
 */
export async function identifySystem(
  role: ServerRole,
  conninfo: Conninfo,
  {
    applicationName,
    timeoutMs,
    trace,
  }: {readonly applicationName: string; readonly timeoutMs: number; readonly trace?: Trace | undefined},
): Promise<SystemIdentity> {
  try {
    const client = await connectClient(role, conninfo, {applicationName, replication: 'database', trace});
    try {
      const question: {text: string; query_timeout: number} = {text: 'IDENTIFY_SYSTEM', query_timeout: timeoutMs};
      const [row] = await traced(
        {trace, server: role, application: applicationName, sql: () => question.text},
        async () => (await client.query<{systemid: string; timeline: number | string}>(question)).rows,
      );
      if (row === undefined) throw new Error('bug: IDENTIFY_SYSTEM gave no row');
      return {systemIdentifier: row.systemid, timeline: Number(row.timeline)};
    } finally {
      await closeClient(client);
    }
  } catch (error) {
    throw refused(role, error) ?? unreachable(role, conninfo, error);
  }
}

/** The server answered, and does not let us ask; null where it did not answer. */
function refused(role: ServerRole, cause: unknown): LonghaulError | null {
  const state = sqlStateOf(cause);
  if (state === null) return null;
  const words = cause instanceof LonghaulError && cause.cause instanceof Error ? cause.cause.message : String(cause);
  return new LonghaulError({
    code: 'failed',
    message: `the ${role} refuses IDENTIFY_SYSTEM, which tells its timeline: ${printable(words)} (SQLSTATE ${state})`,
    remedy: remedyFor(role, state),
    cause,
  });
}

function remedyFor(role: ServerRole, state: string): string {
  switch (state) {
    case SQLSTATE.insufficientPrivilege:
      return `on the source, which the replica follows: ALTER ROLE … REPLICATION for the role in \`${role}\` of longhaul.yaml`;
    case SQLSTATE.tooManyConnections:
      return `one WAL sender of the ${role} must be free (max_wal_senders, 0 by default before 10; those in use are in pg_stat_replication): end one that nobody needs, or raise it and restart; a restart of the replica resumes replay`;
    default:
      return `psql "… replication=database" -c IDENTIFY_SYSTEM with the conninfo of \`${role}\` must work: pg_hba.conf, and no pooler between`;
  }
}
