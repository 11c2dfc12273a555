import {cutPages} from '../../domain/run/table-part.ts';
import type {Chunk} from '../../pg/compare/table-sums.ts';

/** Smaller pieces are all overhead, larger ones are too much to read again after a restart. */
const LEAST_BYTES = 64 * 1024 ** 2;
const MOST_BYTES = 4 * 1024 ** 3;
/** So that no lane is left with a large piece when the others have done. */
const PIECES_PER_LANE = 4;

/** About how many bytes one scan reads, for so many of all tables and so many lanes. Pure. */
export function chunkBytes(allBytes: number, lanes: number): number {
  return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.ceil(allBytes / (lanes * PIECES_PER_LANE))));
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
