import {sql, type Statement} from './statement.ts';

/** A transaction that holds an xid. `seconds` is null where the role may not see since when it is open. */
export interface SlotBlocker {
  /** `pid 4711 of app, idle in transaction`, `prepared transaction x of app`. */
  readonly what: string;
  readonly seconds: number | null;
  readonly prepared: boolean;
}

/**
 * The transactions that a slot's creation waits for, oldest first: those that hold an xid, prepared ones too. A prepared
 * transaction has no backend and waits for ever. Of other roles' sessions only pid and role are seen without pg_read_all_stats
 * (10+) or superuser. Query texts are not read: they may hold secrets.
 */
export function readSlotBlockers(): Statement<SlotBlocker> {
  return sql(`
    SELECT what, seconds, prepared FROM (
      SELECT 'pid ' || a.pid || ' of ' || coalesce(a.usename::text, '?') || coalesce(', ' || a.state, '')
             || coalesce(', open for ' || date_trunc('second', clock_timestamp() - a.xact_start), '') AS "what",
             extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS "seconds", false AS "prepared"
        FROM pg_stat_activity a
       WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
      UNION ALL
      SELECT 'prepared transaction ' || p.gid || ' of ' || p.owner || ', open for '
             || date_trunc('second', clock_timestamp() - p.prepared),
             extract(epoch FROM clock_timestamp() - p.prepared)::float8, true
        FROM pg_prepared_xacts p) open
     ORDER BY seconds DESC NULLS LAST
     LIMIT 10`);
}
