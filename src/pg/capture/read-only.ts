import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** What a transaction begins as in this database. */
export interface ReadOnlyDefault {
  readonly database: string;
  /** Whether the database has it that transactions are read-only, for new sessions. */
  readonly isReadOnly: boolean;
  /** The role that asks, and whether it may change that. */
  readonly role: string;
  readonly mayChange: boolean;
  /** Roles whose own setting lets them write there all the same. */
  readonly exceptions: string[];
}

/** Reads it from the catalog: what this session has set for itself says nothing. */
export function readReadOnlyDefault(): Statement<ReadOnlyDefault> {
  return sql(`
    SELECT d.datname::text AS "database", current_user::text AS "role", pg_has_role(d.datdba, 'USAGE') AS "mayChange",
           EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = 0
                      AND EXISTS (SELECT FROM unnest(s.setconfig) AS c WHERE c ~* '^default_transaction_read_only=(on|true|yes|1)$')) AS "isReadOnly",
           ARRAY(SELECT r.rolname::text FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
                  WHERE s.setdatabase IN (0, d.oid)
                    AND EXISTS (SELECT FROM unnest(s.setconfig) AS c WHERE c ~* '^default_transaction_read_only=(off|false|no|0)$') ORDER BY 1) AS "exceptions"
      FROM pg_database d WHERE d.datname = current_database()`);
}

/** Whether new sessions of this database begin read-only. Sessions that are there keep what they have; each may say otherwise for itself. */
export function setReadOnlyDefault(database: string, isReadOnly: boolean): Statement {
  const how = isReadOnly ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only';
  return sql(`ALTER DATABASE ${quoteIdentifier(database)} ${how}`);
}

/** A session that has written something in its transaction. */
export interface Writer {
  readonly pid: number;
  readonly role: string;
  readonly application: string;
}

/**
 * Who writes to this database at this moment, beside workers that apply changes and sessions called like these patterns: whoever holds an own transaction id, which needs no right to be
 * seen.
 */
export function readWriters(version: ServerVersion, besides: readonly string[]): Statement<Writer> {
  return sql(
    `
    SELECT a.pid, a.usename::text AS "role", coalesce(a.application_name, '') AS "application"
      FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.usename IS NOT NULL AND ${pick('isApplication', version)}
       AND coalesce(a.application_name, '') NOT LIKE ALL ($1)
       AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted)
     ORDER BY 1`,
    [besides],
  );
}
