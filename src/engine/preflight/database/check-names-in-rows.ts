import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {printable} from '../../../domain/base/printable.ts';
import {readNamesIndexes, readNamingColumns, type NamingColumn} from '../../../pg/rows/index-names.ts';
import {readHasRefused, readRefusedColumns, type RefusedColumn} from '../../../pg/rows/refused-values.ts';
import {sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';
import {askEach} from './read-rows.ts';

/** A table of any size is read as far as this, on the replica. */
const EACH_MS = 2_000;

/** A column that was read, and what it has; null where that took too long. */
export interface NamesSeen {
  readonly column: NamingColumn;
  readonly namesIndexes: boolean | null;
}

/** Rows that have the name of an index: a regclass is its name as text, and while rows are loaded no index is there yet, so the server refuses the row. */
export async function checkNamesInRows(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const columns = (await source.run(readNamingColumns())).filter((one) => isWanted(one, ctx.config.tables));
  if (columns.length === 0) return [];
  const replica = await ctx.open('replica', 'names');
  try {
    const seen: NamesSeen[] = [];
    for (const column of columns) {
      const namesIndexes = await replica.one(readNamesIndexes(column), {timeoutMs: EACH_MS}).then(
        ({names}) => names,
        (error: unknown) => {
          if (!(error instanceof LonghaulError) || sqlStateOf(error) === null) throw error;
          return null;
        },
      );
      seen.push({column, namesIndexes});
    }
    return judgeNamesInRows(seen);
  } finally {
    await replica.close();
  }
}

/** Pure. */
export function judgeNamesInRows(seen: readonly NamesSeen[]): Finding[] {
  const {blocker, warning} = found('data', 'rows');
  const [has, unknown] = [true, null].map((what) => seen.filter(({namesIndexes}) => namesIndexes === what));
  return [
    ...(has === undefined || has.length === 0
      ? []
      : [
          blocker(
            'names-of-indexes',
            `columns of regclass whose rows name indexes, which are not there while rows are loaded, so that the target refuses these rows: ${inWords(has)}`,
            `on the source: ${has.map(({column}) => asText(column)).join('; ')}; it rewrites the table and lets nobody at it meanwhile; or leave it out: tables.exclude`,
          ),
        ]),
    ...(unknown === undefined || unknown.length === 0
      ? []
      : [
          warning(
            'names-of-indexes',
            `columns of regclass that could not be read within ${EACH_MS / 1000} s: a row that names an index is refused by the target, where none is there while rows are loaded: ${inWords(unknown)}`,
            'see that no row of them names an index; where one does, make the column text, or leave the table out: tables.exclude',
          ),
        ]),
  ];
}

function inWords(seen: readonly NamesSeen[]): string {
  return listed(seen.map(({column}) => `${formatRelation(column)} (${printable(column.column)})`));
}

function asText({schema, name, column, isArray}: NamingColumn): string {
  return `ALTER TABLE ${quoteRelation({schema, name})} ALTER COLUMN ${quoteIdentifier(column)} TYPE text${isArray ? '[]' : ''}`;
}

/** A column, and whether a row of it has a value that no server reads back; null where there was not the time to know. */
export interface RefusedSeen {
  readonly column: RefusedColumn;
  readonly refused: boolean | null;
}

/** Values that no server reads back from their text: what somebody has copied out of the catalogs, and functions and operators by their name alone. */
export async function checkRefusedValues(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const columns = (await source.run(readRefusedColumns())).filter((one) => isWanted(one, ctx.config.tables));
  const seen = await askEach(ctx, 'values', columns, readHasRefused);
  return judgeRefusedValues(seen.map(([column, refused]) => ({column, refused})));
}

/** Pure. */
export function judgeRefusedValues(seen: readonly RefusedSeen[]): Finding[] {
  const {blocker, note} = found('data', 'rows');
  const [refused = [], unknown = []] = [true, null].map((is) => seen.filter((one) => one.refused === is));
  const words = (some: readonly RefusedSeen[]): string =>
    listed(some.map(({column}) => `${formatRelation(column)} (${printable(column.column)}, ${column.type})`));
  return [
    ...(refused.length === 0
      ? []
      : [
          blocker(
            'values-refused',
            `columns with values that no server reads in again, as text or in binary: those of types that only the catalogs fill, and names of functions and operators of which there are many, written without their arguments: ${words(refused)}`,
            `on the source: ${refused.map(({column}) => asOtherType(column)).join('; ')}; it rewrites the table and lets nobody at it meanwhile; or leave it out: tables.exclude`,
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          note(
            'values-refused',
            `whether these columns have values that no server reads in again is not known, for the time was not enough to read them: ${words(unknown)}`,
          ),
        ]),
  ];
}

function asOtherType({schema, name, column, instead}: RefusedColumn): string {
  return `ALTER TABLE ${quoteRelation({schema, name})} ALTER COLUMN ${quoteIdentifier(column)} TYPE ${instead}`;
}
