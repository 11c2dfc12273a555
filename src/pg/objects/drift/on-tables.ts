import {commentOf, type Reading} from '../fact.ts';

const OF_TABLE = {schema: 'n.nspname', relation: 'c.relname'} as const;
const CLASS = 'JOIN pg_namespace n ON n.oid = c.relnamespace';
const NAME = 'c.oid::regclass';

const INDEX: Reading = {
  ...OF_TABLE,
  kind: "'index'",
  name: 'i.indexrelid::regclass',
  parts: {
    definition: 'pg_get_indexdef(i.indexrelid)',
    valid: "CASE WHEN i.indisvalid AND i.indisready THEN 'yes' ELSE 'no' END",
    comment: commentOf('i.indexrelid', 'pg_class'),
  },
  // Of a partitioned table it says ONLY, and would be an index of nothing.
  make: "regexp_replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')",
  from: `pg_index i JOIN pg_class c ON c.oid = i.indrelid ${CLASS} WHERE NOT EXISTS (
           SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x'))`,
  object: ['pg_class', 'i.indrelid'],
  id: 'i.indexrelid',
  inherited: 'EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)',
};

/** What a partition has of its parent comes with the parent's. NOT NULL, which is a constraint from 18 on, its column has. */
const CONSTRAINT: Reading = {
  ...OF_TABLE,
  kind: "'constraint'",
  name: `quote_ident(o.conname) || ' ON ' || ${NAME}`,
  parts: {
    definition: "regexp_replace(pg_get_constraintdef(o.oid), ' NOT VALID$', '')",
    validated: "CASE WHEN o.convalidated THEN 'yes' ELSE 'no' END",
    comment: commentOf('o.oid', 'pg_constraint'),
  },
  make: `format('ALTER TABLE %s ADD CONSTRAINT %I %s', ${NAME}, o.conname, pg_get_constraintdef(o.oid))`,
  from: `pg_constraint o JOIN pg_class c ON c.oid = o.conrelid ${CLASS} WHERE o.contype IN ('p', 'u', 'x', 'f', 'c') AND o.coninhcount = 0`,
  object: ['pg_class', 'o.conrelid'],
  id: 'o.oid',
};

const TRIGGER: Reading = {
  ...OF_TABLE,
  kind: "'trigger'",
  name: `quote_ident(t.tgname) || ' ON ' || ${NAME}`,
  parts: {
    definition: 'pg_get_triggerdef(t.oid)',
    enabled: 't.tgenabled',
    comment: commentOf('t.oid', 'pg_trigger'),
  },
  make: 'pg_get_triggerdef(t.oid)',
  from: `pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid ${CLASS} WHERE NOT t.tgisinternal AND coalesce(row_to_json(t) ->> 'tgparentid', '0') = '0' AND left(t.tgname, 13) <> 'longhaul_shut'`,
  object: ['pg_class', 't.tgrelid'],
  id: 't.oid',
};

/**
 * Whether a table's rows were written anew: its file is another, and so are rows of pg_attribute that say what its columns are. TRUNCATE, CLUSTER and VACUUM FULL
 * give it another file and leave those alone.
 */
const REWRITE: Reading = {
  ...OF_TABLE,
  kind: "'rewrite'",
  name: NAME,
  parts: {
    file: 'c.relfilenode',
    columns: `(SELECT string_agg(a.xmin::text, ' ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)`,
    // From 11 on: columns that were added with a value for the rows that were there, which are not written anew for it.
    missing: `(SELECT string_agg(a.attnum::text, ' ' ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND row_to_json(a) ->> 'atthasmissing' = 'true')`,
  },
  from: `pg_class c ${CLASS} WHERE c.relkind IN ('r', 'm')`,
  object: ['pg_class', 'c.oid'],
};

const REPLICA_IDENTITY: Reading = {
  ...OF_TABLE,
  kind: "'replica identity'",
  name: NAME,
  parts: {
    value: `CASE c.relreplident WHEN 'd' THEN 'DEFAULT' WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL' ELSE
      'USING INDEX ' || (SELECT quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident) END`,
  },
  from: `pg_class c ${CLASS} WHERE c.relkind IN ('r', 'p')`,
  object: ['pg_class', 'c.oid'],
};

interface Granted {
  readonly catalog: string;
  readonly word: string;
  /** Name, schema and relation of what is granted on, its owner and its list, from `o`. */
  readonly name: string;
  readonly schema: string;
  readonly relation: string;
  readonly owner: string;
  readonly list: string;
  readonly from: string;
  readonly where?: string;
  readonly column?: string;
  readonly oid?: string;
}

const USUAL = (list: string, kind: string, owner: string): string =>
  `coalesce(${list}, acldefault((${kind})::"char", ${owner}))`;

