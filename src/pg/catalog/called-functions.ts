import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** An expression that is evaluated while rows are loaded or indexes are built, and calls functions that somebody wrote. */
export interface CallingExpression extends RelationName {
  readonly kind: 'check' | 'generated column' | 'index' | 'materialized view';
  /** `orders_kind_check of shop.orders`, as people are told. */
  readonly what: string;
  /** As the server writes it with an empty search_path: `shop.known_kind(kind)`; a whole query for a materialized view. */
  readonly expression: string;
  /** The functions that it calls itself: `shop.known_kind(text)`. */
  readonly functions: string[];
  /** The schema of the first of them. */
  readonly functionSchema: string;
}

const USER = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;

/** Check constraints, generated columns, expressions and predicates of indexes, materialized views; those that call nobody's own function left out. */
export function readCallingExpressions(version: ServerVersion): Statement<CallingExpression> {
  const from = 'JOIN pg_class c ON c.oid = e.relation JOIN pg_namespace n ON n.oid = c.relnamespace';
  return sql(`
    WITH expressions AS (
      SELECT 'check'::text AS kind, 'pg_constraint'::regclass AS catalog, o.oid, o.conrelid AS relation, o.conname::text AS name, pg_get_expr(o.conbin, o.conrelid) AS expression
        FROM pg_constraint o WHERE o.contype = 'c' AND o.conrelid <> 0
      UNION ALL
      SELECT CASE WHEN ${pick('isGenerated', version)} THEN 'generated column' ELSE 'default' END, 'pg_attrdef'::regclass, d.oid, d.adrelid, a.attname::text, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      UNION ALL
      SELECT 'index', 'pg_class'::regclass, i.indexrelid, i.indrelid, x.relname::text,
             concat_ws(', ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
      UNION ALL
      SELECT 'materialized view', 'pg_rewrite'::regclass, r.oid, r.ev_class, v.relname::text, rtrim(pg_get_viewdef(v.oid), '; ')
        FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class WHERE v.relkind = 'm' AND v.relispopulated)
    SELECT e.kind AS "kind", n.nspname::text AS "schema", c.relname::text AS "name", e.expression AS "expression", f.functions AS "functions",
           f.schema AS "functionSchema",
           CASE WHEN e.kind = 'materialized view' THEN '' ELSE e.name || ' of ' END || c.oid::regclass::text AS "what"
      FROM expressions e ${from}
      CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT p.oid::regprocedure::text) AS functions, min(pn.nspname::text) AS schema
          FROM pg_depend d
          LEFT JOIN pg_operator op ON d.refclassid = 'pg_operator'::regclass AND op.oid = d.refobjid
          JOIN pg_proc p ON p.oid = CASE WHEN d.refclassid = 'pg_proc'::regclass THEN d.refobjid ELSE op.oprcode END
          JOIN pg_namespace pn ON pn.oid = p.pronamespace AND pn.nspname <> 'pg_catalog'
          JOIN pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('internal', 'c')
         WHERE d.classid = e.catalog AND d.objid = e.oid) f
     WHERE f.functions IS NOT NULL AND e.kind <> 'default' AND ${USER}
     ORDER BY 2, 3, 7`);
}

/** Evaluates the expression for one row, or for none where the table is empty. Whatever it comes to, only that it can be evaluated counts. */
export function evaluateOnce({kind, expression, schema, name}: CallingExpression): Statement {
  if (kind === 'materialized view') return sql(`SELECT one IS NULL FROM (${expression}) AS one LIMIT 1`);
  return sql(
    `SELECT ROW(${expression}) IS NULL FROM (SELECT 1 AS "longhaul: one") AS "longhaul: always" LEFT JOIN (SELECT * FROM ONLY ${quoteRelation({schema, name})} LIMIT 1) AS "longhaul: row" ON true`,
  );
}

/** The search_path that new sessions of the role have in this database: `shop, public`. */
export function readUsualSearchPath(): Statement<{path: string}> {
  return sql(`SELECT reset_val AS "path" FROM pg_settings WHERE name = 'search_path'`);
}
