import type {RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** What is nobody's data: catalogs, pglogical's and our own schemas, temporary tables; `n` is pg_namespace. */
const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;

/** Which relations could move; `c` is pg_class, `n` pg_namespace. Objects that an extension brings are created by it on the target. */
const COULD_MOVE = `c.relkind IN ('r', 'p') AND c.relpersistence IN ('p', 'u') AND ${USER_SCHEMA}
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** A table by its name, and what says whether its rows move. */
export interface TableNameRow extends RelationName {
  readonly kind: 'r' | 'p';
  readonly persistence: 'p' | 'u';
  readonly rowSecurity: boolean;
}

/** Whether a table has own rows that a standby can read. Pure. */
export function holdsRows({kind, persistence}: Pick<TableNameRow, 'kind' | 'persistence'>): boolean {
  return kind === 'r' && persistence === 'p';
}

/** Every table that could move, partitioned parents among them, without sizes: a hundredth of what readTables costs, so that it can be asked afresh. */
export function readTableNames(version: ServerVersion): Statement<TableNameRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", c.relkind::text AS "kind", c.relpersistence::text AS "persistence",
           ${pick('rowSecurity', version)} AS "rowSecurity"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${COULD_MOVE}
     ORDER BY n.nspname, c.relname`);
}

/** A table as the catalog and the statistics have it. Bytes; writes since the statistics began. */
export interface TableRow extends RelationName {
  readonly kind: 'r' | 'p';
  readonly persistence: 'p' | 'u';
  readonly parentSchema: string | null;
  readonly parentName: string | null;
  readonly isPartition: boolean;
  readonly heapBytes: number;
  readonly toastBytes: number;
  readonly indexBytes: number;
  /** -1 (14+) or 0 without pages: never analyzed. */
  readonly rows: number;
  readonly pages: number;
  readonly writesPerSecond: number | null;
  readonly primaryKey: string[] | null;
  readonly hasReplicaKey: boolean;
  readonly columnCount: number;
  readonly rowSecurity: boolean;
}

/**
 * Tables that somebody has locked or waits to lock, or an index or the TOAST table of. To ask for their size is to wait behind him; the catalog
 * has an estimate.
 */
const LOCKED_TABLES = `ARRAY(SELECT coalesce(i.indrelid, t.oid, l.relation) FROM pg_locks l
    LEFT JOIN pg_index i ON i.indexrelid = l.relation LEFT JOIN pg_class t ON t.reltoastrelid = l.relation
   WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))`;

/** Tables of so many pages or fewer are taken by the catalog's own count of them, and so are their indexes. */
const SMALL_PAGES = 1024;

/**
 * To ask for the size of a relation, the server opens it: for 20,000 tables with their indexes that takes a minute, and half a gigabyte of its
 * memory. So a small table that was analyzed, and has not grown much since, has the size that ANALYZE saw. What is in TOAST only VACUUM counts,
 * and a table that nobody updates sees none for years: that is asked for.
 */
const IS_ESTIMATED = `(c.oid = ANY (locked.oids) OR c.relpages BETWEEN 1 AND ${SMALL_PAGES}
                       AND NOT coalesce(pg_stat_get_live_tuples(c.oid) > 2 * c.reltuples + 10000, false))`;

const BLOCK = `current_setting('block_size')::bigint`;

/** Every table that could move, partitioned parents among them. OFFSET 0 keeps the server from asking again for each use. */
export function readTables(version: ServerVersion): Statement<TableRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", c.relkind::text AS "kind", c.relpersistence::text AS "persistence",
           pn.nspname::text AS "parentSchema", p.relname::text AS "parentName", ${pick('isPartition', version)} AS "isPartition",
           heap.bytes AS "heapBytes",
           CASE WHEN c.reltoastrelid = 0 OR heap.bytes = 0 OR c.oid = ANY (locked.oids) THEN 0 ELSE pg_relation_size(c.reltoastrelid) END::bigint AS "toastBytes",
           CASE WHEN heap.estimated THEN (SELECT coalesce(sum(x.relpages), 0) * ${BLOCK} FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid)
                WHEN heap.bytes = 0 THEN 0 ELSE pg_indexes_size(c.oid) END::bigint AS "indexBytes",
           c.reltuples::float8 AS "rows", c.relpages AS "pages",
           (pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid))::float8 / b.seconds AS "writesPerSecond",
           (SELECT array_agg(a.attname::text ORDER BY k.position)
              FROM pg_index i
              CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE i.indrelid = c.oid AND i.indisprimary AND k.position <= ${pick('indexKeyCount', version)}) AS "primaryKey",
           EXISTS (SELECT FROM pg_index i
                    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                      AND (c.relreplident = 'd' AND i.indisprimary OR c.relreplident = 'i' AND i.indisreplident)) AS "hasReplicaKey",
           (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::int AS "columnCount",
           ${pick('rowSecurity', version)} AS "rowSecurity"
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN LATERAL (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno LIMIT 1) h ON true
      LEFT JOIN pg_class p ON p.oid = h.inhparent
      LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
      CROSS JOIN (SELECT greatest(1, extract(epoch FROM now() - coalesce(stats_reset, pg_postmaster_start_time())))::float8 AS seconds
                    FROM pg_stat_database WHERE datname = current_database()) b
      CROSS JOIN (SELECT ${LOCKED_TABLES} AS oids) locked
      CROSS JOIN LATERAL (SELECT e.estimated, CASE WHEN e.estimated THEN c.relpages * ${BLOCK} ELSE pg_relation_size(c.oid) END AS bytes
                            FROM (SELECT ${IS_ESTIMATED} AS estimated OFFSET 0) e OFFSET 0) heap
     WHERE ${COULD_MOVE}
     ORDER BY n.nspname, c.relname`);
}

/** A unique index beside a primary key, by its table. */
export interface UniqueIndexRow extends RelationName {
  readonly index: string;
  /** Expressions as their text. */
  readonly columns: string[];
  readonly constraint: boolean;
}

/** Every unique index that is no primary key. */
export function readUniqueIndexes(version: ServerVersion): Statement<UniqueIndexRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", x.relname::text AS "index",
           ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, ${pick('indexKeyCount', version)}::int) AS k) AS "columns",
           EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('u', 'x')) AS "constraint"
      FROM pg_index i
      JOIN pg_class x ON x.oid = i.indexrelid
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE i.indisunique AND NOT i.indisprimary AND ${USER_SCHEMA}
     ORDER BY n.nspname, c.relname, x.relname`);
}

