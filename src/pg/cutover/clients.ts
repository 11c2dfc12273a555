import type {ClientName} from '../../domain/run/cutover/visitors.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A client's session in the connected database. Times are the server's. */
export interface ClientSession extends ClientName {
  readonly pid: number;
}

/** Clients of the database: no background worker, no sender of WAL, and none of this run's own sessions, whose names begin so. */
function clients(version: ServerVersion): string {
  return `a.datname = current_database() AND a.pid <> pg_backend_pid() AND left(a.application_name, length($1)) <> $1 AND ${pick('isClient', version)}`;
}

/** Superusers' sessions only superusers end; to try ends none of the others either. */
const ENDS = `(NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = a.usesysid AND r.rolsuper) OR EXISTS (SELECT FROM pg_roles me WHERE me.rolname = current_user AND me.rolsuper))`;

const COLUMNS = `a.pid, coalesce(a.usename, '?')::text AS "role", host(a.client_addr) AS "address", coalesce(a.application_name, '') AS "applicationName"`;

/** The clients whose sessions began before a moment of the server's clock, or all where none is given, but for this run's: `ours` is what their names begin with. */
export function readClients(version: ServerVersion, ours: string, before: string | null): Statement<ClientSession> {
  return sql(
    `SELECT ${COLUMNS} FROM pg_stat_activity a
      WHERE ${clients(version)} AND ($2::timestamptz IS NULL OR a.backend_start < $2::timestamptz) ORDER BY a.backend_start, a.pid`,
    [ours, before],
  );
}

/** Roles of those who run the server, which look into every database: RDS, Cloud SQL, AlloyDB, Azure. */
const PLATFORM = `ARRAY['rdsadmin', 'cloudsqladmin', 'cloudsqlagent', 'alloydbadmin', 'azuresu']`;

/** The clients that are there now, but for this run's and those of the platform, each session with what it is known by: `4711@1795800000.25`. */
export function readVisitors(version: ServerVersion, ours: string): Statement<ClientSession & {session: string}> {
  return sql(
    `SELECT ${COLUMNS}, a.pid::text || '@' || extract(epoch FROM a.backend_start)::text AS "session" FROM pg_stat_activity a
      WHERE ${clients(version)} AND a.usename <> ALL (${PLATFORM}) ORDER BY a.backend_start, a.pid`,
    [ours],
  );
}

/**
 * Whether the role that asks sees of every session of the database whether it is a client's, and may end it; but for superusers', which only they end. Of a session that is hidden it is
 * not known that it is a client's, and it would be taken for none.
 */
export function readReach(version: ServerVersion): Statement<{maySee: boolean; mayEnd: boolean}> {
  return sql(
    `SELECT me.rolsuper OR ${pick('seesClients', version)} AS "maySee", me.rolsuper OR ${pick('endsClients', version)} AS "mayEnd"
       FROM pg_roles me WHERE me.rolname = current_user`,
  );
}

/** The clients that our role may not end, for they are superusers'. */
export function readBeyondReach(version: ServerVersion, ours: string): Statement<ClientSession> {
  return sql(`SELECT ${COLUMNS} FROM pg_stat_activity a WHERE ${clients(version)} AND NOT ${ENDS} ORDER BY a.pid`, [
    ours,
  ]);
}

/** Ends the sessions of clients that began since a moment of the server's clock, and before another where one is given: what was set for the database then they keep. */
export function endClientsSince(
  version: ServerVersion,
  ours: string,
  {since, before}: {readonly since: string; readonly before: string | null},
): Statement<{signalled: boolean}> {
  return sql(
    `SELECT pg_terminate_backend(a.pid) AS "signalled" FROM pg_stat_activity a
      WHERE ${clients(version)} AND ${ENDS} AND a.backend_start >= $2::timestamptz AND ($3::timestamptz IS NULL OR a.backend_start < $3::timestamptz)`,
    [ours, since, before],
  );
}

/**
 * Ends the sessions of clients that began before a moment of the server's clock. Needs membership in their roles or pg_signal_backend; superusers' sessions are left where our role is none.
 * Background workers are left alone: to end pglogical's supervisor ends pglogical until the server is restarted.
 */
export function endClients(
  version: ServerVersion,
  ours: string,
  before: string | null,
): Statement<ClientSession & {signalled: boolean}> {
  return sql(
    `SELECT ${COLUMNS}, pg_terminate_backend(a.pid) AS "signalled" FROM pg_stat_activity a
      WHERE ${clients(version)} AND ${ENDS} AND ($2::timestamptz IS NULL OR a.backend_start < $2::timestamptz)`,
    [ours, before],
  );
}

/** Ends these sessions, as far as they are clients'. */
export function endSessions(
  version: ServerVersion,
  ours: string,
  pids: readonly number[],
): Statement<{signalled: boolean}> {
  return sql(
    `SELECT pg_terminate_backend(a.pid) AS "signalled" FROM pg_stat_activity a WHERE ${clients(version)} AND ${ENDS} AND a.pid = ANY ($2::int[])`,
    [ours, pids.map(String)],
  );
}

/** The server's clock, ISO 8601 with microseconds. */
export function readServerClock(): Statement<{clock: string}> {
  return sql(`SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "clock"`);
}
