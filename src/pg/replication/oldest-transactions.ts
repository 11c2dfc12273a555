import {sql, type Statement} from '../session/statement.ts';

/** The oldest open transaction of a server, who has it, and how many are prepared. Null where there is none. */
export interface OldestTransaction {
  /** `pid 4711 of app, idle in transaction`; `prepared transaction x of app`. */
  readonly what: string | null;
  readonly isPrepared: boolean | null;
  /** What ends it: `SELECT pg_terminate_backend(4711)`; `in database app: COMMIT PREPARED 'x', or ROLLBACK PREPARED 'x'`. */
  readonly ends: string | null;
  readonly seconds: number | null;
  readonly prepared: number;
  /** Sessions of other roles that the asking role may not see. */
  readonly hidden: number;
}

/**
 * The oldest transaction that holds an xid or a snapshot, those of Longhaul left out, and prepared ones, which have no backend. Other
 * roles' transactions are only seen with pg_read_all_stats (10+) or as superuser. Query texts are not read: they may hold secrets.
 */
export function readOldestTransactions(): Statement<OldestTransaction> {
  return sql(`
    WITH open AS (
      SELECT false AS "isPrepared", 'pid ' || a.pid::text || ' of ' || coalesce(a.usename::text, '?') || ', ' || coalesce(a.state, '?') AS "what",
             'SELECT pg_terminate_backend(' || a.pid::text || ')' AS "ends", extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS "seconds"
        FROM pg_stat_activity a
       WHERE (a.backend_xid IS NOT NULL OR a.backend_xmin IS NOT NULL) AND a.xact_start IS NOT NULL
         AND a.application_name NOT LIKE 'longhaul/%'
      UNION ALL
      SELECT true, 'prepared transaction ' || p.gid || ' of ' || p.owner,
             'in database ' || p.database || ': COMMIT PREPARED ' || quote_literal(p.gid) || ', or ROLLBACK PREPARED ' || quote_literal(p.gid),
             extract(epoch FROM clock_timestamp() - p.prepared)::float8
        FROM pg_prepared_xacts p)
    SELECT (SELECT o.what FROM open o ORDER BY o.seconds DESC NULLS LAST LIMIT 1) AS "what",
           (SELECT o."isPrepared" FROM open o ORDER BY o.seconds DESC NULLS LAST LIMIT 1) AS "isPrepared",
           (SELECT o."ends" FROM open o ORDER BY o.seconds DESC NULLS LAST LIMIT 1) AS "ends",
           (SELECT max(o.seconds) FROM open o) AS "seconds",
           (SELECT count(*) FROM pg_prepared_xacts) AS "prepared",
           (SELECT count(*) FROM pg_stat_activity a WHERE a.query = '<insufficient privilege>') AS "hidden"`);
}
