import type {StepContext} from '../../step.ts';
import type {SlotStatus} from '../capture.ts';
import {oweTablesOf} from './owe-tables.ts';

/** What a slot's sentinels say, reading by reading. */
export type GuardSentinels = (now: readonly Pick<SlotStatus, 'slot' | 'sentinels'>[]) => Promise<void>;

/**
 * Has the tables of a slot compared whose sentinels the target does not have as the source has: what was written about then may be lost as well, and the cutover is refused until they were found equal. Two readings
 * have to say so, and more of them are told again.
 */
export function guardSentinels(ctx: StepContext): GuardSentinels {
  let before: MissingBySlot = new Map();
  let told: MissingBySlot = new Map();
  return async (now) => {
    const missing = new Map(now.map(({slot, sentinels}) => [slot, sentinels.source - sentinels.target]));
    const fresh = toBeTold(missing, {before, told});
    for (const [slot, count] of fresh) await owe(ctx, slot, count);
    before = missing;
    told = toldBy(told, {missing, fresh});
  };
}

/** How many sentinels a slot lacks on the target; below 0 where that has more of them. */
type MissingBySlot = ReadonlyMap<string, number>;

/** What was so at two readings, and was not told yet. Pure. */
export function toBeTold(
  missing: MissingBySlot,
  {before, told}: {readonly before: MissingBySlot; readonly told: MissingBySlot},
): [string, number][] {
  return [...missing].filter(([slot, count]) => count !== 0 && before.get(slot) === count && told.get(slot) !== count);
}

/** What is told of by then: of what was mended, as many are told again. Pure. */
export function toldBy(
  told: MissingBySlot,
  {missing, fresh}: {readonly missing: MissingBySlot; readonly fresh: readonly (readonly [string, number])[]},
): MissingBySlot {
  return new Map([...[...told].filter(([slot]) => missing.get(slot) !== 0), ...fresh]);
}

async function owe(ctx: StepContext, slot: string, missing: number): Promise<void> {
  const how =
    missing > 0
      ? `${missing} sentinels of ${slot} have not come, and later ones have`
      : `the target has ${-missing} sentinels of ${slot} more than the source`;
  await oweTablesOf(ctx, slot, {why: how});
}
