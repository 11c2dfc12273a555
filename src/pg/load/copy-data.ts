import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {TablePart} from '../../domain/run/table-part.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A table and what its rows are made of: neither dropped nor generated columns, in the order of the table; and the sequences that its columns own. */
export interface DataColumns extends RelationName {
  readonly columns: readonly string[];
  /** As quoted qualified names. */
  readonly sequences: readonly string[];
}

/** The columns of these tables that hold data, a row a table that is there. */
export function readDataColumns(version: ServerVersion, tables: readonly RelationName[]): Statement<DataColumns> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name",
           ARRAY(SELECT a.attname::text FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT (${pick('isGenerated', version)})
                  ORDER BY a.attnum) AS "columns",
           ARRAY(SELECT quote_ident(m.nspname) || '.' || quote_ident(s.relname)
                   FROM pg_depend d
                   JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                   JOIN pg_namespace m ON m.oid = s.relnamespace
                  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
                    AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
                  ORDER BY s.oid) AS "sequences"
      FROM unnest($1::text[]) WITH ORDINALITY AS t(name, position)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace
     ORDER BY t.position`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/**
 * What a psql on a server of this version runs (-XAtq) to print these tables as SQL that another psql takes: `COPY … FROM stdin;`, the rows, `\.`.
 * Of a part, the rows that lie in its pages: up to 13 the whole table is read for it. One snapshot, children not counted, in the encoding of the session, which the other one is told. The settings are those of pg_dump. `freeze` where the target's tables
 * are emptied in the transaction that takes the rows.
 */
export function copyOutScript(
  version: ServerVersion,
  tables: readonly DataColumns[],
  part: TablePart | null,
  freeze = false,
): string {
  return [
    pick('loadTimeouts', version) + pick('sessionSettings', version),
    "SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; SET synchronize_seqscans = off;",
    'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;',
    `SELECT 'SET client_encoding = ' || pg_catalog.quote_literal(pg_catalog.current_setting('client_encoding')) || ';';`,
    `SELECT 'SET standard_conforming_strings = on; SET xmloption = content; SET client_min_messages = warning;';`,
    ...tables.flatMap((table) => {
      const what = quoteRelation(table) + columnList(table);
      return [
        `SELECT ${quoteLiteral(`COPY ${what} FROM stdin${freeze ? ' WITH (FREEZE)' : ''};`)};`,
        `COPY ${copySource(table, part)} TO STDOUT;`,
        `SELECT ${quoteLiteral('\\.')};`,
      ];
    }),
    ...tables.flatMap(({sequences}) => sequences.map((sequence) => sequenceAsItIs(sequence))),
    'COMMIT;',
    '',
  ].join('\n');
}

/** What COPY … TO copies: a table or a part of it. */
export function copySource(table: DataColumns, part: TablePart | null): string {
  return part === null ? quoteRelation(table) + columnList(table) : `(${rowsIn(table, part)})`;
}

/** pg_dump leaves out the sequence of an identity column whose table it leaves out. Every part says it: at P it is the same. */
export function sequenceAsItIs(sequence: string): string {
  const set = quoteLiteral(`SELECT pg_catalog.setval(${quoteLiteral(sequence)}, `);
  return `SELECT ${set} || last_value || ', ' || is_called || ');' FROM ${sequence};`;
}

/** Every row is in the part whose pages have its first one, and rows do not move on a standby that stands still. */
function rowsIn(table: DataColumns, {from, to}: TablePart): string {
  const columns = table.columns.map((column) => quoteIdentifier(column)).join(', ');
  const end = to === null ? '' : ` AND ctid < '(${to},0)'`;
  return `SELECT ${columns} FROM ONLY ${quoteRelation(table)} WHERE ctid >= '(${from},0)'${end}`;
}

/** Empty for a table without columns, whose rows are empty lines. */
function columnList({columns}: DataColumns): string {
  return columns.length === 0 ? '' : ` (${columns.map((column) => quoteIdentifier(column)).join(', ')})`;
}