const GRANTED: readonly Granted[] = [
  {
    catalog: 'pg_class',
    word: "CASE o.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END",
    name: 'o.oid::regclass::text',
    schema: 'n.nspname',
    relation: "CASE WHEN o.relkind IN ('r', 'p', 'f') THEN o.relname END",
    owner: 'o.relowner',
    list: USUAL('o.relacl', "CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END", 'o.relowner'),
    from: 'pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace',
    where: "o.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')",
  },
  {
    catalog: 'pg_class',
    word: "'TABLE'",
    name: 'o.oid::regclass::text',
    schema: 'n.nspname',
    relation: "CASE WHEN o.relkind IN ('r', 'p', 'f') THEN o.relname END",
    owner: 'o.relowner',
    list: 'a.attacl',
    from: 'pg_attribute a JOIN pg_class o ON o.oid = a.attrelid JOIN pg_namespace n ON n.oid = o.relnamespace',
    where: 'a.attacl IS NOT NULL AND NOT a.attisdropped',
    column: "' (' || quote_ident(a.attname) || ')'",
    oid: 'a.attrelid',
  },
  {
    catalog: 'pg_namespace',
    word: "'SCHEMA'",
    name: 'quote_ident(o.nspname)',
    schema: 'o.nspname',
    relation: 'NULL::text',
    owner: 'o.nspowner',
    list: USUAL('o.nspacl', "'n'", 'o.nspowner'),
    from: 'pg_namespace o',
  },
  {
    catalog: 'pg_proc',
    word: "'FUNCTION'",
    name: 'o.oid::regprocedure::text',
    schema: 'n.nspname',
    relation: 'NULL::text',
    owner: 'o.proowner',
    list: USUAL('o.proacl', "'f'", 'o.proowner'),
    from: 'pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace',
  },
  {
    catalog: 'pg_type',
    word: "'TYPE'",
    name: 'o.oid::regtype::text',
    schema: 'n.nspname',
    relation: 'NULL::text',
    owner: 'o.typowner',
    list: USUAL('o.typacl', "'T'", 'o.typowner'),
    from: 'pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace',
    where: `(o.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = o.typrelid AND c.relkind = 'c'))
         AND NOT EXISTS (SELECT FROM pg_type one WHERE one.typarray = o.oid)`,
  },
];

/** What is in no schema. */
const FOREIGN: readonly Granted[] = [
  {
    catalog: 'pg_foreign_server',
    word: "'FOREIGN SERVER'",
    name: 'quote_ident(o.srvname)',
    schema: 'NULL',
    relation: 'NULL::text',
    owner: 'o.srvowner',
    list: USUAL('o.srvacl', "'S'", 'o.srvowner'),
    from: 'pg_foreign_server o',
  },
  {
    catalog: 'pg_foreign_data_wrapper',
    word: "'FOREIGN DATA WRAPPER'",
    name: 'quote_ident(o.fdwname)',
    schema: 'NULL',
    relation: 'NULL::text',
    owner: 'o.fdwowner',
    list: USUAL('o.fdwacl', "'F'", 'o.fdwowner'),
    from: 'pg_foreign_data_wrapper o',
  },
];

/** Who may do what, whoever gave it; not the owner. */
function grants({
  catalog,
  word,
  name,
  schema,
  relation,
  owner,
  list,
  from,
  where = 'true',
  column = "''",
  oid = 'o.oid',
}: Granted): Reading {
  const to = "CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END";
  const what = "g.privilege || g.col || ' ON ' || g.word || ' ' || g.name";
  return {
    kind: "'grant'",
    schema: schema === 'NULL' ? 'NULL' : 'g.schema',
    relation: 'g.relation',
    name: `${what} || ' TO ' || ${to}`,
    parts: {
      'grant option': "CASE WHEN g.grantable THEN 'WITH GRANT OPTION' END",
      everybody: "CASE WHEN g.grantee = 0 AND g.word IN ('FUNCTION', 'TYPE') THEN 'by default' END",
      back: `'REVOKE ' || ${what} || ' FROM ' || ${to}`,
    },
    make: `'GRANT ' || ${what} || ' TO ' || ${to} || CASE WHEN g.grantable THEN ' WITH GRANT OPTION' ELSE '' END`,
    from: `(SELECT ${oid} AS oid, ${word} AS word, ${name} AS name, ${schema}::text AS schema, ${relation} AS relation, ${column} AS col,
                   x.grantee, x.privilege_type AS privilege, bool_or(x.is_grantable) AS grantable
              FROM ${from} CROSS JOIN LATERAL aclexplode(${list}) x
             WHERE ${where} AND x.grantee <> ${owner} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) g WHERE true`,
    object: [catalog, 'g.oid'],
    id: 'NULL',
  };
}

/** Of what is on a table or granted, what compare-objects compares by other statements: its indexes, constraints, triggers and privileges; and whether its rows were written anew. Pure. */
export function driftReadings(): Reading[] {
  return [INDEX, CONSTRAINT, TRIGGER, REWRITE, REPLICA_IDENTITY, ...[...GRANTED, ...FOREIGN].map((one) => grants(one))];
}
