import {sql, type Statement} from './statement.ts';

/** The values of some settings, as SHOW gives them; those that the server does not have are not in the answer. */
export function readSettings(names: readonly string[]): Statement<{name: string; value: string}> {
  return sql('SELECT name, current_setting(name) AS "value" FROM pg_settings WHERE name = ANY ($1)', [names]);
}

/** What is in use of what the source's settings limit. */
export interface UsageRow {
  readonly slots: number;
  readonly senders: number;
}

/** Slots of all kinds and running WAL senders. Seeing others' senders needs pg_monitor (10+) or superuser. */
export function readUsage(): Statement<UsageRow> {
  return sql(`
    SELECT (SELECT count(*) FROM pg_replication_slots)::int AS "slots", (SELECT count(*) FROM pg_stat_replication)::int AS "senders"`);
}

/** What the database is, for comparing two of them. */
export interface DatabaseRow {
  readonly database: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
}

/** Encoding and locale of the database. */
export function readDatabase(): Statement<DatabaseRow> {
  return sql(`
    SELECT datname::text AS "database", pg_encoding_to_char(encoding)::text AS "encoding", datcollate::text AS "collate", datctype::text AS "ctype"
      FROM pg_database WHERE datname = current_database()`);
}

/** Which extensions the server could create, whether they are or not. */
export function readAvailableExtensions(): Statement<{name: string}> {
  return sql('SELECT name::text AS "name" FROM pg_available_extensions ORDER BY name');
}

/** Whether the server is a standby. */
export function readInRecovery(): Statement<{inRecovery: boolean}> {
  return sql('SELECT pg_is_in_recovery() AS "inRecovery"');
}
