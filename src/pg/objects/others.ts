import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe, pick} from '../session/versions.ts';
import {commentOf, listOf, roleOf, union, type Fact, type Reading} from './fact.ts';

/** FirstNormalObjectId: what has a lower oid came with the server. Source: src/include/access/transam.h */
const FIRST_OF_USERS = 16_384;

const SEARCH = (catalog: string, alias: string, name: string): Pick<Reading, 'schema' | 'name' | 'object'> => ({
  schema: 'n.nspname',
  name: `quote_ident(n.nspname) || '.' || quote_ident(${alias}.${name})`,
  object: [catalog, `${alias}.oid`],
});

const MAPPINGS = `(SELECT string_agg(maps.one, '; ' ORDER BY maps.one COLLATE "C") FROM (
      SELECT m.maptokentype::text || ' WITH ' || string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS one
        FROM pg_ts_config_map m WHERE m.mapcfg = g.oid GROUP BY m.maptokentype) maps)`;

const READINGS: readonly Reading[] = [
  {
    ...SEARCH('pg_ts_parser', 'p', 'prsname'),
    kind: "'text search parser'",
    parts: {
      functions:
        "concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prslextype, 'HEADLINE ' || NULLIF(p.prsheadline::text, '-'))",
      comment: commentOf('p.oid', 'pg_ts_parser'),
    },
    from: 'pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE true',
  },
  {
    ...SEARCH('pg_ts_template', 'm', 'tmplname'),
    kind: "'text search template'",
    parts: {functions: "concat_ws(' ', m.tmplinit, m.tmpllexize)", comment: commentOf('m.oid', 'pg_ts_template')},
    from: 'pg_ts_template m JOIN pg_namespace n ON n.oid = m.tmplnamespace WHERE true',
  },
  {
    ...SEARCH('pg_ts_dict', 'd', 'dictname'),
    kind: "'text search dictionary'",
    parts: {
      owner: roleOf('d.dictowner'),
      comment: commentOf('d.oid', 'pg_ts_dict'),
      template:
        "(SELECT quote_ident(mn.nspname) || '.' || quote_ident(m.tmplname) FROM pg_ts_template m JOIN pg_namespace mn ON mn.oid = m.tmplnamespace WHERE m.oid = d.dicttemplate)",
      options: 'd.dictinitoption',
    },
    make: `format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %s%s)', n.nspname, d.dictname,
             (SELECT quote_ident(mn.nspname) || '.' || quote_ident(m.tmplname) FROM pg_ts_template m JOIN pg_namespace mn ON mn.oid = m.tmplnamespace WHERE m.oid = d.dicttemplate), ', ' || d.dictinitoption)`,
    from: 'pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE true',
  },
  {
    ...SEARCH('pg_ts_config', 'g', 'cfgname'),
    kind: "'text search configuration'",
    parts: {
      owner: roleOf('g.cfgowner'),
      comment: commentOf('g.oid', 'pg_ts_config'),
      parser:
        "(SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = g.cfgparser)",
      mappings: MAPPINGS,
    },
    from: 'pg_ts_config g JOIN pg_namespace n ON n.oid = g.cfgnamespace WHERE true',
  },
  {
    kind: "'extension'",
    schema: 'NULL',
    name: 'quote_ident(x.extname)',
    parts: {schema: 'quote_ident(n.nspname)', version: 'x.extversion'},
    make: "format('CREATE EXTENSION %I SCHEMA %I', x.extname, n.nspname)",
    from: "pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname NOT IN ('plpgsql', 'pglogical', 'pglogical_origin')",
    object: ['pg_extension', 'x.oid'],
  },
  {
    kind: "'foreign data wrapper'",
    schema: 'NULL',
    name: 'quote_ident(w.fdwname)',
    parts: {
      owner: roleOf('w.fdwowner'),
      comment: commentOf('w.oid', 'pg_foreign_data_wrapper'),
      handler: "NULLIF(w.fdwhandler::regproc::text, '-')",
      validator: "NULLIF(w.fdwvalidator::regproc::text, '-')",
      options: listOf('w.fdwoptions'),
    },
    from: 'pg_foreign_data_wrapper w WHERE true',
    object: ['pg_foreign_data_wrapper', 'w.oid'],
  },
  {
    kind: "'server'",
    schema: 'NULL',
    name: 'quote_ident(s.srvname)',
    parts: {
      owner: roleOf('s.srvowner'),
      comment: commentOf('s.oid', 'pg_foreign_server'),
      wrapper: '(SELECT quote_ident(w.fdwname) FROM pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw)',
      type: 's.srvtype',
      version: 's.srvversion',
      options: listOf('s.srvoptions'),
    },
    from: 'pg_foreign_server s WHERE true',
    object: ['pg_foreign_server', 's.oid'],
  },
  {
    kind: "'user mapping'",
    schema: 'NULL',
    name: "'FOR ' || CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END || ' SERVER ' || quote_ident(u.srvname)",
    parts: {},
    make: "format('CREATE USER MAPPING FOR %s SERVER %I', CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname)",
    from: 'pg_user_mappings u WHERE true',
    object: ['pg_foreign_server', 'u.srvid'],
    id: 'u.umid',
  },
  {
    kind: "'language'",
    schema: 'NULL',
    name: 'quote_ident(l.lanname)',
    parts: {trusted: 'l.lanpltrusted'},
    from: 'pg_language l WHERE l.lanispl',
    object: ['pg_language', 'l.oid'],
  },
  {
    kind: "'access method'",
    schema: 'NULL',
    name: 'quote_ident(m.amname)',
    // Before 9.6 nobody could make one.
    parts: {
      handler: "row_to_json(m) ->> 'amhandler'",
      type: "row_to_json(m) ->> 'amtype'",
      comment: commentOf('m.oid', 'pg_am'),
    },
    from: `pg_am m WHERE m.oid >= ${FIRST_OF_USERS}`,
    object: ['pg_am', 'm.oid'],
  },
  {
    kind: "'event trigger'",
    schema: 'NULL',
    name: 'quote_ident(v.evtname)',
    parts: {
      event: 'v.evtevent',
      function: 'v.evtfoid::regprocedure',
      tags: listOf('v.evttags'),
      enabled: 'v.evtenabled',
      comment: commentOf('v.oid', 'pg_event_trigger'),
    },
    from: 'pg_event_trigger v WHERE true',
    object: ['pg_event_trigger', 'v.oid'],
  },
];

