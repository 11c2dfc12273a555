import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** How many transactions, or multixacts, ago something was the oldest that counts, and what has it. */
export interface TransactionAge {
  readonly what: 'frozen xid' | 'frozen multixact' | 'our slot' | 'slot' | 'transaction';
  /** Null for multixacts before 9.5, which cannot tell. */
  readonly age: number | null;
  /** `database app`, `slot dms_slot_01`, `pid 4711 of app`, `prepared transaction x of app`, `standby replica`. */
  readonly of: string;
}

/**
 * What the server's wraparound is counted from, the oldest of each kind: what its databases have frozen, and what keeps vacuum from freezing more. A
 * server takes no more transactions at an age of some 2.1 billion. Of others' sessions the xmin is only seen with pg_read_all_stats (10+) or by a superuser.
 * Databases that take no connections nobody writes to, and only autovacuum can freeze them.
 * Source: https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
export function readTransactionAges(ours: readonly string[], version: ServerVersion): Statement<TransactionAge> {
  return sql(
    `
    WITH seen AS (
      SELECT 'frozen xid' AS what, age(d.datfrozenxid)::bigint AS age, 'database ' || d.datname AS "of" FROM pg_database d WHERE d.datallowconn
      UNION ALL
      SELECT 'frozen multixact', ${pick('multixactAge', version)}::bigint, 'database ' || d.datname FROM pg_database d WHERE d.datallowconn
      UNION ALL
      SELECT CASE WHEN s.slot_name::text = ANY ($1::text[]) THEN 'our slot' ELSE 'slot' END,
             greatest(age(s.xmin), age(s.catalog_xmin))::bigint, 'slot ' || s.slot_name
        FROM pg_replication_slots s WHERE s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL
      UNION ALL
      SELECT 'transaction', age(a.backend_xmin)::bigint, 'pid ' || a.pid::text || ' of ' || coalesce(a.usename::text, '?')
        FROM pg_stat_activity a
       WHERE a.backend_xmin IS NOT NULL AND a.pid NOT IN (SELECT r.pid FROM pg_stat_replication r) AND a.pid <> pg_backend_pid()
      UNION ALL
      SELECT 'transaction', age(p.transaction)::bigint, 'prepared transaction ' || p.gid || ' of ' || p.owner FROM pg_prepared_xacts p
      UNION ALL
      SELECT 'transaction', age(r.backend_xmin)::bigint, 'standby ' || coalesce(r.application_name, '?')
        FROM pg_stat_replication r WHERE r.backend_xmin IS NOT NULL)
    SELECT DISTINCT ON (what) what AS "what", age AS "age", "of"
      FROM seen
     ORDER BY what, age DESC NULLS LAST, "of"`,
    [ours],
  );
}
