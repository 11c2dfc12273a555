import {quoteRelation} from '../../../domain/pg/relation.ts';
import {
  readReplicationSets,
  readSetMembers,
  type ReplicationSet,
  type SetMember,
} from '../../../pg/replication/pglogical.ts';
import {readInventoryFile} from '../../inventory/inventory-file.ts';
import type {StepContext} from '../../step.ts';
import type {NotCaptured, SlotsOfPlan} from '../guard/not-captured.ts';
import {plannedSets} from '../objects.ts';
import {wantedMemberships, type Membership} from '../wanted-memberships.ts';

/** The tables that a set of their slot lacks, or has no longer as it was made. */
export async function readNotInSets(ctx: StepContext, plan: SlotsOfPlan): Promise<NotCaptured[]> {
  const source = await ctx.session('source');
  const [members, sets] = [await source.run(readSetMembers()), await source.run(readReplicationSets())];
  const {memberships} = wantedMemberships(plan, await readInventoryFile(ctx));
  return notInSets(memberships, {members, sets, planned: plannedSets(plan.slots)});
}

/** Pure. */
export function notInSets(
  wanted: readonly Membership[],
  {
    members,
    sets,
    planned,
  }: {
    readonly members: readonly SetMember[];
    readonly sets: readonly ReplicationSet[];
    readonly planned: readonly ReplicationSet[];
  },
): NotCaptured[] {
  const whole = new Set(sets.filter((set) => planned.some((one) => carriesAll(set, one))).map(({name}) => name));
  const updates = new Set(planned.filter(({deletes}) => deletes).map(({name}) => name));
  const there = new Set(
    members
      .filter(({set, isNarrowed, hasIdentity}) => whole.has(set) && !isNarrowed && (hasIdentity || !updates.has(set)))
      .map((member) => `${member.set} ${quoteRelation(member)}`),
  );
  return wanted
    .filter(({set, table}) => !there.has(`${set} ${quoteRelation(table)}`))
    .map(({set, table}) => ({table, through: set}));
}

/** Whether a set carries what it was made for. Pure. */
export function carriesAll(set: ReplicationSet, planned: ReplicationSet): boolean {
  const {name, inserts, updates, deletes, truncates} = planned;
  return (
    set.name === name &&
    (set.inserts || !inserts) &&
    (set.updates || !updates) &&
    (set.deletes || !deletes) &&
    (set.truncates || !truncates)
  );
}
