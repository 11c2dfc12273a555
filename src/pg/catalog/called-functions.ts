import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** An expression that is evaluated while rows are loaded or indexes are built, and calls functions that somebody wrote. */
export interface CallingExpression extends RelationName {
  readonly kind: 'check' | 'domain' | 'generated column' | 'partition key' | 'index' | 'materialized view';
  /** `orders_kind_check of shop.orders`, as people are told. */
  readonly what: string;
  /** As the server writes it with an empty search_path: `shop.known_kind(kind)`; a whole query for a materialized view. */
  readonly expression: string;
  /** The functions that it calls itself: `shop.known_kind(text)`. */
  readonly functions: string[];
  /** Those of them that are an extension's: it makes them anew on the target, as its script has them. */
  readonly ofExtensions: string[];
  /** The schema of the first of them. */
  readonly functionSchema: string;
}

const USER = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;

/**
 * Check constraints, those of the domains of columns and of what is inside of their types, generated columns, partition keys, expressions and predicates of indexes, materialized views with
 * the views that they read; those that call nobody's own function left out. The largest tables come first.
 */
export function readCallingExpressions(version: ServerVersion): Statement<CallingExpression> {
  return sql(`
    WITH RECURSIVE ${DOMAINS}, ${insideOf(version)}, ${RULES}, expressions AS (
      SELECT 'check'::text AS kind, 'pg_constraint'::regclass AS catalog, ARRAY[o.oid] AS oids, o.conrelid AS relation, o.conname::text AS name, pg_get_expr(o.conbin, o.conrelid) AS expression
        FROM pg_constraint o WHERE o.contype = 'c' AND o.conrelid <> 0
      UNION ALL
      SELECT 'domain', 'pg_constraint'::regclass, ARRAY[o.oid], a.attrelid, o.conname || ' of ' || format_type(d.domain, NULL) || ', column ' || a.attname,
             format('CAST(CAST(%1$I AS %2$s%3$s) AS %4$s%3$s)', a.attname, format_type(d.bottom, NULL), CASE WHEN a.atttypid = t.typarray THEN '[]' ELSE '' END, format_type(d.domain, NULL))
        FROM domains d JOIN pg_constraint o ON o.contypid = d.part JOIN pg_type t ON t.oid = d.domain
        JOIN pg_attribute a ON a.atttypid IN (t.oid, nullif(t.typarray, 0)) AND NOT a.attisdropped
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
      UNION ALL
      SELECT 'domain', 'pg_constraint'::regclass, ARRAY[o.oid], a.attrelid,
             o.conname || ' of ' || format_type(i.part, NULL) || ' in ' || format_type(a.atttypid, NULL) || ', column ' || a.attname,
             format('CAST(CAST(%I AS text) AS %s)', a.attname, format_type(a.atttypid, NULL))
        FROM inside i JOIN pg_constraint o ON o.contypid = i.part
        JOIN pg_attribute a ON a.atttypid = i.whole AND NOT a.attisdropped JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
       WHERE NOT EXISTS (SELECT FROM domains d JOIN pg_type t ON t.oid = d.domain WHERE d.part = i.part AND i.whole IN (t.oid, t.typarray))
      UNION ALL
      SELECT CASE WHEN ${pick('isGenerated', version)} THEN 'generated column' ELSE 'default' END, 'pg_attrdef'::regclass, ARRAY[d.oid], d.adrelid, a.attname::text, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      UNION ALL ${pick('partitionKeys', version)}
      UNION ALL
      SELECT 'index', 'pg_class'::regclass, ARRAY[i.indexrelid], i.indrelid, x.relname::text,
             concat_ws(', ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
      UNION ALL
      SELECT 'materialized view', 'pg_rewrite'::regclass, array_agg(r.rule), r.view, '', rtrim(pg_get_viewdef(r.view), '; ') FROM rules r GROUP BY r.view)
    SELECT e.kind AS "kind", n.nspname::text AS "schema", c.relname::text AS "name", e.expression AS "expression", f.functions AS "functions",
           coalesce(f.extensions, '{}') AS "ofExtensions", f.schema AS "functionSchema", CASE WHEN e.name = '' THEN '' ELSE e.name || ' of ' END || c.oid::regclass::text AS "what"
      FROM expressions e JOIN pg_class c ON c.oid = e.relation JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT p.oid::regprocedure::text) AS functions,
               array_agg(DISTINCT p.oid::regprocedure::text) FILTER (WHERE EXISTS (
                 SELECT FROM pg_depend m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid AND m.deptype = 'e')) AS extensions, min(pn.nspname::text) AS schema
          FROM pg_depend d
          LEFT JOIN pg_operator op ON d.refclassid = 'pg_operator'::regclass AND op.oid = d.refobjid
          JOIN pg_proc p ON p.oid = CASE WHEN d.refclassid = 'pg_proc'::regclass THEN d.refobjid ELSE op.oprcode END
          JOIN pg_namespace pn ON pn.oid = p.pronamespace AND pn.nspname <> 'pg_catalog'
          JOIN pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('internal', 'c')
         WHERE d.classid = e.catalog AND d.objid = ANY (e.oids)) f
     WHERE f.functions IS NOT NULL AND e.kind <> 'default' AND ${USER}
     ORDER BY c.reltuples DESC, 2, 3, 7`);
}

