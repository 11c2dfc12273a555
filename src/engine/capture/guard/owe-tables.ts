import {without, type RelationName} from '../../../domain/pg/relation.ts';
import {slotsNow} from '../../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {StepContext} from '../../step.ts';

/** Has every table of a slot compared, but for those that it cannot be about, for this reason: the cutover is refused until they were found equal. */
export async function oweTablesOf(
  ctx: StepContext,
  slot: string,
  {why, besides = []}: {readonly why: string; readonly besides?: readonly RelationName[]},
): Promise<void> {
  const slots = slotsNow((await readPlan(ctx)).slots.slots, ctx.state().capture);
  const own = slots.flatMap((one) => (one.name === slot ? one.tables : []));
  const tables = without(own, besides).filter(({schema}) => schema !== SENTINEL_SCHEMA);
  if (tables.length === 0) return;
  await ctx.record({type: 'comparison.owed', tables, why});
}
