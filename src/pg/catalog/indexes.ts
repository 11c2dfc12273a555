import type {RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** An index as the catalog has it, with the constraint that it serves. An index lives in its table's schema. */
export interface IndexRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** pg_get_indexdef(), every name qualified; `ON ONLY` for the index of a partitioned table. */
  readonly definition: string;
  /** The definition from `USING` on: what is the same whatever index and table are called. */
  readonly detail: string;
  readonly unique: boolean;
  /** Whether queries and commands use it: built to the end, and not being dropped. */
  readonly valid: boolean;
  /** p, u, x, or null for an index without a constraint. */
  readonly constraintType: 'p' | 'u' | 'x' | null;
  readonly constraintName: string | null;
  /** pg_get_constraintdef(). */
  readonly constraintDefinition: string | null;
  /** Whether only ADD CONSTRAINT builds it: an exclusion, or a key WITHOUT OVERLAPS. */
  readonly byConstraint: boolean;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  /** Columns and expressions of a unique index's key as SQL, of another none; and the condition of a partial index. To ask for duplicates. */
  readonly keys: readonly string[];
  readonly predicate: string | null;
  readonly nullsNotDistinct: boolean;
  readonly replicaIdentity: boolean;
  readonly clustered: boolean;
  /** Statistics targets that somebody set, by the number of the index's column. */
  readonly statistics: readonly {readonly column: number; readonly target: number}[];
  /** Whether its table is a partitioned one: the index itself has no data. */
  readonly partitioned: boolean;
  /** The index of the partitioned parent that it is attached to. */
  readonly parentSchema: string | null;
  readonly parentName: string | null;
  /** Bytes of its table's heap when that was last analyzed: the largest are built first. */
  readonly tableBytes: number;
  /** Bytes of the index itself by the same count; a manifest of an earlier version has none. */
  readonly bytes?: number;
}

const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;
const TABLE_NOT_OF_EXTENSION = `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`;

/** Every index of a user's table, primary keys among them. */
export function readIndexes(version: ServerVersion): Statement<IndexRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "table", x.relname::text AS "name",
           d.definition AS "definition",
           -- Before USING are only words and names, which are of a known length.
           substr(d.definition,
                  length(format('CREATE %sINDEX %I ON %s%I.%I ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, x.relname,
                                CASE WHEN c.relkind = 'p' THEN 'ONLY ' END, n.nspname, c.relname)) + 1) AS "detail",
           i.indisunique AS "unique", i.indisvalid AND i.indisready AND i.indislive AS "valid",
           o.contype::text AS "constraintType", o.conname::text AS "constraintName", pg_get_constraintdef(o.oid) AS "constraintDefinition",
           o.oid IS NOT NULL AND (o.contype = 'x' OR a.amname <> 'btree') AS "byConstraint",
           CASE WHEN i.indisunique THEN ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, false) FROM generate_series(1, ${pick('indexKeyCount', version)}::int) AS k)
                ELSE '{}' END AS "keys",
           pg_get_expr(i.indpred, i.indrelid) AS "predicate", ${pick('nullsNotDistinct', version)} AS "nullsNotDistinct",
           coalesce(o.condeferrable, false) AS "deferrable", coalesce(o.condeferred, false) AS "deferred",
           coalesce((SELECT json_agg(json_build_object('column', s.attnum, 'target', s.attstattarget) ORDER BY s.attnum)
                       FROM pg_attribute s WHERE s.attrelid = i.indexrelid AND s.attstattarget >= 0), '[]'::json) AS "statistics",
           i.indisreplident AS "replicaIdentity", i.indisclustered AS "clustered", c.relkind = 'p' AS "partitioned",
           pn.nspname::text AS "parentSchema", p.relname::text AS "parentName",
           c.relpages * current_setting('block_size')::bigint AS "tableBytes",
           x.relpages * current_setting('block_size')::bigint AS "bytes"
      FROM pg_index i
      CROSS JOIN LATERAL (SELECT pg_get_indexdef(i.indexrelid) AS definition OFFSET 0) d
      JOIN pg_class x ON x.oid = i.indexrelid
      JOIN pg_am a ON a.oid = x.relam
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x')
      LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
      LEFT JOIN pg_class p ON p.oid = h.inhparent
      LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence IN ('p', 'u') AND ${USER_SCHEMA} AND ${TABLE_NOT_OF_EXTENSION}
     ORDER BY n.nspname, c.relname, x.relname`);
}

/** What the plain catalogs tell of an index; a table without any has one row whose name is null. */
export interface IndexState {
  readonly schema: string;
  readonly table: string;
  readonly name: string | null;
  readonly valid: boolean;
  readonly constraintType: 'p' | 'u' | 'x' | null;
  /** Whether tables inherit from its table, or once did. */
  readonly isParent: boolean;
}

/**
 * The indexes of some tables as the plain catalogs have them. While a lane holds a table in ACCESS EXCLUSIVE mode, pg_get_indexdef() and its kin
 * wait for it; this waits for nobody.
 */
export function readIndexStates(tables: readonly RelationName[]): Statement<IndexState> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "table", x.relname::text AS "name",
           coalesce(i.indisvalid AND i.indisready AND i.indislive, false) AS "valid", o.contype::text AS "constraintType",
           c.relhassubclass AS "isParent"
      FROM unnest($1::text[], $2::text[]) AS w(schema, name)
      JOIN pg_namespace n ON n.nspname = w.schema
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
      LEFT JOIN pg_index i ON i.indrelid = c.oid
      LEFT JOIN pg_class x ON x.oid = i.indexrelid
      LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x')`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** The largest indexes of user's tables by the catalog's count of their pages, in bytes. */
