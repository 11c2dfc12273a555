import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {printable} from '../../../domain/base/printable.ts';
import {
  readAsLoaded,
  readBreaksCheck,
  readDoubtfulChecks,
  readDoubtfulColumns,
  readDoubtfulDomainChecks,
  readIsStale,
  type DoubtfulCheck,
  type DoubtfulColumn,
  type DoubtfulDomainCheck,
} from '../../../pg/rows/doubtful-checks.ts';
import {isNull, readHasNulls, readNullColumns, type NullColumn} from '../../../pg/rows/null-rows.ts';
import {computeAnew} from '../../compare/stale-columns.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';
import {askEach, onRows, type Read} from './read-rows.ts';

/** A check of a table or a domain, and whether a row breaks it; null where there was not the time to know. */
export interface CheckSeen {
  readonly check: DoubtfulCheck | DoubtfulDomainCheck;
  readonly broken: boolean | null;
}

/** A generated column, and whether a row has another value than it would have today; null as above. */
export interface ColumnSeen {
  readonly column: DoubtfulColumn;
  readonly stale: boolean | null;
}

/**
 * Rows that broke no check when they were written and break one now: a load evaluates it anew, and the target refuses the table. And generated columns
 * that were computed once and would be other today: the target computes them anew, and no comparison is ever equal.
 */
export async function checkRowsByChecks(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const {tables} = ctx.config;
  const checks = (await source.run(readDoubtfulChecks())).filter((one) => isWanted(one, tables));
  const domains = (await source.run(readDoubtfulDomainChecks(source.version))).filter((one) => isWanted(one, tables));
  const columns = (await source.run(readDoubtfulColumns(source.version))).filter((one) => isWanted(one, tables));
  if (checks.length + domains.length + columns.length === 0) return [];
  return onRows(ctx, 'checks', async (read) => {
    const seen: CheckSeen[] = [];
    for (const check of checks) seen.push({check, broken: (await read(readBreaksCheck(check))).breaks});
    for (const of of byColumn(domains)) seen.push(domainSeen(of, await read(readAsLoaded(of[0]))));
    const computed: ColumnSeen[] = [];
    for (const column of columns) computed.push({column, stale: (await read(readIsStale(column))).breaks});
    return [...judgeRowsByChecks(seen), ...judgeColumns(computed)];
  });
}

/** The checks of each column's type; at least one. */
type ChecksOfColumn = readonly [DoubtfulDomainCheck, ...DoubtfulDomainCheck[]];

function byColumn(checks: readonly DoubtfulDomainCheck[]): readonly ChecksOfColumn[] {
  const columns = Map.groupBy(checks, (one) => `${quoteRelation(one)}.${quoteIdentifier(one.column)}`);
  return [...columns.values()].flatMap(([first, ...more]): ChecksOfColumn[] =>
    first === undefined ? [] : [[first, ...more]],
  );
}

/** The first that a value breaks is named by the server. */
function domainSeen(checks: ChecksOfColumn, {breaks, constraint}: Read): CheckSeen {
  return {check: checks.find((one) => one.constraint === constraint) ?? checks[0], broken: breaks};
}

