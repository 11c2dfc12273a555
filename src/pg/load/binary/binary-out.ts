import {quoteIdentifier, quoteLiteral} from '../../../domain/pg/identifier.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import type {KeyRange} from '../../../domain/run/key-range.ts';
import type {PagePart} from '../../../domain/run/table-part.ts';
import {SQLSTATE} from '../../session/sqlstate.ts';
import {beginReading, rowsIn, sequenceAsItIs, type DataColumns} from '../copy-data.ts';
import {doBlock} from '../do-block.ts';

/** What travels by binary COPY: one table, or a part of it. */
export interface BinaryRows {
  readonly table: DataColumns;
  readonly part: PagePart | KeyRange | null;
  /** Whether the target's table was emptied in the transaction that takes the rows. */
  readonly freeze: boolean;
}

/** Where the producing psql writes: not its standard output, of whose COPY it would not keep the count. */
const PIPE = String.raw`\g /dev/fd/8`;

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

/**
 * The text that psql runs right after COPY, and after the file `sent`: ends the unit (LH004) where it took other rows than were sent. Where nothing says how
 * many were sent, it is no SQL, and ends the unit as well.
 */
export function mustHaveTakenAll(): string {
  return [
    String.raw`\set taken :ROW_COUNT`,
    String.raw`SELECT pg_catalog.set_config('longhaul.rows', :'sent' || ' ' || :'taken', true) AS rows \gset`,
    doBlock(`
DECLARE
  counted text[] := pg_catalog.string_to_array(pg_catalog.current_setting('longhaul.rows'), ' ');
BEGIN
  IF counted[1]::bigint <> counted[2]::bigint THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.rowsDiffer}', MESSAGE = counted[1] || ' rows were sent, and ' || counted[2] || ' taken';
  END IF;
END`),
    '',
  ].join('\n');
}