function named(column: string): string {
  return `CASE WHEN ${column}::oid <> 0 THEN ${column}::oid::regprocedure END`;
}

function transformsOf(catalog: string): Reading {
  return {
    kind: "'transform'",
    schema: 'NULL',
    name: "'FOR ' || format_type(r.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname)",
    parts: {
      'from SQL': named('r.trffromsql'),
      'to SQL': named('r.trftosql'),
      comment: commentOf('r.oid', catalog),
    },
    from: `${catalog} r JOIN pg_language l ON l.oid = r.trflang WHERE true`,
    object: [catalog, 'r.oid'],
  };
}

/** What a publication of everything says of its tables: it takes no list of them. */
export const ALL_TABLES = 'ALL TABLES';

/** What of a publication there is, from 10 on; `tables` as ALTER PUBLICATION … SET takes it. */
function publicationsOf(catalog: string, version: ServerVersion): Reading {
  const row = 'row_to_json(b)';
  return {
    kind: "'publication'",
    schema: 'NULL',
    name: 'quote_ident(b.pubname)',
    parts: {
      owner: roleOf('b.pubowner'),
      comment: commentOf('b.oid', catalog),
      tables: `CASE WHEN b.puballtables THEN '${ALL_TABLES}' ELSE ${pick('publishedTables', version)} END`,
      publishes: `concat_ws(', ', CASE WHEN b.pubinsert THEN 'insert' END, CASE WHEN b.pubupdate THEN 'update' END,
        CASE WHEN b.pubdelete THEN 'delete' END, CASE ${row} ->> 'pubtruncate' WHEN 'true' THEN 'truncate' END)`,
      'partition root': `coalesce(${row} ->> 'pubviaroot', 'false')`,
      'generated columns': `CASE ${row} ->> 'pubgencols' WHEN 's' THEN 'stored' ELSE 'none' END`,
    },
    from: `${catalog} b WHERE true`,
    object: [catalog, 'b.oid'],
  };
}

/** Text search, extensions, foreign servers, languages, access methods, transforms, event triggers and publications. */
export function readOtherFacts(version: ServerVersion): Statement<Fact> {
  return sql(union(otherReadings(version)));
}

/** How they are read. Pure. */
export function otherReadings(version: ServerVersion): Reading[] {
  const publications = maybe('publications', version);
  const transforms = maybe('transforms', version);
  return [
    ...READINGS,
    ...(transforms === null ? [] : [transformsOf(transforms)]),
    ...(publications === null ? [] : [publicationsOf(publications, version)]),
  ];
}