/** Pure. */
export function judgeRowsByChecks(seen: readonly CheckSeen[]): Finding[] {
  const {blocker, note} = found('data', 'rows');
  const broken = seen.filter((one) => one.broken === true);
  const unknown = seen.filter((one) => one.broken === null);
  return [
    ...(broken.length === 0
      ? []
      : [
          blocker(
            'rows-break-checks',
            `checks that were true of each row when it was written and are not now, for they ask the clock, a setting or a function that has changed; a load evaluates them anew, and the target refuses the table: ${inWords(broken)}`,
            `on the source: ${[...new Set(broken.map(({check}) => notValid(check)))].join('; ')}; such a check is off the target while rows come in, and is there again after them, NOT VALID as well. One that asks the clock is better dropped: a change may arrive at the target when it is true no longer`,
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          note(
            'rows-break-checks',
            `whether rows break these checks by now, which ask the clock, a setting or a function that may have changed, is not known, for the time was not enough to read them: ${inWords(unknown)}`,
          ),
        ]),
  ];
}

function inWords(seen: readonly CheckSeen[]): string {
  return listed(
    seen.map(({check}) =>
      'ofDomain' in check
        ? `${printable(check.constraint)} of domain ${printable(check.ofDomain)}, column ${printable(check.column)} of ${formatRelation(check)}`
        : `${printable(check.constraint)} of ${formatRelation(check)}`,
    ),
  );
}

/** Where a child has it from a parent, it is the parent's to change. */
function notValid(check: CheckSeen['check']): string {
  const {constraint, definition, ofSchema} = check;
  const name = quoteIdentifier(constraint);
  if ('ofDomain' in check) {
    const domain = quoteRelation({schema: ofSchema, name: check.ofDomain});
    return `ALTER DOMAIN ${domain} DROP CONSTRAINT ${name}; ALTER DOMAIN ${domain} ADD CONSTRAINT ${name} ${definition} NOT VALID`;
  }
  return `ALTER TABLE ${quoteRelation({schema: ofSchema, name: check.ofTable})} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} ${definition} NOT VALID`;
}

/** Pure. */
export function judgeColumns(seen: readonly ColumnSeen[]): Finding[] {
  const {blocker, note} = found('data', 'rows');
  const [stale = [], unknown = []] = [true, null].map((is) => seen.filter((one) => one.stale === is));
  const inWordsOf = (some: readonly ColumnSeen[]): string =>
    listed(some.map(({column}) => `${printable(column.column)} of ${formatRelation(column)}`));
  return [
    ...(stale.length === 0
      ? []
      : [
          blocker(
            'generated-columns-stale',
            `generated columns with values that would be others today, for the functions that they call have changed; the target computes them anew, and differs: ${inWordsOf(stale)}`,
            `on the source (a large table in pieces, by its key): ${stale.map(({column}) => computeAnew(column)).join('; ')}`,
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          note(
            'generated-columns-stale',
            `whether these generated columns hold what they would hold today is not known, for the time was not enough to read them: ${inWordsOf(unknown)}`,
          ),
        ]),
  ];
}

/** A column that is NOT NULL, and whether a row of it has no value; null where there was not the time to know. */
export interface NullsSeen {
  readonly column: NullColumn;
  readonly nulls: boolean | null;
}

/** Rows without a value in a column that is NOT NULL: by the source's catalog there are none, and the target refuses the table at the first. */
export async function checkNulls(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const columns = (await source.run(readNullColumns())).filter((one) => isWanted(one, ctx.config.tables));
  const seen = await askEach(ctx, 'nulls', columns, readHasNulls);
  return judgeNulls(seen.map(([column, nulls]) => ({column, nulls})));
}

/** Pure. */
export function judgeNulls(seen: readonly NullsSeen[]): Finding[] {
  const {blocker, warning} = found('data', 'rows');
  const [there = [], unknown = []] = [true, null].map((is) => seen.filter(({nulls}) => nulls === is));
  const words = (some: readonly NullsSeen[]): string =>
    listed([...new Set(some.map(({column}) => `${printable(column.column)} of ${formatRelation(column)}`))]);
  return [
    ...(there.length === 0
      ? []
      : [
          blocker(
            'nulls-under-not-null',
            `columns that are NOT NULL, with rows that are NULL all the same (it was set by hand in the catalog, or a domain says it, which does not look at every row); the target refuses the table at the first of them: ${words(there)}`,
            `on the source: ${[...new Set(there.map(({column}) => dropNotNull(column)))].join('; ')}; or give these rows a value first (UPDATE … WHERE pg_column_size(…) IS NULL: a server from 17 on finds none with IS NULL alone)`,
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          warning(
            'nulls-under-not-null',
            `columns that are NOT NULL had rows that are NULL when they were last analyzed, and the time was not enough to read whether they still have; the target refuses such a table at the first of them: ${words(unknown)}`,
            `on the source, and nothing is to come: ${[...new Set(unknown.map(({column}) => findNulls(column)))].join('; ')}; where a row does, what it is to have in its place, or NOT NULL taken off the column, has to come before the run`,
          ),
        ]),
  ];
}

function dropNotNull({ofSchema, ofName, ofDomain, column}: NullColumn): string {
  const name = quoteRelation({schema: ofSchema, name: ofName});
  return ofDomain
    ? `ALTER DOMAIN ${name} DROP NOT NULL`
    : `ALTER TABLE ${name} ALTER COLUMN ${quoteIdentifier(column)} DROP NOT NULL`;
}

function findNulls({column, ...table}: NullColumn): string {
  return `SELECT ctid FROM ONLY ${quoteRelation(table)} WHERE ${isNull(column)} LIMIT 1`;
}
