import {PARENT_HASHES_OIDS} from '../rows/hash-partitions.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {CAPTURE_DIFFERENCES} from '../capture/differences.ts';
import {CUTOVER_DIFFERENCES} from '../cutover/rehearsal/differences.ts';
import {OBJECT_DIFFERENCES} from './object-versions.ts';

/**
 * Every difference between servers that Longhaul knows, in one place. Each row lists what to write from which
 * server_version_num on, oldest first; `null` says that such a server has nothing of the kind.
 * Sources: release notes of 10 (xlog → wal, location → lsn), 13, 14, 17; 9.6's chapter 9.26 for the old names.
 */
const DIFFERENCES = {
  ...OBJECT_DIFFERENCES,
  ...CAPTURE_DIFFERENCES,
  ...CUTOVER_DIFFERENCES,
  pauseReplay: {90400: 'pg_xlog_replay_pause()', 100000: 'pg_wal_replay_pause()'},
  resumeReplay: {90400: 'pg_xlog_replay_resume()', 100000: 'pg_wal_replay_resume()'},
  /** Up to 13 this is true as soon as the pause was requested. */
  replayPauseRequested: {90400: 'pg_is_xlog_replay_paused()', 100000: 'pg_is_wal_replay_paused()'},
  /** 'not paused', 'pause requested' or 'paused'. */
  replayPauseState: {90400: null, 140000: 'pg_get_wal_replay_pause_state()'},
  replayLsn: {90400: 'pg_last_xlog_replay_location()', 100000: 'pg_last_wal_replay_lsn()'},
  /** The view came with 9.6; who is no superuser sees of it only that there is a receiver. */
  isReceiving: {90400: 'NULL::boolean', 90600: 'EXISTS (SELECT FROM pg_stat_wal_receiver)'},
  receiveLsn: {90400: 'pg_last_xlog_receive_location()', 100000: 'pg_last_wal_receive_lsn()'},
  currentLsn: {90400: 'pg_current_xlog_location()', 100000: 'pg_current_wal_lsn()'},
  insertLsn: {90400: 'pg_current_xlog_insert_location()', 100000: 'pg_current_wal_insert_lsn()'},
  /** 9.4 and 9.5 cannot tell the flushed position; the written one is never before it. */
  flushLsn: {
    90400: 'pg_current_xlog_location()',
    90600: 'pg_current_xlog_flush_location()',
    100000: 'pg_current_wal_flush_lsn()',
  },
  /** Before 9.6 it takes a cstring, into which a text is only turned by a cast. */
  tableNamed: {90400: 'to_regclass(t.name::cstring)', 90600: 'to_regclass(t.name)'},
  slotConfirmedFlush: {90400: 'NULL::pg_lsn', 90600: 'confirmed_flush_lsn'},
  slotActivePid: {90400: 'NULL::int', 90500: 'active_pid'},
  slotWalStatus: {90400: 'NULL::text', 130000: 'wal_status'},
  slotSafeWalSize: {90400: 'NULL::bigint', 130000: 'safe_wal_size'},
  slotInvalidation: {90400: 'NULL::text', 170000: 'invalidation_reason'},
  /** From 16 on a member may hold a role without SET ROLE to it, as who creates a role does: ownership can then not be given to it. */
  assumesRole: {
    90400: "pg_has_role(current_user, oid, 'MEMBER')",
    160000: "pg_has_role(current_user, oid, 'SET') AND pg_has_role(current_user, oid, 'USAGE')",
  },
  /**
   * For every session: rows that row security hides are an error, as they are to pg_dump, and never a count that is too small. To compile a
   * question to a catalog takes longer than to answer it: no JIT, which is on by default from 12 on.
   */
  sessionSettings: {
    90400: '',
    90500: ' SET row_security = off;',
    90600: ' SET row_security = off; SET idle_in_transaction_session_timeout = 0;',
    110000: ' SET row_security = off; SET idle_in_transaction_session_timeout = 0; SET jit = off;',
    140000:
      ' SET row_security = off; SET idle_in_transaction_session_timeout = 0; SET jit = off; SET idle_session_timeout = 0;',
    170000:
      ' SET row_security = off; SET idle_in_transaction_session_timeout = 0; SET jit = off; SET idle_session_timeout = 0; SET transaction_timeout = 0;',
  },
  /** Time-outs of the role or the server would end a unit that waits for its dump. */
  loadTimeouts: {
    90400: "SET search_path = ''; SET array_nulls = on; SET statement_timeout = 0; SET lock_timeout = 0;",
    90600:
      "SET search_path = ''; SET array_nulls = on; SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;",
    170000:
      "SET search_path = ''; SET array_nulls = on; SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET transaction_timeout = 0;",
  },
  /** Role and server may end a session that waits; the fence's waits as long as its unit's data take. */
  fenceTimeouts: {
    90400: "SET search_path = ''; SET statement_timeout = 0;",
    140000: "SET search_path = ''; SET statement_timeout = 0; SET idle_session_timeout = 0;",
  },
  /** A plan that reads the rows of a range of pages and nothing else. */
  tidRangeScan: {90400: null, 140000: 'TID Range Scan'},
  takesOtherTypeOids: {90400: 'false', 140000: 'true'},
  infiniteIntervals: {90400: 'false', 170000: 'true'},
  /** A publication has TRUNCATE from 11 on. */
  publishesTruncate: {90400: null, 110000: 'truncate'},
  /** Up to 14 a sequence is in the WAL also where the table that owns it is unlogged. */
  unloggedSequences: {90400: null, 150000: 'unlogged'},
  /** Parallel workers for the rows of a range would be taken from the replica's other readers; pg_dump uses none either. */
  withoutWorkers: {90400: '', 90600: ' SET max_parallel_workers_per_gather = 0;'},
  grantToSelf: {90400: 'TO CURRENT_USER', 160000: 'TO CURRENT_USER WITH SET TRUE, INHERIT TRUE'},
  /** Large objects have default privileges from 18 on. */
  defaultAclOther: {90400: "'?'", 180000: "'LARGE OBJECTS'"},
  roleCheckpoint: {90400: 'false', 150000: "pg_has_role('pg_checkpoint', 'USAGE')"},
  membershipInherits: {90400: 'NULL::boolean', 160000: 'bool_or(a.inherit_option)'},
  membershipSets: {90400: 'NULL::boolean', 160000: 'bool_or(a.set_option)'},
  roleBypassRls: {90400: 'false', 90500: 'r.rolbypassrls'},
  /** Up to 9.5 these functions check for a superuser themselves, whatever was granted. */
  mayPauseReplay: {
    90400: '(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)',
    90600: "has_function_privilege('pg_xlog_replay_pause()', 'EXECUTE')",
    100000: "has_function_privilege('pg_wal_replay_pause()', 'EXECUTE')",
  },
  mayResumeReplay: {
    90400: '(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)',
    90600: "has_function_privilege('pg_xlog_replay_resume()', 'EXECUTE')",
    100000: "has_function_privilege('pg_wal_replay_resume()', 'EXECUTE')",
  },
  /** A worker's type is its own word; everything that is no worker has one of these. */
  workersInUse: {
    90400: 'NULL::int',
    100000: `(SELECT count(*) FROM pg_stat_activity WHERE backend_type NOT IN ('client backend', 'walsender', 'walreceiver', 'walwriter',
             'autovacuum launcher', 'autovacuum worker', 'background writer', 'checkpointer', 'startup', 'archiver', 'logger',
             'walsummarizer', 'slotsync worker', 'io worker'))::int`,
  },
  createPglogical: {
    90400: 'CREATE EXTENSION pglogical_origin; CREATE EXTENSION pglogical',
    90500: 'CREATE EXTENSION pglogical',
  },
  /** Autovacuum's workers have no role from 10 on; of a session that our role may not see, neither is shown. */
  whoseSession: {90400: "coalesce(a.usename::text, '?')", 100000: "coalesce(a.usename::text, a.backend_type, '?')"},
  /** Of others' sessions the type is hidden without pg_read_all_stats; workers that hold an xid are none of those. */
  isClientSession: {90400: 'true', 100000: "coalesce(a.backend_type, 'client backend') = 'client backend'"},
  extensionIsTrusted: {90400: 'false', 130000: 'bool_or(v.trusted)'},
  multixactAge: {90400: 'NULL', 90500: 'mxid_age(d.datminmxid)'},
  /** WITH OIDS went with 12. */
  hasOids: {90400: 'c.relhasoids', 120000: 'false'},
  isAggregate: {90400: 'x.proisagg', 110000: "x.prokind = 'a'"},
  isIdentity: {90400: 'false', 100000: "a.attidentity <> ''"},
  isGenerated: {90400: 'false', 120000: "a.attgenerated <> ''"},
  /** Expressions of partition keys: COPY into a partition evaluates them as it does a check. */
  partitionKeys: {
    90400: 'SELECT NULL::text, NULL::regclass, NULL::oid[], NULL::oid, NULL::text, NULL::text WHERE false',
    100000: `SELECT 'partition key', 'pg_class'::regclass, ARRAY[p.partrelid], p.partrelid, '', pg_get_expr(p.partexprs, p.partrelid)
        FROM pg_partitioned_table p WHERE p.partexprs IS NOT NULL`,
  },
  /** The range type that the multirange type `t` is of, as `part`. */
  rangeOfMultirange: {
    90400: 'SELECT NULL::oid WHERE false',
    140000: 'SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = t.oid',
  },
  isPartition: {90400: 'false', 100000: 'c.relispartition'},
  /** What has to be true of the rows of the partition `c`. */
  partitionCondition: {90400: null, 100000: 'pg_get_partition_constraintdef(c.oid)'},
  /** Whether the parent `i.inhparent` is partitioned by the hash of a type that has an enum or a name of the catalog in it, which are hashed by their oids. */
  parentHashesOids: {90400: 'false', 110000: PARENT_HASHES_OIDS},
  /** Whether row security would hide rows of the table `name` from the role that asks. */
  rowSecurityHides: {90400: 'false', 90500: 'row_security_active(name::regclass)'},
  rowSecurity: {90400: 'false', 90500: 'c.relrowsecurity'},
  /** Columns of an index's key; those of INCLUDE come after them. */
  indexKeyCount: {90400: 'i.indnatts', 110000: 'i.indnkeyatts'},
  /** From 18 on a NOT NULL is a constraint, and may be one that was never validated. */
  constraintIsOpenNotNull: {90400: 'false', 180000: "o.contype = 'n' AND NOT o.convalidated"},
  nullsNotDistinct: {90400: 'false', 150000: 'i.indnullsnotdistinct'},
  /** What an extension's objects were given when it was created: what somebody granted since is the difference. Before 9.6 nobody knows. */
  extensionAcl: {
    90400: null,
    90600: `(SELECT p.initprivs FROM pg_init_privs p WHERE p.classoid = every.class AND p.objoid = every.oid AND p.objsubid = every.sub)`,
  },
  /** Triggers that a partition has from its parent come with it. */
  triggerIsCloned: {
    90400: 'false',
    110000: `t.tgisinternal AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
             AND d.refclassid = 'pg_trigger'::regclass)`,
    130000: 't.tgparentid <> 0',
    150000: 't.tgparentid <> 0 AND NOT t.tgisinternal',
  },
  /** So do constraints. */
  constraintIsCloned: {90400: 'false', 110000: 'o.conparentid <> 0'},
  walDirectoryBytes: {
    90400: `(SELECT count(*) * (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size')
      * (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_block_size')
      FROM pg_ls_dir('pg_xlog') AS f(name) WHERE f.name ~ '^[0-9A-F]{24}$')`,
    100000: '(SELECT sum(size)::bigint FROM pg_ls_waldir())',
  },
  /** Before 10 the function asks for a superuser itself. */
  mayListWal: {
    90400: '(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)',
    100000: "has_function_privilege('pg_ls_waldir()', 'EXECUTE')",
  },
  senderSentLsn: {90400: 'sent_location', 100000: 'sent_lsn'},
  senderFlushLsn: {90400: 'flush_location', 100000: 'flush_lsn'},
  /** Both views name what they copy or build by oid, of the database that is connected to. */
  copyProgress: {
    90400: null,
    140000: `SELECT 'COPY ' || p.relid::regclass || ': ' || p.tuples_processed::text || ' rows' AS what, p.relid::regclass::text AS relation,
        p.tuples_processed AS rows, a.application_name AS application, NULL::text AS phase, NULL::bigint AS "blocksDone",
        NULL::bigint AS "blocksTotal", NULL::bigint AS "tuplesDone", NULL::bigint AS "tuplesTotal"
       FROM pg_stat_progress_copy p JOIN pg_stat_activity a USING (pid) WHERE p.datname = current_database()`,
  },
  indexProgress: {
    90400: null,
    120000: `SELECT 'index on ' || p.relid::regclass || ': ' || p.phase
          || CASE WHEN p.blocks_total > 0 THEN ' ' || (100 * p.blocks_done / p.blocks_total)::text || ' %' ELSE '' END AS what,
        NULL::text AS relation, NULL::bigint AS rows, a.application_name AS application,
        regexp_replace(p.phase, '^building index: ', '') AS phase, p.blocks_done AS "blocksDone", p.blocks_total AS "blocksTotal",
        p.tuples_done AS "tuplesDone", p.tuples_total AS "tuplesTotal"
       FROM pg_stat_progress_create_index p JOIN pg_stat_activity a USING (pid) WHERE p.datname = current_database()`,
  },
  /** Up to 9.5 only whether a backend waits is told, from 9.6 on what for. */
  waitsForLock: {90400: 'waiting', 90600: "wait_event_type = 'Lock'"},
  /** Of the session `w`; 0 stands for a prepared transaction. Asking takes all lock tables for a moment, so it is asked seldom. */
  blockingPids: {90400: null, 90600: 'pg_blocking_pids(w.pid)'},
  /** Who may see other roles' sessions and list the WAL folder; before 10 only a superuser. */
  monitorRole: {90400: null, 100000: 'pg_monitor'},
  /** Whose members may write a checkpoint; before 15 only a superuser. */
  checkpointRole: {90400: null, 150000: 'pg_checkpoint'},
  /** Up to 9.5 the functions ask for a superuser, and a right to them changes nothing. */
  replayRight: {90400: null, 90600: 'EXECUTE'},
  /** The last argument of a physical slot's creation: WAL is kept from now on. */
  reservesAtOnce: {90400: '', 90600: ', true'},
  /** What makes a data folder a standby's. */
  standbyFile: {90400: 'recovery.conf', 120000: 'standby.signal'},
  /** How the lab's servers take passwords: clients of before 10 know no SCRAM, and from 14 on it is the default. */
  labPasswords: {90400: 'md5', 140000: 'scram-sha-256'},
  /** What the lab's source has of newer releases. */
  labSeed: {90400: null, 100000: 'ten', 120000: 'modern'},
  publishAll: {90400: null, 100000: 'insert, update, delete', 110000: 'insert, update, delete, truncate'},
  publishInserts: {100000: 'insert', 110000: 'insert, truncate'},
  /** Of a subscription: in order, one transaction after the other, is the default up to 17. */
  subscriptionOptions: {100000: '', 140000: ', streaming = off'},
  applyErrors: {
    100000: 'NULL::bigint',
    150000: '(SELECT x.apply_error_count FROM pg_stat_subscription_stats x WHERE x.subid = s.oid)',
  },
  isLeader: {100000: '', 160000: ' AND w.leader_pid IS NULL'},
} as const satisfies Record<string, Record<number, string | null>>;

