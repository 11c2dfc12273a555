/** What differs between servers for change capture that runs; a part of the table in versions.ts, which is where it is asked for. */
export const CAPTURE_DIFFERENCES = {
  /** Which sessions are clients'; of others' the kind is hidden without pg_read_all_stats, and a worker's name tells it. */
  isApplication: {
    90400: `coalesce(a.application_name, '') NOT LIKE 'pglogical%'`,
    100000: `coalesce(a.backend_type, 'client backend') = 'client backend' AND coalesce(a.application_name, '') NOT LIKE 'pglogical%' AND NOT EXISTS (SELECT FROM pg_stat_subscription w WHERE w.pid = a.pid)`,
  },
  /** What a slot's decoding has on the disk of the data: names and bytes; a file may go at any moment. */
  spillFiles: {
    90400: `(SELECT n, (pg_stat_file('pg_replslot/' || s.slot_name || '/' || n)).size FROM pg_ls_dir('pg_replslot/' || s.slot_name) AS n WHERE n LIKE 'xid%')`,
    90500: `(SELECT n, (pg_stat_file('pg_replslot/' || s.slot_name || '/' || n, true)).size FROM pg_ls_dir('pg_replslot/' || s.slot_name) AS n WHERE n LIKE 'xid%')`,
    150000: '(SELECT x.name, x.size FROM pg_ls_replslotdir(s.slot_name::text) AS x)',
  },
  /** What each slot has decoded; nothing counts it before 14. */
  slotTotals: {90400: null, 140000: 'pg_stat_replication_slots'},
  systemIdentifier: {90400: 'NULL::text', 90600: '(SELECT c.system_identifier::text FROM pg_control_system() c)'},
  walFileName: {90400: 'pg_xlogfile_name', 100000: 'pg_walfile_name'},
  /** What goes past one transaction by its commit; before, only the origin can be set past it. */
  skipTransaction: {90400: null, 150000: 'SKIP'},
  subscriptionRole: {90400: null, 160000: 'pg_create_subscription'},
  originRight: {90400: null, 140000: 'EXECUTE'},
  mayCreateSubscription: {
    100000: 'r.rolsuper',
    160000: `r.rolsuper OR pg_has_role('pg_create_subscription', 'USAGE') AND has_database_privilege(current_database(), 'CREATE')`,
  },
  mayAdvanceOrigin: {
    90400: 'r.rolsuper',
    140000: `has_function_privilege('pg_replication_origin_advance(text, pg_lsn)', 'EXECUTE')
             AND has_function_privilege('pg_replication_origin_progress(text, boolean)', 'EXECUTE')`,
  },
  /** DROP DATABASE waits until every process has heard of it, which pglogical's supervisor does not. */
  pglogicalHoldsDrop: {
    90400: 'false',
    150000: "EXISTS (SELECT FROM pg_settings WHERE name = 'pglogical.conflict_resolution')",
  },
  /** A setting that only superusers have can be granted. */
  grantsParameters: {90400: null, 150000: 'SET'},
  maySetConflictLevel: {
    90400: 'false',
    150000: "has_parameter_privilege('pglogical.conflict_log_level', 'SET')",
  },
  /** Where the name of a background worker is seen: before 11 the type of all of them is the same. */
  workerName: {90400: 'w.application_name', 110000: 'w.backend_type'},
  /** Who sees the sessions of other roles; before 10 only a superuser. */
  seesSessions: {90400: 'false', 100000: "pg_has_role('pg_read_all_stats', 'USAGE')"},
  /** What a server's own client asks for a password with, where the other one wants SCRAM. */
  knowsScram: {90400: null, 100000: 'scram-sha-256'},
  /** Workers of PostgreSQL's own subscriptions. */
  applyWorkers: {90400: '0', 100000: '(SELECT count(*) FROM pg_stat_subscription WHERE pid IS NOT NULL)::int'},
  mayApplyAs: {100000: 'true', 160000: "pg_has_role(o.oid, 'SET')"},
  skippedChanges: {
    100000: 'NULL::bigint',
    180000:
      '(SELECT x.confl_update_missing + x.confl_delete_missing FROM pg_stat_subscription_stats x WHERE x.subid = s.oid)',
  },
  rowsInTheWay: {
    100000: 'NULL::bigint',
    180000:
      '(SELECT x.confl_insert_exists + x.confl_update_exists + x.confl_multiple_unique_conflicts FROM pg_stat_subscription_stats x WHERE x.subid = s.oid)',
  },
} as const;
