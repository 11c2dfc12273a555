import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {TablePart} from '../../domain/run/table-part.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A table and what its rows are made of: neither dropped nor generated columns, in the order of the table. */
export interface DataColumns extends RelationName {
  readonly columns: readonly string[];
}

/** The columns of these tables that hold data, a row a table that is there. */
export function readDataColumns(version: ServerVersion, tables: readonly RelationName[]): Statement<DataColumns> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name",
           ARRAY(SELECT a.attname::text FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT (${pick('isGenerated', version)})
                  ORDER BY a.attnum) AS "columns"
      FROM unnest($1::text[]) WITH ORDINALITY AS t(name, position)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace
     ORDER BY t.position`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/**
 * What a psql on a server of this version runs (-XAtq) to print these tables as SQL that another psql takes: `COPY … FROM stdin;`, the rows, `\.`.
 * Of a part, the rows that lie in its pages: up to 13 the whole table is read for it. One snapshot, children not counted, in the server's own encoding, which the other one is told. The settings are those of pg_dump.
 */
export function copyOutScript(version: ServerVersion, tables: readonly DataColumns[], part: TablePart | null): string {
  return [
    pick('loadTimeouts', version) + pick('sessionSettings', version),
    "SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; SET synchronize_seqscans = off;",
    'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;',
    `SELECT 'SET client_encoding = ' || pg_catalog.quote_literal(pg_catalog.current_setting('server_encoding')) || ';';`,
    `SELECT 'SET standard_conforming_strings = on; SET xmloption = content; SET client_min_messages = warning;';`,
    ...tables.flatMap((table) => {
      const what = quoteRelation(table) + columnList(table);
      return [
        `SELECT ${quoteLiteral(`COPY ${what} FROM stdin;`)};`,
        `COPY ${part === null ? what : `(${rowsIn(table, part)})`} TO STDOUT;`,
        `SELECT ${quoteLiteral('\\.')};`,
      ];
    }),
    'COMMIT;',
    '',
  ].join('\n');
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
