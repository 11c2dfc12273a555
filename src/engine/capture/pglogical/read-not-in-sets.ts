import {formatRelation} from '../../../domain/pg/relation.ts';
import type {SlotPlan} from '../../../domain/pg/slot-plan.ts';
import {readSetMembers} from '../../../pg/replication/pglogical.ts';
import {readInventoryFile} from '../../inventory/inventory-file.ts';
import type {StepContext} from '../../step.ts';
import {wantedMemberships} from '../wanted-memberships.ts';

/** Tables that are to be captured and are not in one of their sets: `public.events (idms_slot_01)`. */
export async function readNotInSets(ctx: StepContext, plan: SlotPlan): Promise<string[]> {
  const source = await ctx.session('source');
  const there = new Set(
    (await source.run(readSetMembers())).map(({set, schema, name}) => `${formatRelation({schema, name})} (${set})`),
  );
  const {memberships} = wantedMemberships(plan, await readInventoryFile(ctx));
  return memberships.map(({set, table}) => `${formatRelation(table)} (${set})`).filter((one) => !there.has(one));
}
