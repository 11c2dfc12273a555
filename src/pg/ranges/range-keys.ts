import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {KeyType} from '../../domain/run/key-range.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** One of the first two columns of a primary key, and what ANALYZE has seen of it. */
export interface KeyColumnRow extends RelationName {
  /** From 1. */
  readonly position: number;
  readonly column: string;
  /** As format_type() gives it: `bigint`. */
  readonly type: string;
  /** Quoted and qualified; null where the type has none. */
  readonly collation: string | null;
  /** Texts, so that no precision is lost; null where the statistics have none, or the role may not see them. */
  readonly histogram: string[] | null;
  readonly common: string[] | null;
  readonly frequencies: number[] | null;
  readonly correlation: number | null;
  readonly pages: number;
  readonly rows: number;
}

/** The first columns of these tables' primary keys, with their statistics; the session's date style is ISO and its time zone UTC. */
export function readKeyColumns(version: ServerVersion, tables: readonly RelationName[]): Statement<KeyColumnRow> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", k.position::int AS "position", a.attname::text AS "column",
           format_type(a.atttypid, NULL) AS "type",
           (SELECT quote_ident(m.nspname) || '.' || quote_ident(o.collname) FROM pg_collation o JOIN pg_namespace m ON m.oid = o.collnamespace
             WHERE o.oid = a.attcollation) AS "collation",
           s.histogram_bounds::text::text[] AS "histogram", s.most_common_vals::text::text[] AS "common",
           s.most_common_freqs::float8[] AS "frequencies", s.correlation::float8 AS "correlation",
           c.relpages AS "pages", c.reltuples::float8 AS "rows"
      FROM unnest($1::text[]) WITH ORDINALITY AS t(name, place)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indisvalid
      CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
     WHERE k.position <= least(2, ${pick('indexKeyCount', version)})
     ORDER BY t.place, k.position`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/** Which of these values there are, in the order of a column of this type and collation: their places, from 1; of equal ones the first. */
export function sortKeyValues(
  {type, collation}: {readonly type: KeyType; readonly collation: string | null},
  values: readonly string[],
): Statement<{place: number}> {
  const value = `v.value::${type}${collation === null ? '' : ` COLLATE ${collation}`}`;
  return sql(
    `SELECT min(v.place)::int AS "place" FROM unnest($1::text[]) WITH ORDINALITY AS v(value, place) GROUP BY ${value} ORDER BY ${value}`,
    [values],
  );
}

/** A column of a primary key as it is now. */
export interface KeyNowRow extends RelationName {
  readonly column: string;
  readonly type: string;
  readonly notNull: boolean;
}

/** The columns of these tables' primary keys, in the order of the key. */
export function readKeysNow(version: ServerVersion, tables: readonly RelationName[]): Statement<KeyNowRow> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column", format_type(a.atttypid, NULL) AS "type",
           a.attnotnull AS "notNull"
      FROM unnest($1::text[]) WITH ORDINALITY AS t(name, place)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indisvalid
      CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
     WHERE k.position <= ${pick('indexKeyCount', version)}
     ORDER BY t.place, k.position`,
    [tables.map((table) => quoteRelation(table))],
  );
}
