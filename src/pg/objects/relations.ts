import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe, pick} from '../session/versions.ts';
import {commentOf, listOf, roleOf, union, UNKNOWN, type Fact, type Reading} from './fact.ts';

const CLASS = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const OF_CLASS = {schema: 'n.nspname', object: ['pg_class', 'c.oid']} as const;
const NAME = 'c.oid::regclass';

const KEPT = "CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END";

/** What every relation has. */
const RELATION = {
  owner: roleOf('c.relowner'),
  options: listOf('c.reloptions'),
  comment: commentOf('c.oid', 'pg_class'),
};

/** Every schema that somebody made, tables, views, sequences, and the rules, policies and extended statistics on them. */
export function readRelationFacts(version: ServerVersion): Statement<Fact> {
  return sql(union(relationReadings(version)));
}

/** How they are read. Pure. */
export function relationReadings(version: ServerVersion): Reading[] {
  return [SCHEMAS, tables(version), ...VIEWS, sequences(version), RULES, ...onTables(version)];
}

const SCHEMAS: Reading = {
  kind: "'schema'",
  schema: 'n.nspname',
  name: 'quote_ident(n.nspname)',
  parts: {
    // Every database is made with public, and who owns it and what is said of it changed over the releases.
    owner: `CASE WHEN n.nspname <> 'public' THEN ${roleOf('n.nspowner')} END`,
    comment: `CASE WHEN n.nspname <> 'public' THEN ${commentOf('n.oid', 'pg_namespace')} END`,
  },
  make: "format('CREATE SCHEMA %I', n.nspname)",
  from: 'pg_namespace n WHERE true',
  object: ['pg_namespace', 'n.oid'],
};

function parents(condition: string): string {
  return `(SELECT string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = c.oid AND ${condition})`;
}

function tables(version: ServerVersion): Reading {
  return {
    ...OF_CLASS,
    kind: "CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END",
    relation: 'c.relname',
    name: NAME,
    parts: {
      ...RELATION,
      kept: KEPT,
      partitioned: pick('partitionKey', version),
      'row security': `CASE WHEN ${pick('rowSecurity', version)} THEN 'ENABLE' ELSE 'DISABLE' END`,
      'forced row security':
        "CASE row_to_json(c) ->> 'relforcerowsecurity' WHEN 'true' THEN 'FORCE' ELSE 'NO FORCE' END",
      'toast options': `(SELECT ${listOf('t.reloptions')} FROM pg_class t WHERE t.oid = c.reltoastrelid)`,
      type: 'CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END',
      inherits: parents(`NOT ${pick('isPartition', version)}`),
      'partition of': parents(pick('isPartition', version)),
      bound: pick('partitionBound', version),
      'access method': pick('tableAccessMethod', version),
      server:
        '(SELECT quote_ident(s.srvname) FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)',
      'foreign options': `(SELECT ${listOf('f.ftoptions')} FROM pg_foreign_table f WHERE f.ftrelid = c.oid)`,
      checks: FOREIGN_CHECKS,
      'keys not enforced': NOT_ENFORCED,
    },
    make: makeTable(version),
    from: `${CLASS} WHERE c.relkind IN ('r', 'p', 'f')`,
  };
}

/** The checks of a foreign table, by their names; those of others are compared by build-indexes. */
const FOREIGN_CHECKS = `CASE c.relkind WHEN 'f' THEN (SELECT string_agg(quote_ident(o.conname) || CASE WHEN o.convalidated THEN '' ELSE ' NOT VALID' END, ', ' ORDER BY o.conname::text COLLATE "C")
          FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'c') END`;

/** Foreign keys whose triggers on this table, which are the server's own, do not fire as they do when a key is made: by ALTER TABLE … DISABLE TRIGGER ALL. */
const NOT_ENFORCED = `(SELECT string_agg(DISTINCT quote_ident(o.conname), ', ') FROM pg_trigger g JOIN pg_constraint o ON o.oid = g.tgconstraint
          WHERE g.tgrelid = c.oid AND g.tgisinternal AND g.tgenabled <> 'O' AND o.contype = 'f')`;