/** A column that may be a LOB for DMS, or that says when a row came. */
export interface NotedColumnRow extends RelationName {
  readonly column: string;
  /** As format_type() gives it: `text`, `timestamp with time zone`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly lob: boolean;
}

/** The columns of tables that are LOBs for DMS (texts without a limit, json, bytea, xml, arrays, …) or times. */
export function readNotedColumns(): Statement<NotedColumnRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column",
           format_type(a.atttypid, a.atttypmod) AS "type", a.attnotnull AS "notNull", t.typcategory NOT IN ('D') AS "lob"
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type t ON t.oid = CASE WHEN (SELECT typtype FROM pg_type WHERE oid = a.atttypid) = 'd'
                                     THEN (SELECT typbasetype FROM pg_type WHERE oid = a.atttypid) ELSE a.atttypid END
     WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ${USER_SCHEMA}
       AND (t.typname IN ('text', 'json', 'jsonb', 'xml', 'bytea', 'hstore', 'citext', 'tsvector', 'timestamp', 'timestamptz', 'date')
            OR t.typname = 'varchar' AND a.atttypmod = -1
            OR t.typcategory = 'A')
     ORDER BY n.nspname, c.relname, a.attnum`);
}

/** Which tables foreign keys tie together. */
export function readForeignKeyTies(): Statement<{
  name: string;
  fromSchema: string;
  fromName: string;
  toSchema: string;
  toName: string;
}> {
  return sql(`
    SELECT o.conname::text AS "name", fn.nspname::text AS "fromSchema", f.relname::text AS "fromName",
           tn.nspname::text AS "toSchema", t.relname::text AS "toName"
      FROM pg_constraint o
      JOIN pg_class f ON f.oid = o.conrelid
      JOIN pg_namespace fn ON fn.oid = f.relnamespace
      JOIN pg_class t ON t.oid = o.confrelid
      JOIN pg_namespace tn ON tn.oid = t.relnamespace
     WHERE o.contype = 'f'
     ORDER BY fn.nspname, f.relname, o.conname`);
}

/** Every sequence, with the table that owns it where one does. */
export function readSequences(): Statement<RelationName & {ownerSchema: string | null; ownerName: string | null}> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", tn.nspname::text AS "ownerSchema", t.relname::text AS "ownerName"
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
                           AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
      LEFT JOIN pg_class t ON t.oid = d.refobjid
      LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
     WHERE c.relkind = 'S' AND ${USER_SCHEMA} AND NOT EXISTS (
             SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
     ORDER BY n.nspname, c.relname`);
}

/** The database as a whole. `largeObjectBytes` is what they take of the disk; `clock` is the server's, ISO 8601 in UTC. */
export function readDatabaseFacts(): Statement<{
  database: string;
  bytes: number;
  largeObjects: number;
  largeObjectBytes: number;
  clock: string;
}> {
  return sql(`
    SELECT current_database()::text AS "database", pg_database_size(current_database()) AS "bytes",
           (SELECT count(*) FROM pg_largeobject_metadata) AS "largeObjects",
           pg_relation_size('pg_catalog.pg_largeobject') AS "largeObjectBytes",
           to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "clock"`);
}

/** The extensions of the database. */
export function readExtensions(): Statement<{name: string; version: string}> {
  return sql('SELECT extname::text AS "name", extversion AS "version" FROM pg_extension ORDER BY extname');
}
