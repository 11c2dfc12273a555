import {sql, type Statement} from '../session/statement.ts';
import {commentOf, roleOf, union, UNKNOWN, type Fact, type Reading} from './fact.ts';

const NAME = 't.oid::regtype';
const FROM = 'pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace';
const OF_TYPE = {schema: 'n.nspname', object: ['pg_type', 't.oid']} as const;
const OWN = {owner: roleOf('t.typowner'), comment: commentOf('t.oid', 'pg_type')};
const LABELS =
  "(SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)";
const NOT_ITS_TYPES = 'CASE WHEN a.attcollation <> s.typcollation THEN';
const COLUMNS = `(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
           || coalesce(' COLLATE ' || ${NOT_ITS_TYPES} (SELECT quote_ident(cn.nspname) || '.' || quote_ident(o.collname) FROM pg_collation o JOIN pg_namespace cn ON cn.oid = o.collnamespace WHERE o.oid = a.attcollation) END, ''), ', ' ORDER BY a.attnum)
           FROM pg_attribute a JOIN pg_type s ON s.oid = a.atttypid WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)`;
const ATTRIBUTE_COMMENTS = `(SELECT string_agg(quote_ident(a.attname) || ' ' || quote_literal(d.description), ', ' ORDER BY a.attnum)
           FROM pg_attribute a JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
          WHERE a.attrelid = t.typrelid AND NOT a.attisdropped)`;
const RANGE_CLASS = `(SELECT quote_ident(cn.nspname) || '.' || quote_ident(c.opcname) FROM pg_opclass c JOIN pg_namespace cn ON cn.oid = c.opcnamespace WHERE c.oid = r.rngsubopc)`;
const RANGE_COLLATION = `(SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
           FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace WHERE l.oid = r.rngcollation AND l.collname <> 'default')`;
/** From 14 on each range type has one. */
const MULTIRANGE = "(row_to_json(r) ->> 'rngmultitypid')::oid::regtype::text";
const COLLATION = `CASE WHEN t.typcollation <> b.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(o.collname)
           FROM pg_collation o JOIN pg_namespace cn ON cn.oid = o.collnamespace WHERE o.oid = t.typcollation) END`;

const BASE_TYPE: Reading = {
  ...OF_TYPE,
  kind: "'type'",
  name: NAME,
  parts: {
    ...OWN,
    input: 't.typinput::oid::regprocedure',
    output: 't.typoutput::oid::regprocedure',
    'receive and send': "concat_ws(' ', NULLIF(t.typreceive::text, '-'), NULLIF(t.typsend::text, '-'))",
    layout: "concat_ws(' ', t.typlen, t.typbyval, t.typalign, t.typstorage)",
    category: "t.typcategory::text || CASE WHEN t.typispreferred THEN ' preferred' ELSE '' END",
    delimiter: 't.typdelim',
    default: 't.typdefault',
    'typmod functions': "concat_ws(' ', NULLIF(t.typmodin::text, '-'), NULLIF(t.typmodout::text, '-'))",
    analyze: "NULLIF(t.typanalyze::text, '-')",
    element: 'CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END',
    collatable: "CASE WHEN t.typcollation <> 0 THEN 'yes' END",
  },
  from: `${FROM} WHERE t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type one WHERE one.typarray = t.oid)`,
};

