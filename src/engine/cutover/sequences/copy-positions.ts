import {inPieces} from '../../../domain/base/in-pieces.ts';
import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {readSequences} from '../../../pg/catalog/inventory.ts';
import {
  readPositions,
  readSequenceSteps,
  setPositions,
  type SequencePosition,
  type SequenceSteps,
} from '../../../pg/cutover/sequences.ts';
import type {Action} from '../../action.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';

/** The sequences that move. */
export async function readMovedSequences(ctx: StepContext): Promise<RelationName[]> {
  const {tables} = ctx.config;
  const rows = await (await ctx.session('source')).run(readSequences());
  return rows.filter((row) => isWanted(row, {...tables, include: []})).map(({schema, name}) => ({schema, name}));
}

/** One statement takes so many; a server gives a row no more than 1664 columns. */
export const AT_ONCE = 500;

/** Sets these sequences of the target to where the source's are, with the margin, and reads them back. `when`: words for who reads what is done. */
export function copyPositions(
  ctx: StepContext,
  all: readonly RelationName[],
  when = 'after the last writer',
): Action[] {
  return inPieces(all, AT_ONCE).map((piece) => ({
    on: 'target',
    text: `/* ${piece.length} sequences, each as it is on the source ${when}; read back */ SELECT setval(…)`,
    execute: async () => copy(ctx, piece),
  }));
}

async function copy(ctx: StepContext, sequences: readonly RelationName[]): Promise<void> {
  const source = await ctx.session('source');
  const target = await ctx.session('target');
  const {sequenceMargin: margin} = ctx.config.cutover;
  const [own, there, steps] = await Promise.all([
    source.run(readPositions(sequences)),
    target.run(readPositions(sequences)),
    margin === 0 ? [] : source.run(readSequenceSteps(source.version, sequences)),
  ]);
  const wanted = own.map((position) => withMargin(position, steps, margin));
  // Most are where they are to be since the pass before the stop, or never move.
  const late = new Set(differingPositions(wanted, there));
  const moved = wanted.filter((one) => late.has(quoteRelation(one)));
  if (moved.length === 0) return;
  await target.run(setPositions(moved));
  const differing = differingPositions(moved, await target.run(readPositions(moved)));
  if (differing.length === 0) return;
  throw new LonghaulError({
    code: 'failed',
    message: `these sequences of the target are not where they were set: ${differing.join(', ')}`,
    remedy: 'end whoever takes numbers from them on the target, then longhaul cutover',
  });
}

/** The sequences that are not where they are to be. Pure. */
export function differingPositions(wanted: readonly SequencePosition[], there: readonly SequencePosition[]): string[] {
  const known = new Map(there.map((one) => [quoteRelation(one), one]));
  return wanted
    .filter((one) => {
      const now = known.get(quoteRelation(one));
      return now?.lastValue !== one.lastValue || now.isCalled !== one.isCalled;
    })
    .map((one) => quoteRelation(one));
}

/** The position so many steps further, but not past the sequence's own end. One of no steps stays as it is, whether it was used or not. Pure. */
export function withMargin(
  position: SequencePosition,
  steps: readonly SequenceSteps[],
  margin: number,
): SequencePosition {
  const of = steps.find((one) => quoteRelation(one) === quoteRelation(position));
  if (margin === 0 || of === undefined) return position;
  const further = BigInt(position.lastValue) + BigInt(margin) * BigInt(of.increment);
  const [least, most] = [BigInt(of.minimum), BigInt(of.maximum)];
  const clipped = further > most ? most : further < least ? least : further;
  return {...position, lastValue: String(clipped), isCalled: true};
}
