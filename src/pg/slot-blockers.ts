import {sql, type Statement} from './statement.ts';

/**
 * The transactions that a slot's creation waits for, oldest first: those that hold an xid, prepared ones too. A prepared
 * transaction has no backend and waits for ever. Query texts need pg_read_all_stats (10+) or superuser.
 */
export function readSlotBlockers(): Statement<{what: string; seconds: number}> {
  return sql(`
    SELECT what, seconds FROM (
      SELECT 'pid ' || a.pid || ' of ' || coalesce(a.usename::text, '?') || ', open for '
             || date_trunc('second', clock_timestamp() - a.xact_start) || ': ' || left(a.query, 80) AS "what",
             extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS "seconds"
        FROM pg_stat_activity a
       WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
      UNION ALL
      SELECT 'prepared transaction ' || p.gid || ' of ' || p.owner || ', open for '
             || date_trunc('second', clock_timestamp() - p.prepared),
             extract(epoch FROM clock_timestamp() - p.prepared)::float8
        FROM pg_prepared_xacts p) open
     ORDER BY seconds DESC NULLS LAST
     LIMIT 10`);
}
