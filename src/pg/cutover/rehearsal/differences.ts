const EXTENDED_OBJECTS = `SELECT sn.nspname::text, e.stxname::text, 'extended', tn.nspname::text, c.relname::text
       FROM pg_statistic_ext e JOIN pg_namespace sn ON sn.oid = e.stxnamespace JOIN pg_class c ON c.oid = e.stxrelid JOIN pg_namespace tn ON tn.oid = c.relnamespace
      WHERE sn.nspname !~ '^pg_' AND sn.nspname <> 'information_schema'`;

const FILLED = 'e.n_distinct IS NOT NULL OR e.dependencies IS NOT NULL OR e.most_common_vals IS NOT NULL';
const EXTENDED = `SELECT e.statistics_schemaname::text, e.statistics_name::text, 'extended' FROM pg_stats_ext e WHERE`;

/** What differs between servers for the cutover; a part of the table in versions.ts, which is where it is asked for. */
export const CUTOVER_DIFFERENCES = {
  /** Extended statistics that have values, and those that there are. Who may see the values is in the view. */
  statisticsWithValues: {
    90400: null,
    100000: `SELECT sn.nspname::text, e.stxname::text, 'extended' FROM pg_statistic_ext e JOIN pg_namespace sn ON sn.oid = e.stxnamespace
              WHERE e.stxndistinct IS NOT NULL OR e.stxdependencies IS NOT NULL`,
    120000: `${EXTENDED} ${FILLED} GROUP BY 1, 2`,
    140000: `${EXTENDED} ${FILLED} OR EXISTS (SELECT FROM pg_stats_ext_exprs x WHERE x.statistics_schemaname = e.statistics_schemaname
                                                AND x.statistics_name = e.statistics_name AND x.null_frac IS NOT NULL) GROUP BY 1, 2`,
  },
  statisticsObjects: {90400: null, 100000: EXTENDED_OBJECTS},
  emitMessage: {90400: null, 90600: 'pg_logical_emit_message'},
  subscriptionsHere: {
    90400: 'SELECT NULL::text AS name, NULL::boolean AS enabled WHERE false',
    100000:
      'SELECT u.subname::text AS name, u.subenabled AS enabled FROM pg_subscription u JOIN pg_database d ON d.oid = u.subdbid WHERE d.datname = current_database()',
  },
  /** What a background worker calls itself. */
  backendKind: {90400: "''::text", 100000: 'a.backend_type'},
} as const;
