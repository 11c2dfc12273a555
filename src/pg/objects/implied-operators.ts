import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe} from '../session/versions.ts';

/** Something whose definition has an operator that no dump can write with its schema. */
export interface ImpliedOperator {
  readonly kind: 'view' | 'check' | 'default' | 'index' | 'trigger' | 'policy';
  /** `of_ext_c_check of public.of_ext`; `public.compared`. */
  readonly what: string;
  readonly schema: string;
  /** `public.=(public.citext,public.citext)`. */
  readonly operator: string;
}

const USER = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;

/**
 * IS DISTINCT FROM, NULLIF, CASE … WHEN, JOIN … USING and NATURAL JOIN have their operator by the grammar, and are read back with the one that search_path has. In a stored tree each has its operator's number.
 * Source: src/backend/utils/adt/ruleutils.c, which qualifies every other.
 */
const IMPLIED = [
  String.raw`\{(?:DISTINCT|NULLIF)EXPR :opno (\d+)`,
  String.raw`\{OPEXPR :opno (\d+) [^{}]*:args \(\{(?:RELABELTYPE :arg \{)?CASETESTEXPR`,
  String.raw`:usingClause \("[^{}]*:quals \{(?:BOOLEXPR [^{}]*\{)?OPEXPR :opno (\d+)`,
].join('|');

/** What of the application's own has such an operator that is none of PostgreSQL's: a restore refuses it, or takes another without a word. */
export function readImpliedOperators(version: ServerVersion): Statement<ImpliedOperator> {
  const catalog = maybe('policies', version);
  const policies =
    catalog === null
      ? ''
      : `UNION ALL SELECT 'policy', p.polname || ' of ' || p.polrelid::regclass, p.polrelid, concat(p.polqual, p.polwithcheck) FROM ${catalog} p`;
  return sql(`
    WITH trees AS (
      SELECT 'view'::text AS kind, r.ev_class::regclass::text AS what, r.ev_class AS relation, concat(r.ev_action, r.ev_qual) AS tree FROM pg_rewrite r
      UNION ALL SELECT 'check', o.conname || ' of ' || o.conrelid::regclass, o.conrelid, o.conbin::text FROM pg_constraint o WHERE o.contype = 'c' AND o.conrelid <> 0
      UNION ALL SELECT 'default', a.attname || ' of ' || d.adrelid::regclass, d.adrelid, d.adbin::text FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      UNION ALL SELECT 'index', i.indexrelid::regclass::text, i.indrelid, concat(i.indexprs, i.indpred) FROM pg_index i WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
      UNION ALL SELECT 'trigger', t.tgname || ' of ' || t.tgrelid::regclass, t.tgrelid, t.tgqual::text FROM pg_trigger t WHERE t.tgqual IS NOT NULL
      ${policies})
    SELECT DISTINCT t.kind AS "kind", t.what AS "what", n.nspname::text AS "schema", o.oid::regoperator::text AS "operator"
      FROM trees t JOIN pg_class c ON c.oid = t.relation JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL regexp_matches(t.tree, '${IMPLIED}', 'g') AS found (numbers)
      JOIN pg_operator o ON o.oid = coalesce(found.numbers[1], found.numbers[2], found.numbers[3])::oid JOIN pg_namespace m ON m.oid = o.oprnamespace
     WHERE m.nspname <> 'pg_catalog' AND t.tree ~ 'DISTINCTEXPR|NULLIFEXPR|CASETESTEXPR|usingClause [(]' AND ${USER}
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
     ORDER BY 1, 2, 4`);
}
