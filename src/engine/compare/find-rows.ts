import type {RowDifference, RowsThatDiffer} from '../../domain/run/row-difference.ts';
import {
  readBuckets,
  readRowAt,
  sumBuckets,
  type BucketSums,
  type RowContent,
  type SameRows,
} from '../../pg/compare/differing-rows.ts';
import type {Dialect} from '../../pg/compare/row-hash.ts';
import type {KeyedTable, Sums} from '../../pg/compare/table-sums.ts';
import {contentOfRow} from './content-of-row.ts';
import {pairRows, type FoundRow} from './pair-rows.ts';
import type {ComparedPair, Side} from './read-sides.ts';
import {readChunks, type Scanning} from './scans/scanning.ts';

/** A table whose sums differ. */
export interface Differing {
  readonly pair: ComparedPair;
  readonly table: KeyedTable;
  readonly dialect: Dialect;
  readonly scanning: Scanning;
  readonly showValues: boolean;
  readonly replica: Sums;
  readonly target: Sums;
}

/** So many rows are told one by one. */
export const TOLD = 20;
/** About so many rows of each side are brought here at most. */
export const MOST_ROWS = 200_000;
/** Up to so many rows a table is read without buckets. */
const FEW_ROWS = 20_000;
const ROWS_PER_BUCKET = 500;
const MOST_BUCKETS = 65_536;

/**
 * Which rows of a table differ. One scan of each side sums it by buckets of the key's hash, a second one reads the buckets that differ: as many as
 * can be held. Where the table has no key, its rows are told apart by all of their columns, and one that was changed is missing and extra.
 */
export async function findRows(differing: Differing): Promise<RowsThatDiffer> {
  const buckets = bucketsFor(Math.max(differing.replica.rows, differing.target.rows));
  const {chosen, all} = buckets === 1 ? {chosen: [0], all: true} : await chooseBuckets(differing, buckets);
  const found = pairRows(await bothSides(async (side) => readChosen(differing, side, {chosen, buckets})));
  const total = found.reduce((sum, {rows}) => sum + rows, 0);
  // Told as written: the operator sees first what he can see at all.
  const first = await Promise.all(found.slice(0, TOLD).map(async (row) => describe(differing, row)));
  const why =
    total > 0 ? null : 'its sums differed, and when its rows were read again none did: somebody writes to the target';
  return {total, atLeast: !all, first, why};
}

/** Into how many buckets so many rows are divided. Pure. */
export function bucketsFor(rows: number): number {
  if (rows <= FEW_ROWS) return 1;
  return Math.min(MOST_BUCKETS, 2 ** Math.ceil(Math.log2(rows / ROWS_PER_BUCKET)));
}

/** The buckets that differ, as many as hold no more rows than can be brought here, and at least one. */
async function chooseBuckets(
  {pair, table, dialect, scanning}: Differing,
  buckets: number,
): Promise<{chosen: number[]; all: boolean}> {
  const sums = await bothSides(async (side) =>
    addUp(await readChunks(scanning, pair, side, (chunk) => sumBuckets(table, {dialect, chunk, buckets}))),
  );
  const differ = [...new Set([...sums.replica.keys(), ...sums.target.keys()])].filter((bucket) => {
    const [one, other] = [sums.replica.get(bucket), sums.target.get(bucket)];
    return one?.rows !== other?.rows || one?.sum !== other?.sum;
  });
  const chosen: number[] = [];
  let rows = 0;
  for (const bucket of differ.toSorted((a, b) => a - b)) {
    rows += Math.max(sums.replica.get(bucket)?.rows ?? 0, sums.target.get(bucket)?.rows ?? 0);
    if (rows > MOST_ROWS && chosen.length > 0) break;
    chosen.push(bucket);
  }
  return {chosen, all: chosen.length === differ.length};
}

/** The sums of buckets that several scans have read. Pure. */
export function addUp(rows: readonly BucketSums[]): ReadonlyMap<number, {rows: number; sum: bigint}> {
  const sums = new Map<number, {rows: number; sum: bigint}>();
  for (const row of rows) {
    const before = sums.get(row.bucket) ?? {rows: 0, sum: 0n};
    sums.set(row.bucket, {rows: before.rows + row.rows, sum: before.sum + BigInt(row.sum)});
  }
  return sums;
}

async function readChosen(
  {pair, table, dialect, scanning}: Differing,
  side: Side,
  {chosen, buckets}: {readonly chosen: readonly number[]; readonly buckets: number},
): Promise<SameRows[]> {
  if (chosen.length === 0) return [];
  return readChunks(scanning, pair, side, (chunk) =>
    readBuckets(table, {dialect, chunk, buckets: chosen, of: buckets}),
  );
}

async function bothSides<T>(read: (side: Side) => Promise<T>): Promise<Record<Side, T>> {
  const [replica, target] = await Promise.all([read('replica'), read('target')]);
  return {replica, target};
}

/** A difference with what its row holds, read where it was found. */
export async function describe(
  {pair, dialect, scanning, showValues}: Pick<Differing, 'pair' | 'dialect' | 'scanning' | 'showValues'>,
  found: FoundRow,
): Promise<RowDifference> {
  const contentAt = async (side: Side, place: string | null): Promise<RowContent | null> => {
    if (place === null) return null;
    const statement = readRowAt(pair, {dialect, place, values: showValues});
    const [row] = await scanning.rows({side, table: pair.table, hides: pair.hides, bytes: 0, statement});
    return row ?? null;
  };
  const [replica, target] = await Promise.all([
    contentAt('replica', found.replicaPlace),
    contentAt('target', found.targetPlace),
  ]);
  const {kind, replicaPlace, targetPlace} = found;
  return {kind, replicaPlace, targetPlace, ...contentOfRow({pair, kind, replica, target, showValues})};
}
