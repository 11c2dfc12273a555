import type {ServerVersion} from '../../domain/pg/server-version.ts';
import type {Session} from './session.ts';
import {sql, type Statement} from './statement.ts';
import {pick} from './versions.ts';

/** The values of some settings, as SHOW gives them; those that the server does not have are not in the answer. */
export function readSettings(names: readonly string[]): Statement<{name: string; value: string}> {
  return sql('SELECT name, current_setting(name) AS "value" FROM pg_settings WHERE name = ANY ($1)', [names]);
}

/**
 * What a new session of the role in this database begins with, `30000 ms`, `0` for none: not what this session has set for itself. Those that the
 * server does not have are not in the answer.
 */
export function readSettingsOfNewSessions(names: readonly string[]): Statement<{name: string; value: string}> {
  return sql(
    `SELECT name, CASE WHEN reset_val = '0' THEN reset_val ELSE concat_ws(' ', reset_val, unit) END AS "value"
       FROM pg_settings WHERE name = ANY ($1)`,
    [names],
  );
}

/** The server's own time-outs by their names, in seconds; 0 for none. What a role or a connection has set for itself is not in it. */
export function readTimeouts(names: readonly string[]): Statement<{name: string; seconds: number}> {
  return sql(
    `SELECT name, setting::float8 / CASE unit WHEN 'ms' THEN 1000 ELSE 1 END AS "seconds" FROM pg_settings WHERE name = ANY ($1) ORDER BY 1`,
    [names],
  );
}

/** What is in use of what the source's settings limit. */
export interface UsageRow {
  readonly slots: number;
  readonly senders: number;
  /** Background workers; null before 10, which does not tell them apart. */
  readonly workers: number | null;
}

/** Slots of all kinds, running WAL senders and background workers. Seeing all of them needs pg_monitor (10+) or superuser. */
export function readUsage(version: ServerVersion): Statement<UsageRow> {
  return sql(`
    SELECT (SELECT count(*) FROM pg_replication_slots)::int AS "slots", (SELECT count(*) FROM pg_stat_replication)::int AS "senders",
           ${pick('workersInUse', version)} AS "workers"`);
}

/** What the database is, for comparing two of them. */
export interface DatabaseRow {
  readonly database: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  /** How sessions begin their transactions there, whatever this one has set: `read committed`. */
  readonly isolation: string;
}

/** Encoding and locale of the database. */
export function readDatabase(): Statement<DatabaseRow> {
  return sql(`
    SELECT datname::text AS "database", pg_encoding_to_char(encoding)::text AS "encoding", datcollate::text AS "collate", datctype::text AS "ctype",
           (SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_isolation') AS "isolation"
      FROM pg_database WHERE datname = current_database()`);
}

/** What tells a database from every other: when its server was started, to the microsecond, where it listens, and its name. */
export interface WhichDatabase {
  readonly started: string;
  readonly port: number;
  readonly database: string;
}

/** Of two sessions with the same answer, both are in one database: the server tells no identity that every role may read. */
export function readWhichDatabase(): Statement<WhichDatabase> {
  return sql(`
    SELECT to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "started",
           current_setting('port')::int AS "port", current_database()::text AS "database"`);
}

/** An extension that the server could create. */
export interface ExtensionOffer {
  readonly name: string;
  readonly installed: boolean;
  /** Whether who may create in the database may create it, too; from 13 on. Before, or without, it wants a superuser or rds_superuser. */
  readonly trusted: boolean;
}

/** Which extensions the server could create, whether they are or not. */
export function readExtensionOffers(version: ServerVersion): Statement<ExtensionOffer> {
  return sql(`
    SELECT v.name::text AS "name", bool_or(v.installed) AS "installed", ${pick('extensionIsTrusted', version)} AS "trusted"
      FROM pg_available_extension_versions v
     GROUP BY v.name
     ORDER BY v.name`);
}

/** Succeeds only where the role may set session_replication_role; 42501 otherwise. Sets it to what it is, and only for this statement. */
export function trySessionReplicationRole(): Statement {
  return sql("SELECT set_config('session_replication_role', current_setting('session_replication_role'), true)");
}

/** Whether the server is a standby. */
export function readInRecovery(): Statement<{inRecovery: boolean}> {
  return sql('SELECT pg_is_in_recovery() AS "inRecovery"');
}

/** How a session of ours writes and reads values, against what new sessions have: where a function or a check hangs on it, it is theirs that counts. */
const OF_VALUES = ['TimeZone', 'DateStyle', 'IntervalStyle', 'bytea_output', 'extra_float_digits'];

/** Has this session read and write values as sessions that begin by now in this database do: what was set for the database may be younger than this session. What a server writes of its catalogs is to be read before it. */
export function haveUsualValues(): Statement<{value: string}> {
  return sql(
    `SELECT set_config(s.name, coalesce(own.value, s.reset_val), false) AS "value" FROM pg_settings s
       LEFT JOIN (SELECT lower(split_part(c.one, '=', 1)) AS name, substr(c.one, strpos(c.one, '=') + 1) AS value
                    FROM pg_db_role_setting d JOIN pg_database b ON b.oid = d.setdatabase, unnest(d.setconfig) AS c(one)
                   WHERE b.datname = current_database() AND d.setrole = 0) own ON own.name = lower(s.name)
      WHERE s.name = ANY ($1)`,
    [OF_VALUES],
  );
}

/** Does it so, and has the session as it was afterwards. */
export async function withUsualValues<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const own = await session.run(readSettings(OF_VALUES));
  await session.run(haveUsualValues());
  try {
    return await work();
  } finally {
    if (!session.lost) await session.run(haveValues(own));
  }
}

/** Sets these for the session. */
export function haveValues(settings: readonly {readonly name: string; readonly value: string}[]): Statement {
  return sql('SELECT set_config(s.name, s.value, false) FROM unnest($1::text[], $2::text[]) AS s (name, value)', [
    settings.map(({name}) => name),
    settings.map(({value}) => value),
  ]);
}
