import {quoteIdentifier, quoteLiteral} from '../../../domain/pg/identifier.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import type {KeyRange} from '../../../domain/run/key-range.ts';
import type {PagePart} from '../../../domain/run/table-part.ts';
import {beginReading, PIPE, rowsIn, sequenceAsItIs, type DataColumns} from '../copy-data.ts';

/** What travels by binary COPY: one table, or a part of it. */
export interface BinaryRows {
  readonly table: DataColumns;
  readonly part: PagePart | KeyRange | null;
  /** Whether the target's table was emptied in the transaction that takes the rows. */
  readonly freeze: boolean;
}

/**
 * What a psql on a server of this version runs (-XAtq, 8 is the pipe, not its standard output) to send one table as SQL and binary rows: all SQL before the
 * rows, for whoever reads them reads to the end of the pipe. One snapshot, children not counted. Characters travel in the encoding of the
 * session, which the other one is told. The number of rows goes to the file `sent`, as psql reads it. From psql 12 on.
 */
export function binaryOutScript(version: ServerVersion, {table, part, freeze}: BinaryRows): string {
  const columns = table.columns.map((column) => quoteIdentifier(column)).join(', ');
  const taking = `COPY ${quoteRelation(table)} (${columns}) FROM stdin WITH (FORMAT binary${freeze ? ', FREEZE' : ''});`;
  return [
    beginReading(version, [table], part),
    `SELECT 'SET client_encoding = ' || pg_catalog.quote_literal(pg_catalog.current_setting('client_encoding')) || ';' ${PIPE}`,
    `SELECT 'SET standard_conforming_strings = on; SET client_min_messages = warning;' ${PIPE}`,
    ...table.sequences.map((sequence) => sequenceAsItIs(sequence).replace(/;$/, ` ${PIPE}`)),
    `SELECT ${quoteLiteral(taking)} ${PIPE}`,
    `COPY ${rowsIn(table, part)} TO STDOUT WITH (FORMAT binary) ${PIPE}`,
    String.raw`\setenv LONGHAUL_SENT :ROW_COUNT`,
    String.raw`\! printf '\\set sent %s\n' "$LONGHAUL_SENT" 1<> sent`,
    'COMMIT;',
    '',
  ].join('\n');
}

/** What psql runs right after COPY, and after the file `sent`, for mustHaveTakenAll(). */
export const NOTE_TAKEN = '\\set taken :ROW_COUNT\n';
