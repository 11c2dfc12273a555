import {quoteRelation} from '../../domain/pg/relation.ts';
import type {SequencePosition, SequenceSteps} from '../../pg/cutover/sequences.ts';

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
