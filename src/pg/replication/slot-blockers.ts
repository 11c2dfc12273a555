import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A transaction that holds an xid. `seconds` is null where the role may not see since when it is open. */
export interface SlotBlocker {
  /** `pid 4711 of app, idle in transaction`, `prepared transaction x of app`. */
  readonly what: string;
  readonly seconds: number | null;
  /** The gid of a prepared transaction; null of a session. */
  readonly prepared: string | null;
  /** Where a prepared transaction is ended; of a session where it is connected, empty where it is connected to none. */
  readonly database: string;
  /** Of a session, unless it is a worker of the server: pglogical's do not all come back when they are terminated. */
  readonly pid: number | null;
}

/**
 * The transactions that a slot's creation waits for, oldest first: those that hold an xid, prepared ones too. A prepared
 * transaction has no backend and waits for ever. Of other roles' sessions only pid and role are seen without pg_read_all_stats
 * (10+) or superuser. Query texts are not read: they may hold secrets.
 */
export function readSlotBlockers(version: ServerVersion): Statement<SlotBlocker> {
  return sql(`
    SELECT what, seconds, prepared, database, pid FROM (
      SELECT 'pid ' || a.pid || ' of ' || coalesce(a.usename::text, '?') || coalesce(', ' || a.state, '')
             || coalesce(', open for ' || date_trunc('second', clock_timestamp() - a.xact_start), '') AS "what",
             extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS "seconds", NULL::text AS "prepared",
             coalesce(a.datname::text, '') AS "database",
             CASE WHEN a.application_name NOT LIKE 'pglogical %' AND ${pick('isClientSession', version)} THEN a.pid END AS "pid"
        FROM pg_stat_activity a
       WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
      UNION ALL
      SELECT 'prepared transaction ' || p.gid || ' of ' || p.owner || ', open for '
             || date_trunc('second', clock_timestamp() - p.prepared),
             extract(epoch FROM clock_timestamp() - p.prepared)::float8, p.gid, p.database::text, NULL
        FROM pg_prepared_xacts p) open
     ORDER BY seconds DESC NULLS LAST
     LIMIT 10`);
}
