import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe} from '../session/versions.ts';

/** A partition by a function that somebody wrote: its rows came to where that had them then, and the function may have been replaced since. */
export interface DoubtfulPartition extends RelationName {
  /** What has to be true of its rows, what the partitions above it ask for among it: `((public.bucket(v) = 0))`. */
  readonly condition: string;
  /** The table at the top, and a column of it that can be written. */
  readonly topSchema: string;
  readonly topTable: string;
  readonly column: string;
}

/** Every such partition with rows of its own, the small ones first; null where a server has no partitions by definition. */
export function readDoubtfulPartitions(version: ServerVersion): Statement<DoubtfulPartition> | null {
  const condition = maybe('partitionCondition', version);
  if (condition === null) return null;
  return sql(`
    WITH RECURSIVE below AS (
      SELECT p.partrelid AS relation FROM pg_partitioned_table p
       WHERE EXISTS (SELECT FROM regexp_matches(p.partexprs::text, ':(?:funcid|opfuncid) ([0-9]+)', 'g') AS called (ids) WHERE called.ids[1]::oid >= 16384)
      UNION
      SELECT i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.relation),
    above AS (
      SELECT b.relation AS leaf, b.relation AS top FROM below b
      UNION
      SELECT a.leaf, i.inhparent FROM above a JOIN pg_class t ON t.oid = a.top AND t.relispartition JOIN pg_inherits i ON i.inhrelid = a.top)
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", ${condition} AS "condition", tn.nspname::text AS "topSchema", t.relname::text AS "topTable",
           (SELECT k.attname::text FROM pg_attribute k WHERE k.attrelid = t.oid AND k.attnum > 0 AND NOT k.attisdropped
             ORDER BY k.atthasdef OR k.attidentity <> '', k.attnum LIMIT 1) AS "column"
      FROM above a JOIN pg_class c ON c.oid = a.leaf JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class t ON t.oid = a.top AND NOT t.relispartition JOIN pg_namespace tn ON tn.oid = t.relnamespace
     WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND ${condition} IS NOT NULL
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY c.relpages, 1, 2`);
}

/** Whether a row of the partition would come into another one today. */
export function readIsMoved({
  schema,
  name,
  condition,
}: Pick<DoubtfulPartition, 'schema' | 'name' | 'condition'>): Statement<{breaks: boolean}> {
  return sql(
    `SELECT EXISTS (SELECT FROM ONLY ${quoteRelation({schema, name})} WHERE ${isMoved(condition)}) AS "breaks"`,
  );
}

/** What is true of a row that does not belong there. With constraint_exclusion on, a planner would take a plain NOT for what can never be. Pure. */
export function isMoved(condition: string): string {
  return `CASE WHEN NOT (${condition}) THEN true ELSE false END`;
}
