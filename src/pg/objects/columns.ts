import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';
import {factsOf, listOf, type Fact, type Reading} from './fact.ts';

/**
 * Every column of tables and views. The place among the others is only that of tables without a parent: elsewhere a dump puts what is inherited
 * first. The statistics target of a release before 17 is -1 where that one has none.
 */
export function readColumnFacts(version: ServerVersion): Statement<Fact> {
  return sql(factsOf(columnReading(version)));
}

/** How they are read. Pure. */
export function columnReading(version: ServerVersion): Reading {
  const generated = pick('columnGenerated', version);
  const expression =
    '(SELECT pg_get_expr(f.adbin, f.adrelid) FROM pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum)';
  const type = 'format_type(a.atttypid, a.atttypmod)';
  const collation = `CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(o.collname)
                       FROM pg_collation o JOIN pg_namespace cn ON cn.oid = o.collnamespace WHERE o.oid = a.attcollation) END`;
  const own = `CASE WHEN ${generated} IS NULL THEN ${expression} END`;
  return {
    kind: "'column'",
    schema: 'n.nspname',
    relation: "CASE WHEN c.relkind IN ('r', 'p', 'f') THEN c.relname END",
    name: "c.oid::regclass || '.' || quote_ident(a.attname)",
    parts: {
      // Before 10 a literal in a view has no type; from then on it is a text. Source: https://www.postgresql.org/docs/10/release-10.html
      type: `CASE WHEN a.atttypid = 'pg_catalog.unknown'::regtype AND c.relkind IN ('v', 'm') THEN 'text' ELSE ${type} END`,
      collation,
      default: own,
      generated: `CASE WHEN ${generated} IS NOT NULL THEN ${generated} || ' ' || ${expression} END`,
      identity: pick('columnIdentity', version),
      'not null': "CASE WHEN a.attnotnull THEN 'NOT NULL' END",
      storage: 'CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END',
      compression: pick('columnCompression', version),
      statistics: 'NULLIF(a.attstattarget, -1)',
      // pglogical notes its own mark of a column's version there.
      options: `(SELECT string_agg(one, ', ' ORDER BY one COLLATE "C") FROM unnest(a.attoptions) AS one WHERE one !~ '^pg_attver=')`,
      'foreign options': listOf('a.attfdwoptions'),
      place: `CASE WHEN c.relkind IN ('r', 'p') AND c.reloftype = 0 AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid) THEN a.place END`,
      comment: 'col_description(a.attrelid, a.attnum)',
    },
    make: `CASE WHEN c.relkind IN ('r', 'p', 'f') AND a.attinhcount = 0 AND ${generated} IS NULL AND ${pick('columnIdentity', version)} IS NULL THEN
        format('ALTER %sTABLE %s ADD COLUMN %I %s%s%s%s', CASE c.relkind WHEN 'f' THEN 'FOREIGN ' END, c.oid::regclass, a.attname, ${type},
               ' COLLATE ' || ${collation}, ' DEFAULT ' || ${own}, CASE WHEN a.attnotnull THEN ' NOT NULL' END) END`,
    from: `(SELECT *, row_number() OVER (PARTITION BY attrelid ORDER BY attnum) AS place FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped) a
        JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
       WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')`,
    // Not c.oid: a condition on this one is pushed below the window.
    object: ['pg_class', 'a.attrelid'],
    id: "a.attrelid::text || '.' || a.attnum::text",
    inherited: 'a.attinhcount > 0',
  };
}
