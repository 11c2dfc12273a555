import {withAdopted} from '../../../domain/pg/reverse-names.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {StepContext} from '../../step.ts';
import type {SlotStatus} from '../capture.ts';

/** What a slot's sentinels say, reading by reading. */
export type GuardSentinels = (now: readonly Pick<SlotStatus, 'slot' | 'sentinels'>[]) => Promise<void>;

/**
 * Has the tables of a slot compared whose sentinels the target does not have as the source has: what was written about then may be lost as well, and the cutover is refused until they were found equal. Two readings
 * have to say so, and more of them are told again.
 */
export function guardSentinels(ctx: StepContext): GuardSentinels {
  let before: ReadonlyMap<string, number> = new Map();
  const told = new Map<string, number>();
  return async (now) => {
    const missing = new Map(now.map(({slot, sentinels}) => [slot, sentinels.source - sentinels.target]));
    for (const [slot, count] of missing) {
      if (count === 0 || before.get(slot) !== count || told.get(slot) === count) continue;
      await owe(ctx, slot, count);
      told.set(slot, count);
    }
    before = missing;
  };
}

async function owe(ctx: StepContext, slot: string, missing: number): Promise<void> {
  const slots = withAdopted((await readPlan(ctx)).slots.slots, ctx.state().capture.adopted);
  const tables = slots
    .flatMap((one) => (one.name === slot ? one.tables : []))
    .filter(({schema}) => schema !== SENTINEL_SCHEMA);
  if (tables.length === 0) return;
  const how =
    missing > 0
      ? `${missing} sentinels of ${slot} have not come, and later ones have`
      : `the target has ${-missing} sentinels of ${slot} more than the source`;
  await ctx.record({type: 'comparison.owed', tables, why: how});
}
