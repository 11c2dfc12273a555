import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** The materialized views, whether each has rows to be asked for, and a unique index by which it can be filled while it is read, in an order in which none is refreshed before one that it reads. */
export function readMaterializedViews(): Statement<RelationName & {filled: boolean; isKeyed: boolean}> {
  return sql(`
    WITH RECURSIVE depth AS (
      SELECT c.oid, 0 AS level FROM pg_class c WHERE c.relkind = 'm'
      UNION
      SELECT r.ev_class, depth.level + 1
        FROM depth
        JOIN pg_depend d ON d.refobjid = depth.oid AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class <> depth.oid
       WHERE depth.level < 50)
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", c.relispopulated AS "filled",
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
                      AND i.indpred IS NULL AND i.indexprs IS NULL) AS "isKeyed"
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN (SELECT oid, max(level) AS level FROM depth GROUP BY oid) d ON d.oid = c.oid
     WHERE c.relkind = 'm' AND n.nspname NOT IN ('pglogical', 'longhaul')
     ORDER BY d.level, n.nspname, c.relname`);
}

/** How large each materialized view is, with its indexes. Waits for who fills one. */
export function readViewSizes(): Statement<RelationName & {bytes: number}> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name", pg_total_relation_size(c.oid) AS "bytes"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm'`,
  );
}

/** Fills a materialized view. */
export function refreshMaterializedView(view: RelationName): Statement {
  return sql(`REFRESH MATERIALIZED VIEW ${quoteRelation(view)}`);
}

/** The same beside those who read it. Wants rows in it, and a unique index without WHERE. Source: https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html */
export function refreshBesideReaders(view: RelationName): Statement {
  return sql(`REFRESH MATERIALIZED VIEW CONCURRENTLY ${quoteRelation(view)}`);
}
