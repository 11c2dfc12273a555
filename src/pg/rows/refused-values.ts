import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A column of a type whose values some server writes as a text that no server reads back. */
export interface RefusedColumn extends RelationName {
  readonly column: string;
  /** As it is called in pg_catalog: `pg_node_tree`, `regproc`. */
  readonly type: string;
  /** The type that has the same and is read back: `text`, `regprocedure`. */
  readonly instead: string;
}

/** What the catalogs alone fill: their input says `cannot accept a value`. Source: src/include/catalog/pg_type.dat */
const NO_INPUT = `'pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list', 'pg_brin_bloom_summary', 'pg_brin_minmax_multi_summary'`;

/** Every such column of tables with rows of their own, the small tables first. */
export function readRefusedColumns(): Statement<RefusedColumn> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column", t.typname::text AS "type",
           CASE t.typname WHEN 'regproc' THEN 'regprocedure' WHEN 'regoper' THEN 'regoperator' ELSE 'text' END AS "instead"
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid AND t.typnamespace = (SELECT s.oid FROM pg_namespace s WHERE s.nspname = 'pg_catalog')
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND c.relpersistence = 'p' AND t.typname IN (${NO_INPUT}, 'regproc', 'regoper')
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY c.relpages, 1, 2, a.attnum`);
}

/** Whether a row of the table has such a value. A function or an operator is written without its arguments: one of many of its name is not found by it. */
export function readHasRefused({
  schema,
  name,
  column,
  type,
}: Omit<RefusedColumn, 'instead'>): Statement<{breaks: boolean}> {
  const value = quoteIdentifier(column);
  const many = (catalog: string, key: string): string =>
    `${value}::oid IN (SELECT "longhaul: one".oid FROM ${catalog} AS "longhaul: one" JOIN ${catalog} AS "longhaul: other"
        ON "longhaul: other".${key}name = "longhaul: one".${key}name AND "longhaul: other".${key}namespace = "longhaul: one".${key}namespace AND "longhaul: other".oid <> "longhaul: one".oid)`;
  const refused =
    type === 'regproc'
      ? many('pg_proc', 'pro')
      : type === 'regoper'
        ? many('pg_operator', 'opr')
        : `${value} IS NOT NULL`;
  return sql(`SELECT EXISTS (SELECT FROM ONLY ${quoteRelation({schema, name})} WHERE ${refused}) AS "breaks"`);
}
