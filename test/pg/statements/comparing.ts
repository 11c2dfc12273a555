import {readColumns, readValueTypes} from '../../../src/pg/compare/column-types.ts';
import {readBuckets, readRowAt, sumBuckets} from '../../../src/pg/compare/differing-rows.ts';
import {pinSession, readFormulaFacts} from '../../../src/pg/compare/pin-session.ts';
import type {Dialect} from '../../../src/pg/compare/row-hash.ts';
import {readExtents} from '../../../src/pg/compare/table-extents.ts';
import {countTable, sumRows} from '../../../src/pg/compare/table-sums.ts';
import {maybe} from '../../../src/pg/session/versions.ts';
import type {Statement} from '../../../src/pg/session/statement.ts';
import type {ServerVersion} from '../../../src/domain/pg/server-version.ts';
import {reads, type Trial} from './trial.ts';

const EVENTS = {schema: 'public', name: 'events'};
const ID = {name: 'id', type: {kind: 'plain', name: 'int8'}} as const;
/** A table as it is compared. */
export const TABLE = {
  table: EVENTS,
  key: [ID],
  sample: null,
  columns: [ID, {name: 'payload', type: null}, {name: 'created_at', type: {kind: 'plain', name: 'timestamptz'}}],
} as const;

/** With every formula that such a server has. */
function inEach(version: ServerVersion, make: (dialect: Dialect) => Statement): Statement[] {
  const formulas =
    maybe('extendedHashes', version) === null ? (['text', 'md5'] as const) : (['extended', 'text', 'md5'] as const);
  return formulas.map((formula) => make({formula, binaryFloats: true}));
}

/** A trial with every formula, where tables are read. */
export function compares(make: (dialect: Dialect) => Statement): Trial {
  return {on: ['source', 'replica'], make: ({version}) => inEach(version, make)};
}

/** The comparison of rows: `EVENTS` is on the source and its replica. */
export const COMPARING: Readonly<Record<string, Trial>> = {
  readColumns: reads((version) => readColumns(version, [EVENTS])),
  readValueTypes: reads(() => readValueTypes(['20', '25', '1184'])),
  readExtents: reads((version) => readExtents(version, [EVENTS])),
  readFormulaFacts: reads(() => readFormulaFacts()),
  pinSession: reads((version) => pinSession(version, {binaryFloats: true})),
  countTable: compares(() => countTable(TABLE.table)),
  sumRows: compares((dialect) => sumRows(TABLE, dialect, {by: 'pages', from: 1, to: 3})),
  sumBuckets: compares((dialect) => sumBuckets(TABLE, {dialect, chunk: null, buckets: 8})),
  readBuckets: compares((dialect) =>
    readBuckets({...TABLE, sample: 6554}, {dialect, chunk: null, buckets: [1, 2], of: 8}),
  ),
  readRowAt: compares((dialect) => readRowAt(TABLE, {dialect, place: '(0,1)', values: true})),
};
