import {reversedPlan, withAdopted} from '../../domain/pg/reverse-names.ts';
import type {PlannedSlot} from '../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';

/** The slots of the way back, with the tables that were adopted since. */
export async function readBackPlan(ctx: StepContext): Promise<PlannedSlot[]> {
  const planned = withAdopted((await readPlan(ctx)).slots.slots, ctx.state().capture.adopted);
  return reversedPlan(planned, SENTINEL_SCHEMA);
}