/** How types of every sort, domains with their constraints and collations are read. */
export const TYPE_READINGS: readonly Reading[] = [
  {
    ...OF_TYPE,
    kind: "'type'",
    name: NAME,
    parts: {...OWN, labels: LABELS},
    make: `format('CREATE TYPE %s AS ENUM (%s)', ${NAME}, ${LABELS})`,
    from: `${FROM} WHERE t.typtype = 'e'`,
  },
  {
    ...OF_TYPE,
    kind: "'type'",
    name: NAME,
    parts: {
      ...OWN,
      attributes: COLUMNS,
      'attribute comments': ATTRIBUTE_COMMENTS,
      comment: "coalesce(obj_description(t.oid, 'pg_type'), obj_description(t.typrelid, 'pg_class'))",
    },
    make: `format('CREATE TYPE %s AS (%s)', ${NAME}, ${COLUMNS})`,
    from: `${FROM} JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' WHERE t.typtype = 'c'`,
  },
  {
    ...OF_TYPE,
    kind: "'type'",
    name: NAME,
    parts: {
      ...OWN,
      subtype: 'format_type(r.rngsubtype, NULL)',
      'operator class': RANGE_CLASS,
      collation: RANGE_COLLATION,
      multirange: `coalesce(${MULTIRANGE}, '${UNKNOWN}')`,
      canonical: "NULLIF(r.rngcanonical::text, '-')",
      'difference function': "NULLIF(r.rngsubdiff::text, '-')",
    },
    make: `format('CREATE TYPE %s AS RANGE (SUBTYPE = %s, SUBTYPE_OPCLASS = %s%s%s%s)', ${NAME}, format_type(r.rngsubtype, NULL), ${RANGE_CLASS},
             ', COLLATION = ' || ${RANGE_COLLATION}, ', SUBTYPE_DIFF = ' || NULLIF(r.rngsubdiff::text, '-'), ', MULTIRANGE_TYPE_NAME = ' || ${MULTIRANGE})`,
    from: `${FROM} JOIN pg_range r ON r.rngtypid = t.oid WHERE t.typtype = 'r'`,
  },
  BASE_TYPE,
  {
    ...OF_TYPE,
    kind: "'domain'",
    name: NAME,
    parts: {
      ...OWN,
      type: 'format_type(t.typbasetype, t.typtypmod)',
      collation: COLLATION,
      default: 'pg_get_expr(t.typdefaultbin, 0)',
      'not null': "CASE WHEN t.typnotnull THEN 'NOT NULL' END",
    },
    make: `format('CREATE DOMAIN %s AS %s%s%s%s', ${NAME}, format_type(t.typbasetype, t.typtypmod), ' COLLATE ' || ${COLLATION},
             ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), CASE WHEN t.typnotnull THEN ' NOT NULL' END)`,
    from: `${FROM} JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd'`,
  },
  {
    ...OF_TYPE,
    kind: "'domain constraint'",
    name: `quote_ident(o.conname) || ' ON ' || ${NAME}`,
    parts: {
      definition: "regexp_replace(pg_get_constraintdef(o.oid), ' NOT VALID$', '')",
      validated: "CASE WHEN o.convalidated THEN 'yes' ELSE 'no' END",
      type: 'format_type(t.typbasetype, t.typtypmod)',
      comment: commentOf('o.oid', 'pg_constraint'),
    },
    make: `format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', ${NAME}, o.conname, pg_get_constraintdef(o.oid))`,
    // From 17 on NOT NULL is one, too: the domain says so itself.
    from: `pg_constraint o JOIN pg_type t ON t.oid = o.contypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE o.contype = 'c'`,
    id: 'o.oid',
  },
  {
    schema: 'n.nspname',
    object: ['pg_collation', 'l.oid'],
    kind: "'collation'",
    name: "quote_ident(n.nspname) || '.' || quote_ident(l.collname)",
    parts: {
      owner: roleOf('l.collowner'),
      comment: commentOf('l.oid', 'pg_collation'),
      provider: "coalesce(row_to_json(l) ->> 'collprovider', 'c')",
      // An ICU locale moved from one column to the next, twice.
      locale:
        "coalesce(row_to_json(l) ->> 'collcollate', row_to_json(l) ->> 'colllocale', row_to_json(l) ->> 'colliculocale')",
      ctype: "CASE coalesce(row_to_json(l) ->> 'collprovider', 'c') WHEN 'c' THEN row_to_json(l) ->> 'collctype' END",
      deterministic: "coalesce(row_to_json(l) ->> 'collisdeterministic', 'true')",
      rules: "row_to_json(l) ->> 'collicurules'",
    },
    from: `pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE true`,
  },
];

/** Types of every sort, domains with their constraints, and collations; not what a table, or another type, brings with it. */
export function readTypeFacts(): Statement<Fact> {
  return sql(union(TYPE_READINGS));
}
