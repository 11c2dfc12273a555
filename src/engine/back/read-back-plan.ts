import {reversedPlan} from '../../domain/pg/reverse-names.ts';
import {slotsNow, type PlannedSlot} from '../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';

/** The slots of the way back, with the tables that they have by now. */
export async function readBackPlan(ctx: StepContext): Promise<PlannedSlot[]> {
  const planned = slotsNow((await readPlan(ctx)).slots.slots, ctx.state().capture);
  return reversedPlan(planned, SENTINEL_SCHEMA);
}
