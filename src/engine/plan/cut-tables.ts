import type {Config} from '../../config/config.ts';
import {loadBytes, type InventoryTable} from '../../domain/pg/inventory.ts';
import type {NoRangeKey, RangeKey, SpreadValue} from '../../domain/pg/range-key.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {formatBytes} from '../../domain/base/units.ts';
import type {KeyBound, TableCut} from '../../domain/run/key-range.ts';
import {cutPages, type PagePart} from '../../domain/run/table-part.ts';
import {maybe} from '../../pg/session/versions.ts';
import type {UnitSize} from './unit-size.ts';

/** How a table larger than a unit is loaded: by ranges of its pages or of its key, or whole and why. */
export type Cutting =
  | {readonly by: 'pages'; readonly parts: readonly PagePart[]}
  | {readonly by: 'key'; readonly cut: TableCut}
  | {readonly by: 'nothing'; readonly why: string};

/** A page of a heap; who has built PostgreSQL with another size gets parts of another size. */
const PAGE_BYTES = 8192;

/** The pages of a table's heap. */
export function pagesOf({heapBytes}: Pick<InventoryTable, 'heapBytes'>): number {
  return Math.ceil(heapBytes / PAGE_BYTES);
}

/** Cuts a table into units of about so many bytes. Pure. */
export function cutTable(
  table: InventoryTable,
  version: ServerVersion,
  load: Pick<Config['load'], 'method'> & UnitSize,
): Cutting {
  const wanted = Math.min(Math.ceil(loadBytes(table) / load.unitBytes), MOST_PARTS);
  if (wanted <= 1) return {by: 'nothing', why: `it is not larger than a unit (${formatBytes(load.unitBytes)})`};
  if (load.method === 'pg_dump') return {by: 'nothing', why: 'pg_dump brings tables whole (load.method)'};
  if (loadBytes(table) <= load.cutAbove)
    return {by: 'nothing', why: 'it is in before all others are, and whole its rows are frozen as they come in'};
  // A table without columns has nothing to cut, and row security is lifted by one at a time.
  if (table.columnCount === 0) return {by: 'nothing', why: 'it has no columns'};
  if (table.rowSecurity) return {by: 'nothing', why: 'it has row security, which one unit at a time lifts'};
  if (maybe('tidRangeScan', version) === null) return cutByKey(table, wanted);
  const parts = cutPages(pagesOf(table), wanted);
  return parts.length > 1 ? {by: 'pages', parts} : {by: 'nothing', why: 'its heap is one page, the rest is TOAST'};
}

/**
 * Of one table; where a unit is so small, its parts are larger. Each takes a quarter of a second to begin and a place in the supervisor's memory, and a terabyte in units of a
 * megabyte would be a million; the id of a range has room for four digits, and a frequent value is cut beyond what was wanted.
 */
const MOST_PARTS = 5_000;

/** So many times as much as the table has may be read for all of its ranges together. */
const MOST_READ_TWICE = 2;

/** By how much a table may have grown since its statistics were taken. */
const MOST_GROWN = 2;

function cutByKey(table: InventoryTable, wanted: number): Cutting {
  const {rangeKey} = table;
  const why =
    rangeKey === undefined ? 'its key was not read: longhaul plan --fresh reads it' : whyNot(table, rangeKey, wanted);
  if (why !== null || rangeKey === undefined || 'why' in rangeKey) return {by: 'nothing', why: why ?? ''};
  const bounds = chooseBounds(rangeKey.spread, wanted);
  if (bounds.length === 0)
    return {by: 'nothing', why: 'almost all of its rows have one value in the first column of the key'};
  return {by: 'key', cut: {key: rangeKey.key, bounds}};
}

const ANALYZE = 'ANALYZE it on the source, then longhaul plan --fresh';

function whyNot(table: InventoryTable, key: RangeKey | NoRangeKey, wanted: number): string | null {
  if ('why' in key) return key.why;
  if ((key.spread[0] ?? []).length === 0 || key.pages === 0) return `there are no statistics of its key: ${ANALYZE}`;
  if (pagesOf(table) > MOST_GROWN * key.pages)
    return `its statistics are stale, it has more than doubled since: ${ANALYZE}`;
  const times = timesRead(key, wanted);
  if (times <= MOST_READ_TWICE) return null;
  return `its rows do not lie in the order of its key (correlation ${key.correlation.toFixed(2)}): so many ranges of it would read it ${times.toFixed(0)} times`;
}

/** How often each page is read: once where the rows lie in the key's order; where they lie anyhow, once for each range that has a row in it. */
function timesRead({correlation, rows, pages}: RangeKey, wanted: number): number {
  const anyhow = Math.min(wanted, Math.max(1, rows / pages));
  const ordered = correlation ** 2;
  return ordered + (1 - ordered) * anyhow;
}

/**
 * Bounds between which about equally many rows lie, by the shares of the first column's values; a value that many rows have is cut further by the
 * second column, as if that were spread in it as in the whole table. Ascending, wherever the values are.
 */
export function chooseBounds([first = [], second = []]: RangeKey['spread'], wanted: number): KeyBound[] {
  const size = 1 / Math.max(1, wanted);
  const bounds: KeyBound[] = [];
  let before = 0;
  let last = 0;
  let next = size;
  for (const [at, {value, share}] of first.entries()) {
    const further = share > size * MANY_ROWS ? inOne(second, Math.round(share / size)) : [];
    const isDue = before > next - ROUNDING || (further.length > 0 && before - last > size / 2);
    // What is left at the end is no range by itself: the largest value that was seen has one row.
    if (at > 0 && isDue && before < 1 - size / 2) {
      bounds.push([value]);
      last = before;
      next = (Math.floor(before / size + ROUNDING) + 1) * size;
    }
    bounds.push(...further.map((one) => [value, one]));
    before += share;
    if (further.length > 0) [last, next] = [before, before];
  }
  return bounds;
}

/** Of how many units' rows one value is cut further, and what sums of shares may be away from what they are. */
const MANY_ROWS = 1.5;
const ROUNDING = 1e-9;

/** Values that cut a column into so many parts of equally many rows, as far as the statistics go. */
function inOne(spread: readonly SpreadValue[], parts: number): string[] {
  const chosen: string[] = [];
  let before = 0;
  for (const [at, {value, share}] of spread.entries()) {
    if (at > 0 && before >= (chosen.length + 1) / parts && chosen.length < parts - 1) chosen.push(value);
    before += share;
  }
  return chosen;
}
