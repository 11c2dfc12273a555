import {inPieces} from '../../../domain/base/in-pieces.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {
  readPositions,
  readSequenceSteps,
  type SequencePosition,
  type SequenceSteps,
} from '../../../pg/cutover/sequences.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {AT_ONCE, readMovedSequences} from './copy-positions.ts';

/** Sequences of the target that are further than the source's: somebody takes numbers there already, or did. */
export async function readSequencesAhead(ctx: StepContext): Promise<Finding[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const all = await readMovedSequences(ctx);
  const ahead: string[] = [];
  for (const piece of inPieces(all, AT_ONCE)) {
    const steps = await source.run(readSequenceSteps(source.version, piece));
    // The target first: what the source takes meanwhile only makes it further.
    const there = await target.run(readPositions(piece));
    ahead.push(...sequencesAhead(await source.run(readPositions(piece)), there, steps));
  }
  if (ahead.length === 0) return [];
  return [
    found('cutover', 'target').warning(
      'sequences-ahead',
      `sequences of the target are further than the source's, and the cutover sets them back to where those are: ${listed(ahead)}`,
      'see who takes numbers from them on the target, and whether rows with these numbers are there: SELECT max(…) of the column',
    ),
  ];
}

/** Those that are further on in their own direction; what was never used is not. Those that cycle may be anywhere. Pure. */
export function sequencesAhead(
  source: readonly SequencePosition[],
  target: readonly SequencePosition[],
  steps: readonly SequenceSteps[],
): string[] {
  const at = new Map(source.map((one) => [quoteRelation(one), one]));
  const step = new Map(steps.map((one) => [quoteRelation(one), one]));
  return target.flatMap((one) => {
    const [there, of] = [at.get(quoteRelation(one)), step.get(quoteRelation(one))];
    if (there === undefined || of === undefined || of.cycles || !one.isCalled) return [];
    const further = (BigInt(one.lastValue) - BigInt(there.lastValue)) * (BigInt(of.increment) < 0n ? -1n : 1n);
    const isAhead = further > 0n || (further === 0n && !there.isCalled);
    return isAhead ? [`${formatRelation(one)} (${one.lastValue}, source ${there.lastValue})`] : [];
  });
}
