import {without} from '../../../domain/pg/relation.ts';
import {slotsNow, type PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readTablesChange} from '../../plan/tables-now.ts';
import type {StepContext} from '../../step.ts';
import type {SlotsOfPlan} from './not-captured.ts';

/** These slots without the tables that the source has no more: what was dropped, as dated partitions are, is in nothing that captures it, and nothing of it is lost. */
export async function readSlotsThere(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<SlotsOfPlan> {
  const {gone, unlogged} = await readTablesChange(ctx, await ctx.session('source'));
  // Without its sentinel nothing tells of a slot.
  const away = without(gone, unlogged).filter(({schema}) => schema !== SENTINEL_SCHEMA);
  return {slots: slotsNow(slots, {adopted: [], gone: away})};
}

/** What the anchor is to have of these slots: all before P, and behind it what the source still has of them. */
export async function readPlannedNow(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<SlotsOfPlan> {
  return ctx.state().boundaryProved ? readSlotsThere(ctx, slots) : {slots};
}