/** The table with its own columns; keys, checks and indexes are objects by themselves. A foreign or typed table only pg_dump writes. */
function makeTable(version: ServerVersion): string {
  const identity = pick('columnIdentity', version);
  const generated = pick('columnGenerated', version);
  const columns = `(SELECT string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        ' COLLATE ' || CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(m.nspname) || '.' || quote_ident(o.collname)
          FROM pg_collation o JOIN pg_namespace m ON m.oid = o.collnamespace WHERE o.oid = a.attcollation) END,
        CASE WHEN ${identity} IS NOT NULL THEN format(' GENERATED %s AS IDENTITY', CASE ${identity} WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END)
             WHEN ${generated} IS NOT NULL THEN format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(f.adbin, f.adrelid), CASE ${generated} WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END)
             ELSE ' DEFAULT ' || pg_get_expr(f.adbin, f.adrelid) END,
        CASE WHEN a.attnotnull THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal)`;
  const bound = pick('partitionBound', version);
  return `CASE WHEN c.relkind IN ('r', 'p') AND c.reloftype = 0 THEN format('CREATE %sTABLE %s %s%s%s%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, ${NAME},
      CASE WHEN ${bound} IS NOT NULL THEN format('PARTITION OF %s %s', ${parents('true')}, ${bound}) ELSE format('(%s)', ${columns}) END,
      CASE WHEN ${bound} IS NULL THEN ' INHERITS (' || ${parents('true')} || ')' END, ' PARTITION BY ' || ${pick('partitionKey', version)},
      ' WITH (' || ${listOf('c.reloptions')} || ')') END`;
}

const VIEWS: readonly Reading[] = [
  {
    ...OF_CLASS,
    kind: "'view'",
    name: NAME,
    parts: {...RELATION, definition: 'pg_get_viewdef(c.oid)'},
    make: `format('CREATE VIEW %s%s AS %s', ${NAME}, ' WITH (' || ${listOf('c.reloptions')} || ')', pg_get_viewdef(c.oid))`,
    from: `${CLASS} WHERE c.relkind = 'v'`,
  },
  {
    ...OF_CLASS,
    kind: "'materialized view'",
    name: NAME,
    parts: {
      ...RELATION,
      definition: 'pg_get_viewdef(c.oid)',
      filled: "CASE WHEN c.relispopulated THEN 'yes' ELSE 'no' END",
    },
    make: `format('CREATE MATERIALIZED VIEW %s AS %s', ${NAME}, regexp_replace(pg_get_viewdef(c.oid), ';$', ''))`,
    from: `${CLASS} WHERE c.relkind = 'm'`,
  },
];

/** `?` where this role may not read it. */
function ofSequence(column: string): string {
  return `coalesce(s.${column}::text, '?')`;
}

