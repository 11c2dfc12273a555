import {cutPages} from '../../domain/run/table-part.ts';
import type {Chunk} from '../../pg/compare/table-sums.ts';

/** Smaller pieces are all overhead, larger ones are too much to read again after a restart, and to wait for where a comparison is held. */
const LEAST_BYTES = 64 * 1024 ** 2;
const MOST_BYTES = 1024 ** 3;
/** Of what may be read in a second a piece takes about so many, and is never smaller than this: between two of them it is that they are slowed down. */
const SECONDS_PER_PIECE = 5;
const LEAST_SLOW_BYTES = 8 * 1024 ** 2;
/** So that no lane is left with a large piece when the others have done. */
const PIECES_PER_LANE = 4;

/** About how many bytes one scan reads, for so many of all tables, so many lanes, and what may be read in a second; null is no limit. Pure. */
export function chunkBytes(allBytes: number, lanes: number, rateBytes: number | null): number {
  const size = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.ceil(allBytes / (lanes * PIECES_PER_LANE))));
  return rateBytes === null ? size : Math.min(size, Math.max(LEAST_SLOW_BYTES, rateBytes * SECONDS_PER_PIECE));
}

/** The scans of one side of a table, each row in one of them; null is all of it. Pure. */
export function cutByPages({
  pages,
  bytes,
  size,
}: {
  readonly pages: number;
  readonly bytes: number;
  readonly size: number;
}): (Chunk | null)[] {
  const parts = Math.min(pages, Math.ceil(bytes / size));
  return parts <= 1 ? [null] : cutPages(pages, parts).map((part): Chunk => ({by: 'pages', ...part}));
}

/** Types whose values every server has in the same order, as format_type() gives them. */
export const ORDERED = [
  'smallint',
  'integer',
  'bigint',
  'uuid',
  'date',
  'timestamp without time zone',
  'timestamp with time zone',
];
/** Below this the rows of a range lie all over the table, and reading it by its index costs more than reading the whole table once. */
const LEAST_CORRELATION = 0.95;
/** Of a larger share of the table the server would read all of it, for each range. */
const LEAST_PIECES = 4;

/** What the statistics have of the first column of a table's key. */
export interface KeyStatistics {
  readonly column: string;
  /** As format_type() gives it. */
  readonly type: string;
  /** Values between which equally many rows lie; null where the statistics have none. */
  readonly histogram: readonly string[] | null;
  readonly correlation: number | null;
}

/** The scans of one side of a table by ranges of its key, where its server cannot read a range of pages; each row in one of them, null is all of it. Pure. */
export function cutByKey(
  key: KeyStatistics | undefined,
  {bytes, size}: {readonly bytes: number; readonly size: number},
): (Chunk | null)[] {
  const parts = Math.ceil(bytes / size);
  if (key === undefined || key.histogram === null || parts < LEAST_PIECES) return [null];
  const {column, type, histogram, correlation} = key;
  if (!ORDERED.includes(type) || Math.abs(correlation ?? 0) < LEAST_CORRELATION) return [null];
  const ranges = rangesOf(column, histogram, parts);
  return ranges.length < LEAST_PIECES ? [null] : ranges;
}

/** About so many ranges of a column, each of about as many rows by its histogram, the first and the last open; fewer where values are the same. Pure. */
export function rangesOf(column: string, histogram: readonly string[], parts: number): Chunk[] {
  const places = Array.from({length: parts - 1}, (_, at) => Math.round(((at + 1) * (histogram.length - 1)) / parts));
  const bounds = [...new Set(places.flatMap((place) => histogram[place] ?? []))];
  return [null, ...bounds].map((from, at): Chunk => ({by: 'key', column, from, to: bounds[at] ?? null}));
}