/** The oldest release that each may be: logical slots came with 9.4; managed servers begin with 12, and nothing older was tried. */
const OLDEST = {source: 90_400, target: 120_000} as const;

/** Whether Longhaul was not made for a server of this version. */
export function isTooOld(server: keyof typeof OLDEST, version: ServerVersion): boolean {
  return version < OLDEST[server];
}

/** What can differ between servers. */
export type Difference = keyof typeof DIFFERENCES;

/** The names of all rows, for the test that each of them is used. */
export const ALL_DIFFERENCES: readonly string[] = Object.keys(DIFFERENCES);

/** How a server of this version writes it; null where such a server has nothing of the kind. Throws below 9.4 ("bug": preflight refuses those). */
export function maybe(difference: Difference, version: ServerVersion): string | null {
  const rows: [string, string | null][] = Object.entries(DIFFERENCES[difference]);
  const fitting = rows.filter(([from]) => Number(from) <= version).at(-1);
  if (fitting === undefined) throw new Error(`bug: no ${difference} for server version ${version}`);
  return fitting[1];
}

/** As `maybe`, where every server has it; throws a plain error ("bug") where one has not. */
export function pick(difference: Difference, version: ServerVersion): string {
  const text = maybe(difference, version);
  if (text === null) throw new Error(`bug: ${difference} does not exist on server version ${version}`);
  return text;
}
