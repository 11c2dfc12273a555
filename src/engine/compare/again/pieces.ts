import {quoteRelation} from '../../../domain/pg/relation.ts';
import {readKeyColumns, type KeyColumnRow} from '../../../pg/ranges/range-keys.ts';
import type {Chunk} from '../../../pg/compare/table-sums.ts';
import type {Session} from '../../../pg/session/session.ts';
import {ORDERED, rangesOf} from '../cut-chunks.ts';
import type {ComparedPair} from '../read-sides.ts';

/** About so much of a table is compared as one: a few seconds on each server. */
const PIECE_BYTES = 1024 ** 3;

/**
 * Cuts large tables by ranges of their keys, the same on both sides: each piece can be compared by itself, at a commit of its own. One without such a key, or
 * without statistics of it, stays whole.
 */
export async function cutPieces(
  replica: Session,
  pairs: readonly ComparedPair[],
  bytes: number = PIECE_BYTES,
): Promise<ComparedPair[]> {
  const large = pairs.filter((pair) => pair.bytes > bytes).map(({table}) => table);
  const rows = large.length === 0 ? [] : await replica.run(readKeyColumns(replica.version, large));
  const keys = new Map(rows.filter(({position}) => position === 1).map((row) => [quoteRelation(row), row]));
  return pairs.flatMap((pair) => {
    const chunks = chunksOf(pair, keys.get(quoteRelation(pair.table)), Math.ceil(pair.bytes / bytes));
    if (chunks.length <= 1) return [pair];
    return chunks.map((chunk) => ({
      ...pair,
      bytes: pair.bytes / chunks.length,
      chunks: {replica: [chunk], target: [chunk]},
    }));
  });
}

/** As many ranges of the key as are wanted, at most, about equally large; none where the table cannot be cut. Pure. */
export function chunksOf(
  {columns}: Pick<ComparedPair, 'columns'>,
  key: Pick<KeyColumnRow, 'column' | 'type' | 'histogram'> | undefined,
  wanted: number,
): Chunk[] {
  if (key?.histogram === undefined || key.histogram === null || !ORDERED.includes(key.type)) return [];
  // By another type on the target it may be in another order.
  if (columns.find(({name}) => name === key.column)?.type?.kind !== 'plain') return [];
  return rangesOf(key.column, key.histogram, wanted);
}
