import type {RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {maybe, pick} from '../session/versions.ts';

/** A transaction that others wait for. `seconds` is null where the role may not see since when it is open. */
export interface Blocker {
  /** `pid 4711 of app (psql), idle in transaction, open for 00:00:12`, `prepared transaction x of app, open for 1 day 02:00:00`. As it was read, unprintable characters too. */
  readonly what: string;
  readonly seconds: number | null;
  /** The gid of a prepared transaction; null of a session. */
  readonly prepared: string | null;
  /** Where a prepared transaction is ended; of a session where it is connected, empty where it is connected to none. */
  readonly database: string;
  /** Of a session, unless it is a worker of the server: pglogical's do not all come back when they are terminated. */
  readonly pid: number | null;
}

/** A session `a` of pg_stat_activity as a blocker. */
const sessionColumns = (version: ServerVersion): string => `
      'pid ' || a.pid::text || ' of ' || ${pick('whoseSession', version)} || coalesce(' (' || nullif(a.application_name, '') || ')', '')
        || coalesce(', ' || a.state, '') || coalesce(', open for ' || date_trunc('second', clock_timestamp() - a.xact_start)::text, '') AS "what",
      extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS "seconds", NULL::text AS "prepared",
      coalesce(a.datname::text, '') AS "database",
      CASE WHEN a.application_name NOT LIKE 'pglogical %' AND ${pick('isClientSession', version)} THEN a.pid END AS "pid"`;

/** A prepared transaction `p` of pg_prepared_xacts as a blocker. */
const PREPARED_COLUMNS = `
      'prepared transaction ' || p.gid || ' of ' || p.owner || ', open for ' || date_trunc('second', clock_timestamp() - p.prepared)::text AS "what",
      extract(epoch FROM clock_timestamp() - p.prepared)::float8 AS "seconds", p.gid AS "prepared", p.database::text AS "database", NULL::int AS "pid"`;

/** Those of `held`, which has pid and virtualtransaction of pg_locks: a prepared transaction has no pid there. */
const heldBy = (version: ServerVersion): string => `
      SELECT ${sessionColumns(version)}
        FROM pg_stat_activity a WHERE a.pid IN (SELECT pid FROM held)
      UNION ALL
      SELECT ${PREPARED_COLUMNS}
        FROM pg_prepared_xacts p WHERE '-1/' || p.transaction::text IN (SELECT virtualtransaction FROM held WHERE pid IS NULL)`;

/**
 * The transactions that a slot's creation waits for, oldest first: those that hold an xid, prepared ones too. A prepared
 * transaction has no backend and waits for ever. Of other roles' sessions only pid and role are seen without pg_read_all_stats
 * (10+) or superuser. Query texts are not read: they may hold secrets.
 */
export function readSlotBlockers(version: ServerVersion): Statement<Blocker> {
  return sql(`
    SELECT what, seconds, prepared, database, pid FROM (
      SELECT ${sessionColumns(version)}
        FROM pg_stat_activity a
       WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
      UNION ALL
      SELECT ${PREPARED_COLUMNS}
        FROM pg_prepared_xacts p) open
     ORDER BY seconds DESC NULLS LAST
     LIMIT 10`);
}

/**
 * Whom the sessions with this application_name wait for by a lock, oldest first; nobody where none of them waits. Before 9.6 everybody who holds a
 * lock on the same thing, be it one that does not conflict.
 */
export function readLockBlockers(version: ServerVersion, application: string): Statement<Blocker> {
  return sql(`${blockersOf(version, 'w.application_name = $1')} LIMIT 10`, [application]);
}

/** Whom one session waits for by a lock, as above, and at which table: `public.moves`; null where the lock is of something else. */
export function readWorkerBlockers(
  version: ServerVersion,
  pid: number,
): Statement<Blocker & {readonly table: string | null}> {
  const table = `(SELECT min(n.nspname || '.' || c.relname) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE l.pid = $1::int AND NOT l.granted) AS "table"`;
  return sql(`${blockersOf(version, 'w.pid = $1::int', table)} LIMIT 10`, [String(pid)]);
}

/** The holders of what some sessions `w` wait for. */
function blockersOf(version: ServerVersion, waiters: string, ...more: readonly string[]): string {
  const pids = maybe('blockingPids', version);
  return `
    WITH held AS (
      SELECT DISTINCT h.pid, h.virtualtransaction
        FROM pg_stat_activity w
        JOIN pg_locks l ON l.pid = w.pid AND NOT l.granted
        JOIN pg_locks h ON h.pid IS DISTINCT FROM l.pid AND h.locktype = l.locktype AND ${SAME_THING}
       WHERE ${waiters} AND ${pids === null ? 'h.granted' : `coalesce(h.pid, 0) = ANY (${pids})`})
    SELECT ${['what, seconds, prepared, database, pid', ...more].join(', ')} FROM (${heldBy(version)}) open
     ORDER BY seconds DESC NULLS LAST`;
}

/** Who holds ACCESS EXCLUSIVE on one of these tables, which a standby cannot read meanwhile; oldest first. */
export function readExclusiveHolders(version: ServerVersion, tables: readonly RelationName[]): Statement<Blocker> {
  return readHolders(version, tables, ['AccessExclusiveLock']);
}

/** Who is at VACUUM, ANALYZE or DDL of one of these tables, oldest first. Source: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
export function readMaintainers(version: ServerVersion, tables: readonly RelationName[]): Statement<Blocker> {
  return readHolders(version, tables, [
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ]);
}

/** Who holds one of these tables so that nobody else writes to it, oldest first: no change is applied to it meanwhile. */
export function readWriteBlockers(version: ServerVersion, tables: readonly RelationName[]): Statement<Blocker> {
  return readHolders(version, tables, ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']);
}

/** Who writes to one of these tables, or keeps a SHARE lock from it by another one, oldest first. */
export function readShareBlockers(version: ServerVersion, tables: readonly RelationName[]): Statement<Blocker> {
  return readHolders(version, tables, [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ]);
}

function readHolders(
  version: ServerVersion,
  tables: readonly RelationName[],
  modes: readonly string[],
): Statement<Blocker> {
  return sql(
    `
    WITH held AS (
      SELECT DISTINCT l.pid, l.virtualtransaction
        FROM pg_locks l
        JOIN pg_class c ON c.oid = l.relation
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE l.locktype = 'relation' AND l.mode = ANY ($3::text[]) AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
         AND l.database IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
         AND (n.nspname::text, c.relname::text) IN (SELECT t.schema, t.name FROM unnest($1::text[], $2::text[]) AS t(schema, name)))
    SELECT what, seconds, prepared, database, pid FROM (${heldBy(version)}) open
     ORDER BY seconds DESC NULLS LAST
     LIMIT 10`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name), modes],
  );
}

/**
 * The sessions of a standby that hold a snapshot, oldest first, Longhaul's own lanes among them: replay waits for the one that still sees what it is to
 * remove, and which one that is no view tells.
 */
export function readSnapshotHolders(version: ServerVersion): Statement<Blocker> {
  return sql(`
    SELECT ${sessionColumns(version)}
      FROM pg_stat_activity a
     WHERE a.backend_xmin IS NOT NULL AND a.pid <> pg_backend_pid()
     ORDER BY "seconds" DESC NULLS LAST
     LIMIT 10`);
}

/** What a row of pg_locks is about, whatever kind of thing that is. */
const SAME_THING = [
  'database',
  'relation',
  'page',
  'tuple',
  'virtualxid',
  'transactionid',
  'classid',
  'objid',
  'objsubid',
]
  .map((column) => `h.${column} IS NOT DISTINCT FROM l.${column}`)
  .join(' AND ');