export function readLargestIndexes(most: number): Statement<{bytes: number}> {
  return sql(
    `SELECT x.relpages * current_setting('block_size')::bigint AS "bytes" FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace
      WHERE x.relkind = 'i' AND ${USER_SCHEMA} ORDER BY x.relpages DESC LIMIT $1::int`,
    [most],
  );
}

function columnNames(numbers: string, table: string): string {
  return `ARRAY(SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY AS k(attnum, position)
                JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.attnum ORDER BY k.position)`;
}

/** A foreign key. `definition` ends with NOT VALID where it was never validated. */
export interface ForeignKeyRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly definition: string;
  readonly validated: boolean;
  readonly partitioned: boolean;
  /** The unique index that it references; an index lives in its table's schema. */
  readonly indexSchema: string | null;
  readonly indexName: string | null;
  /** The table that it references. */
  readonly toSchema: string;
  readonly toTable: string;
  readonly toPartitioned: boolean;
  /** Its columns, and those that they name there, in the same order. */
  readonly columns: readonly string[];
  readonly toColumns: readonly string[];
  readonly matchFull: boolean;
}

/** Every foreign key, but for those that a partition has from its parent. */
export function readForeignKeys(version: ServerVersion): Statement<ForeignKeyRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "table", o.conname::text AS "name",
           pg_get_constraintdef(o.oid) AS "definition", o.convalidated AS "validated", c.relkind = 'p' AS "partitioned",
           xn.nspname::text AS "indexSchema", x.relname::text AS "indexName", tn.nspname::text AS "toSchema", t.relname::text AS "toTable",
           t.relkind = 'p' AS "toPartitioned", o.confmatchtype = 'f' AS "matchFull",
           ${columnNames('o.conkey', 'o.conrelid')} AS "columns", ${columnNames('o.confkey', 'o.confrelid')} AS "toColumns"
      FROM pg_constraint o
      LEFT JOIN pg_class x ON x.oid = o.conindid
      LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
      JOIN pg_class t ON t.oid = o.confrelid
      JOIN pg_namespace tn ON tn.oid = t.relnamespace
      JOIN pg_class c ON c.oid = o.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE o.contype = 'f' AND NOT (${pick('constraintIsCloned', version)}) AND ${USER_SCHEMA} AND ${TABLE_NOT_OF_EXTENSION}
     ORDER BY n.nspname, c.relname, o.conname`);
}

/** A trigger. `enabled` as pg_trigger has it: O (origin), D (disabled), R (replica), A (always). */
export interface TriggerRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly definition: string;
  /** The definition with `ON ?` in place of its table, and in the words of every release. */
  readonly detail: string;
  readonly enabled: string;
  /** Whether a partition has it from its parent: it comes with that one, and may be disabled by itself. */
  readonly cloned: boolean;
}

/** What is compared of a trigger's definition; `n`, `c` and `t` are its schema, table and trigger. Before 11 a function was a PROCEDURE there. */
export const TRIGGER_DETAIL = `replace(replace(pg_get_triggerdef(t.oid), format(' ON %I.%I ', n.nspname, c.relname), ' ON ? '),
                   ' EXECUTE PROCEDURE ', ' EXECUTE FUNCTION ')`;

/** Every trigger of a user's table, those that partitions have from their parents among them; not pglogical's, which it puts on tables that are in a set, nor Longhaul's own. */
export function readTriggers(version: ServerVersion): Statement<TriggerRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "table", t.tgname::text AS "name",
           pg_get_triggerdef(t.oid) AS "definition", ${TRIGGER_DETAIL} AS "detail", t.tgenabled::text AS "enabled",
           ${pick('triggerIsCloned', version)} AS "cloned"
      FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_proc f ON f.oid = t.tgfoid
      JOIN pg_namespace fn ON fn.oid = f.pronamespace
     WHERE (NOT t.tgisinternal OR ${pick('triggerIsCloned', version)}) AND fn.nspname NOT IN ('pglogical', 'longhaul_cdc')
       AND ${USER_SCHEMA} AND ${TABLE_NOT_OF_EXTENSION}
     ORDER BY n.nspname, c.relname, t.tgname`);
}

/** A comment on an index, constraint or trigger of a user's table. */
export interface CommentRow {
  readonly kind: 'INDEX' | 'CONSTRAINT' | 'TRIGGER';
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly text: string;
}

/** Every comment on what the manifest brings back, and on check constraints, which a dump cannot be told apart from those. */
export function readComments(): Statement<CommentRow> {
  const from = (kind: CommentRow['kind'], object: string, name: string, table: string): string => `
    SELECT '${kind}'::text AS "kind", n.nspname::text AS "schema", c.relname::text AS "table", ${name}::text AS "name", d.description AS "text"
      FROM pg_description d
      JOIN ${object} o ON o.${kind === 'INDEX' ? 'indexrelid' : 'oid'} = d.objoid AND d.objsubid = 0
       AND d.classoid = '${kind === 'INDEX' ? 'pg_class' : object}'::regclass
      JOIN pg_class c ON c.oid = o.${table}
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${USER_SCHEMA} AND ${TABLE_NOT_OF_EXTENSION}`;
  return sql(`${from('INDEX', 'pg_index', '(SELECT relname FROM pg_class WHERE oid = o.indexrelid)', 'indrelid')}
    UNION ALL ${from('CONSTRAINT', 'pg_constraint', 'o.conname', 'conrelid')}
    UNION ALL ${from('TRIGGER', 'pg_trigger', 'o.tgname', 'tgrelid')}
    ORDER BY 1, 2, 3, 4`);
}
