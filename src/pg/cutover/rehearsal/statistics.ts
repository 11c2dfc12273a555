import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {sql, type Statement} from '../../session/statement.ts';
import {maybe} from '../../session/versions.ts';

/** What statistics of the planner are of. `whole`: of a table with all that inherit from it, as of a partition root. */
export type StatisticsKind = 'own' | 'whole' | 'extended';

/** What the planner has statistics of: a table, an index on expressions, an object of CREATE STATISTICS. */
export interface StatisticsRow extends RelationName {
  readonly kind: StatisticsKind;
  /** The columns that it has them of; none where they are not told. */
  readonly columns: readonly string[];
}

/** Schemas with tables of users; `n` is where it is asked. */
const OF_USERS = `NOT IN ('information_schema', 'pg_catalog', 'pg_toast', 'pglogical', 'pglogical_origin', 'longhaul', 'longhaul_cdc')`;

/**
 * What has statistics, as far as our role may see it: of tables that it may read, of indexes and extended statistics whose owner it is.
 * Source: https://www.postgresql.org/docs/current/view-pg-stats.html
 */
export function readStatistics(version: ServerVersion): Statement<StatisticsRow> {
  const extended = maybe('statisticsWithValues', version);
  return sql(
    `SELECT s.schemaname::text AS "schema", s.tablename::text AS "name", CASE WHEN s.inherited THEN 'whole' ELSE 'own' END AS "kind", array_agg(s.attname::text ORDER BY s.attname) AS "columns"
       FROM pg_stats s WHERE s.schemaname ${OF_USERS} GROUP BY 1, 2, 3${extended === null ? '' : ` UNION ALL SELECT e.*, '{}'::text[] FROM (${extended}) e`} ORDER BY 1, 2, 3`,
  );
}

/** An index on expressions, or an object of CREATE STATISTICS, which ANALYZE of its table fills as well. */
export interface DerivedStatistics extends Omit<StatisticsRow, 'columns'> {
  readonly tableSchema: string;
  readonly table: string;
}

/** What has statistics of its own beside its table's: indexes on expressions and, from 10 on, extended statistics. */
export function readDerivedStatistics(version: ServerVersion): Statement<DerivedStatistics> {
  const extended = maybe('statisticsObjects', version);
  return sql(
    `SELECT n.nspname::text AS "schema", x.relname::text AS "name", 'own' AS "kind", n.nspname::text AS "tableSchema", c.relname::text AS "table"
       FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indexprs IS NOT NULL AND i.indisvalid AND x.relkind = 'i' AND n.nspname ${OF_USERS}${extended === null ? '' : ` UNION ALL ${extended}`} ORDER BY 1, 2`,
  );
}

/** Of these tables those that have pages, or of which one that inherits from them has: ANALYZE of the others leaves no statistics. */
export function readFilled(tables: readonly RelationName[]): Statement<RelationName> {
  return sql(
    `WITH RECURSIVE asked AS (
       SELECT w.schema, w.name, c.oid FROM unnest($1::text[], $2::text[]) AS w(schema, name)
         JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
     ), tree AS (SELECT a.schema, a.name, a.oid FROM asked a
                  UNION SELECT t.schema, t.name, h.inhrelid FROM tree t JOIN pg_inherits h ON h.inhparent = t.oid)
     SELECT DISTINCT t.schema AS "schema", t.name AS "name" FROM tree t JOIN pg_class c ON c.oid = t.oid
      WHERE c.relkind IN ('r', 'm') AND pg_relation_size(t.oid) > 0 ORDER BY 1, 2`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** The columns of these tables of which ANALYZE leaves statistics: not those whose statistics target is 0, and none that is computed when it is read. For a server of 12 and newer. */
export function readAnalyzable(tables: readonly RelationName[]): Statement<RelationName & {columns: string[]}> {
  return sql(
    `SELECT w.schema AS "schema", w.name AS "name", array_agg(a.attname::text ORDER BY a.attname) AS "columns"
       FROM unnest($1::text[], $2::text[]) AS w(schema, name)
       JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
       JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE a.attnum > 0 AND NOT a.attisdropped AND coalesce(a.attstattarget, -1) <> 0 AND a.attgenerated <> 'v' GROUP BY 1, 2 ORDER BY 1, 2`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** `own public.orders`: what a row is known by. Pure. */
export function statisticsKey({kind, schema, name}: Omit<StatisticsRow, 'columns'>): string {
  return `${kind} ${quoteRelation({schema, name})}`;
}