function sequences(version: ServerVersion): Reading {
  const owned = `pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')`;
  return {
    ...OF_CLASS,
    kind: "'sequence'",
    relation: `(SELECT t.relname FROM pg_class t WHERE t.oid = (SELECT d.refobjid FROM ${owned} LIMIT 1))`,
    name: NAME,
    parts: {
      // One that belongs to a column has its table's owner.
      owner: `CASE WHEN NOT EXISTS (SELECT FROM ${owned}) THEN ${RELATION.owner} END`,
      comment: RELATION.comment,
      'owned by': `(SELECT d.refobjid::regclass || '.' || quote_ident(a.attname) FROM pg_attribute a, ${owned} AND a.attrelid = d.refobjid AND a.attnum = d.refobjsubid LIMIT 1)`,
      type: ofSequence('type'),
      start: ofSequence('start'),
      increment: ofSequence('increment'),
      minimum: ofSequence('minimum'),
      maximum: ofSequence('maximum'),
      cache: ofSequence('cache'),
      cycle: "CASE s.cycle WHEN true THEN 'CYCLE' WHEN false THEN 'NO CYCLE' ELSE '?' END",
      kept: maybe('unloggedSequences', version) === null ? `'${UNKNOWN}'` : KEPT,
    },
    // That of an identity column comes with the column: made by itself it would be in its way.
    make: `CASE WHEN s.start IS NOT NULL AND NOT EXISTS (SELECT FROM ${owned} AND d.deptype = 'i') THEN format('CREATE %sSEQUENCE %s AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s%s%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, ${NAME}, s.type, s.start, s.increment, s.minimum, s.maximum, ' CACHE ' || s.cache::text, CASE WHEN s.cycle THEN ' CYCLE' END) END`,
    from: `${CLASS} LEFT JOIN LATERAL (${pick('sequenceParts', version)}) s ON true WHERE c.relkind = 'S'`,
  };
}

const RULES: Reading = {
  kind: "'rule'",
  schema: 'n.nspname',
  relation: "CASE WHEN c.relkind IN ('r', 'p', 'f') THEN c.relname END",
  name: `quote_ident(r.rulename) || ' ON ' || ${NAME}`,
  parts: {definition: 'pg_get_ruledef(r.oid)', enabled: 'r.ev_enabled', comment: commentOf('r.oid', 'pg_rewrite')},
  make: 'pg_get_ruledef(r.oid)',
  from: `pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN'`,
  object: ['pg_class', 'c.oid'],
  id: 'r.oid',
};

function onTables(version: ServerVersion): Reading[] {
  const policies = maybe('policies', version);
  const statistics = maybe('extendedStatistics', version);
  return [
    ...(policies === null ? [] : [policiesOf(policies)]),
    ...(statistics === null ? [] : [statisticsOf(statistics)]),
  ];
}

function policiesOf(catalog: string): Reading {
  const command =
    "CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END";
  const permissive = "CASE row_to_json(p) ->> 'polpermissive' WHEN 'false' THEN 'RESTRICTIVE' ELSE 'PERMISSIVE' END";
  const roles = `(SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE quote_ident(${roleOf('o')}) END, ', ' ORDER BY ${roleOf('o')}::text COLLATE "C") FROM unnest(p.polroles) AS o)`;
  const [using, check] = ['pg_get_expr(p.polqual, p.polrelid)', 'pg_get_expr(p.polwithcheck, p.polrelid)'];
  return {
    kind: "'policy'",
    schema: 'n.nspname',
    relation: 'c.relname',
    name: `quote_ident(p.polname) || ' ON ' || ${NAME}`,
    parts: {command, permissive, roles, using, check, comment: commentOf('p.oid', catalog)},
    // PERMISSIVE has no word before 10, and is what is meant without one.
    make: `format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, ${NAME}, ${permissive}, ${command}, ${roles}, ' USING (' || ${using} || ')', ' WITH CHECK (' || ${check} || ')')`,
    from: `${catalog} p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE true`,
    object: ['pg_class', 'c.oid'],
    id: 'p.oid',
  };
}

function statisticsOf(catalog: string): Reading {
  return {
    kind: "'statistics'",
    schema: 'n.nspname',
    name: "quote_ident(n.nspname) || '.' || quote_ident(x.stxname)",
    parts: {
      definition: 'pg_get_statisticsobjdef(x.oid)',
      target: "NULLIF(row_to_json(x) ->> 'stxstattarget', '-1')",
      owner: roleOf('x.stxowner'),
      comment: commentOf('x.oid', catalog),
    },
    make: 'pg_get_statisticsobjdef(x.oid)',
    from: `${catalog} x JOIN pg_namespace n ON n.oid = x.stxnamespace WHERE true`,
    object: [catalog, 'x.oid'],
  };
}
