import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {readKeyColumns, type KeyColumnRow} from '../../../pg/ranges/range-keys.ts';
import type {Chunk} from '../../../pg/compare/table-sums.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {StepContext} from '../../step.ts';
import type {Expected, TellPhase} from '../../waiting/under-way.ts';
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

/** The pieces of a comparison as probes show them: how far it is and when it ends is foretold by them. */
export interface ExpectedPieces {
  /** That of a piece; one that is compared a second time is another piece. */
  take(piece: ComparedPair): Expected;
}

/** Expects all of these from now on; what was known of a comparison before is forgotten. */
export function expectPieces(
  {underWay}: Pick<StepContext, 'underWay'>,
  pieces: readonly ComparedPair[],
): ExpectedPieces {
  underWay.begin('compare-again');
  const byTable = [...Map.groupBy(pieces, ({table}) => quoteRelation(table)).values()];
  const known = new Map(
    byTable.flatMap((those) =>
      those.map((piece, at) => [piece, expect(piece, those.length === 1 ? '' : `, ${at + 1} of ${those.length}`)]),
    ),
  );
  function expect(piece: ComparedPair, part: string): Expected {
    const name = `${formatRelation(piece.table)}${part}`;
    return underWay.expect({name, table: '', on: ['replica', 'target'], bytes: piece.bytes});
  }
  return {
    take: (piece) => {
      const first = known.get(piece);
      known.delete(piece);
      return first ?? expect(piece, ', once more');
    },
  };
}

/** The pieces of a slice, at each of which several scans are. */
export interface SlicePieces {
  /** What each of the `scans` of a piece is done in: the piece is under way from the first of them until the last is over. */
  of(piece: ComparedPair, scans: number): Expected;
  /** Nothing of the slice is at work any more, whether its scans have begun or not. */
  end(): void;
}

/** Those of one slice; who ends it has none of them go on. */
export function piecesOfSlice(expected: ExpectedPieces): SlicePieces {
  const ends: (() => void)[] = [];
  return {
    of: (piece, scans) => {
      const over = Promise.withResolvers<void>();
      ends.push(over.resolve);
      let left = scans;
      let tell: TellPhase | null = null;
      return {
        during: async (application, work) => {
          // Its promise is that of `over`, which is never rejected.
          if (tell === null)
            void expected.take(piece).during(application, async (told) => {
              tell = told;
              return over.promise;
            });
          try {
            return await work((phase) => tell?.(phase));
          } finally {
            left -= 1;
            if (left === 0) over.resolve();
          }
        },
      };
    },
    end: () => {
      for (const end of ends) end();
    },
  };
}