/** Domains, the domains that each is made over, and the type at the bottom: the constraints of all of them hold for a value. */
const DOMAINS = `layers AS (
      SELECT t.oid AS domain, t.oid AS part, t.typbasetype AS base FROM pg_type t WHERE t.typtype = 'd'
      UNION ALL
      SELECT o.domain, t.oid, t.typbasetype FROM layers o JOIN pg_type t ON t.oid = o.base AND t.typtype = 'd'),
    domains AS (
      SELECT o.domain, o.part, b.base AS bottom FROM layers o JOIN layers b ON b.domain = o.domain
       WHERE NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = b.base AND t.typtype = 'd'))`;

/** What is inside of the types of columns, at any depth, `whole` and `part`: themselves, attributes, elements, what ranges are over, what domains are made of. Input evaluates the domains among them. A part of WITH RECURSIVE. */
export function insideOf(version: ServerVersion): string {
  return `inside AS (
      SELECT DISTINCT a.atttypid AS whole, a.atttypid AS part
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_namespace tn ON tn.oid = t.typnamespace AND tn.nspname NOT IN ('pg_catalog', 'information_schema')
       WHERE NOT a.attisdropped AND a.attnum > 0
      UNION
      SELECT i.whole, n.part FROM inside i JOIN pg_type t ON t.oid = i.part CROSS JOIN LATERAL (
        SELECT t.typelem AS part WHERE t.typelem <> 0
        UNION ALL SELECT t.typbasetype WHERE t.typtype = 'd'
        UNION ALL SELECT b.atttypid FROM pg_attribute b WHERE t.typtype = 'c' AND b.attrelid = t.typrelid AND b.attnum > 0 AND NOT b.attisdropped
        UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
        UNION ALL ${pick('rangeOfMultirange', version)}) n)`;
}

/** The rules of materialized views that are filled, and of the views that they read. */
const RULES = `rules AS (
      SELECT v.oid AS view, r.oid AS rule FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class WHERE v.relkind = 'm' AND v.relispopulated
      UNION
      SELECT u.view, r.oid FROM rules u
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = u.rule AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class v ON v.oid = d.refobjid AND v.relkind = 'v' JOIN pg_rewrite r ON r.ev_class = v.oid)`;

/** Functions that are strict are not called for the row that has nothing to give them. */
const ROWS = 20;

/**
 * Evaluates the expression for some rows, or for none where the table is empty. Whatever it comes to, only that it can be evaluated counts. As text, for before 11 no
 * aggregate takes a row of no type. The table goes by its own name, for an expression may take a whole row: `f(orders.*)`.
 */
export function evaluateOnce({kind, expression, schema, name}: CallingExpression): Statement {
  if (kind === 'materialized view') return sql(`SELECT one IS NULL FROM (${expression}) AS one LIMIT 1`);
  // The table with a partition key has no rows itself.
  const from = `${kind === 'partition key' ? '' : 'ONLY '}${quoteRelation({schema, name})}`;
  return sql(
    `SELECT count("longhaul: value") FROM (SELECT ROW(${expression})::text AS "longhaul: value" FROM (SELECT 1 AS "longhaul: one") AS "longhaul: always" LEFT JOIN ${from} ON true LIMIT ${ROWS}) AS "longhaul: rows"`,
  );
}

/** The search_path that new sessions of the role have in this database: `shop, public`. */
export function readUsualSearchPath(): Statement<{path: string}> {
  return sql(`SELECT reset_val AS "path" FROM pg_settings WHERE name = 'search_path'`);
}
