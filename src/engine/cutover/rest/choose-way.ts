import type {BucketSums} from '../../../pg/compare/differing-rows.ts';
import type {Sums} from '../../../pg/compare/table-sums.ts';
import type {RowsAlike} from '../../../pg/cutover/multiset.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {sameRelation} from '../../../domain/pg/relation.ts';
import type {RestTable} from './read-rest.ts';

/** What is to be done with a table at F. */
export interface RestShares {
  /** Compared now, and copied again where they differ. */
  readonly compared: readonly RestTable[];
  /** Left to the last comparison, which goes on after the hand-over. */
  readonly left: readonly RestTable[];
}

/** Smaller tables are compared whatever the counters say. */
const LEAST_BYTES = 64 * 1024 ** 2;
/** The time of P is of the replica's clock, and that of the counters the source's. */
const CLOCKS_MS = 300_000;

/**
 * Divides the tables. A large one that only grows is not read while writes are stopped: nobody has updated or deleted in it since before P, by the counters of the source, which a crash and a
 * reset begin anew; since when they count has to be known. It is compared by the last comparison all the same, which
 * does not read tables that were taken in since. Once production has been on the target and is back, that has rows of its own, and nothing is left. On the way back it is the target that counts, since the
 * hand-over: by then both sides had the same. Pure.
 */
export function divideRest(
  tables: readonly RestTable[],
  state: Pick<RunState, 'boundary' | 'capture' | 'evidence' | 'back'>,
  isBack = false,
): RestShares {
  const equalAt = (isBack ? state.back?.handedOverAt : state.boundary?.capturedAt) ?? null;
  const wasBack = !isBack && hasBeenBack(state);
  const isLeft = ({kind, source, table}: RestTable): boolean =>
    !wasBack &&
    !state.capture.adopted.some((one) => sameRelation(one.table, table)) &&
    kind === 'inserts-only' &&
    source.bytes > LEAST_BYTES &&
    source.changed === 0 &&
    equalAt !== null &&
    source.countedSince !== null &&
    Date.parse(source.countedSince) + CLOCKS_MS < Date.parse(equalAt);
  return {compared: tables.filter((one) => !isLeft(one)), left: tables.filter(isLeft)};
}

/** Whether production was on the target in this run and went back. What a later cutover knows of the way back before it is this alone. Pure. */
export function hasBeenBack({evidence}: Pick<RunState, 'evidence'>): boolean {
  return evidence['back-hand-over'] !== undefined;
}

/** A table of less is copied whole: to find its rows takes as long. */
const SMALL_BYTES = 8 * 1024 ** 2;
/** Whether a table is copied whole in any case. Pure. */
export function isSmall({bytes}: {readonly bytes: number}): boolean {
  return bytes <= SMALL_BYTES;
}

/** So many rows are held here, at most, to find which are missing and which are too many. */
const MOST_ROWS = 200_000;
/** As many rows as a bucket has, about; more in very large tables. */
const ROWS_PER_BUCKET = 64;
const LEAST_BUCKETS = 4096;
const MOST_BUCKETS = 262_144;
/** Where nobody has counted the rows. */
const ROW_BYTES = 100;

/** What tells how many rows a table has. */
type Size = Pick<RestTable['source'], 'rows' | 'heapBytes'>;

/** How many rows it has, by the planner or by what it takes. Pure. */
export function rowsOf({rows, heapBytes}: Size): number {
  return rows > 0 ? rows : heapBytes / ROW_BYTES;
}

/** By so many buckets the rows of a table are told apart, on both sides: a power of two. Pure. */
export function bucketsOf(size: Size): number {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, rowsOf(size) / ROWS_PER_BUCKET)));
  return Math.min(MOST_BUCKETS, Math.max(LEAST_BUCKETS, wanted));
}

/** Whether so many changes, wherever they are, leave few enough rows in buckets that differ: each is in the bucket of the old row and in that of the new one. Pure. */
export function isMendable(size: Size, changed: number): boolean {
  const buckets = bucketsOf(size);
  const rows = rowsOf(size);
  const both = 2 * rows;
  return isFew((both * Math.min(buckets, 2 * changed)) / buckets, both);
}

/** To look for more of them takes as long as to copy all, as for a table that the target has no row of. */
function isFew(rows: number, all: number): boolean {
  return rows <= MOST_ROWS && rows <= all / 2;
}

/** All buckets together. Pure. */
export function sumOf(buckets: readonly BucketSums[]): Sums {
  return {
    rows: buckets.reduce((sum, {rows}) => sum + rows, 0),
    sum: String(buckets.reduce((sum, one) => sum + BigInt(one.sum), 0n)),
  };
}

/** The buckets in which two multisets differ. Pure. */
export function differingBuckets(source: readonly BucketSums[], target: readonly BucketSums[]): number[] {
  const known = new Map(target.map((one) => [one.bucket, one]));
  const differing = source.filter(({bucket, rows, sum}) => {
    const there = known.get(bucket);
    known.delete(bucket);
    return there?.rows !== rows || there.sum !== sum;
  });
  return [...differing.map(({bucket}) => bucket), ...known.keys()].toSorted((a, b) => a - b);
}

/** Whether a table that differs is mended by its difference, and not copied whole: where it is large, and few of its buckets differ. Pure. */
export function isMended(
  {bytes}: {readonly bytes: number},
  source: readonly BucketSums[],
  target: readonly BucketSums[],
): boolean {
  if (isSmall({bytes})) return false;
  const differing = new Set(differingBuckets(source, target));
  const both = [...source, ...target];
  return isFew(sumOf(both.filter(({bucket}) => differing.has(bucket))).rows, sumOf(both).rows);
}

/** What makes one multiset the other: rows of the source that the target lacks, and rows of the target that are too many, by their places. */
export interface Difference {
  readonly take: readonly string[];
  readonly remove: readonly string[];
}

/** Rows that are alike may be taken and removed one for another. Pure. */
export function differenceOf(source: readonly RowsAlike[], target: readonly RowsAlike[]): Difference {
  const there = new Map(target.map(({hash, places}) => [hash, places]));
  const take = source.flatMap(({hash, places}) => places.slice(there.get(hash)?.length ?? 0));
  const here = new Map(source.map(({hash, places}) => [hash, places.length]));
  const remove = target.flatMap(({hash, places}) => places.slice(here.get(hash) ?? 0));
  return {take, remove};
}
