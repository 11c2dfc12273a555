import {sameRelation} from '../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {
  addTableToSet,
  alterReplicationSet,
  readReplicationSets,
  readSetMembers,
  removeTableFromSet,
} from '../../../pg/replication/pglogical.ts';
import type {Adoption} from '../capture.ts';
import {carriesAll} from '../dms/read-not-in-sets.ts';
import {plannedSets} from '../objects.ts';

/** A table that is younger than the sets, or was taken out of them: into those of its slot, as the others are; the target has nothing to learn. */
export const adoption: Adoption = {
  async adding(ctx, slot, table, hasIdentity) {
    const source = await ctx.session('source');
    const members = (await source.run(readSetMembers())).filter((one) => sameRelation(one, table));
    const sets = await source.run(readReplicationSets());
    const wanted = hasIdentity ? [updateSetOf(slot), insertSetOf(slot)] : [insertSetOf(slot)];
    const altered = plannedSets([{name: slot}]).filter(
      ({name, ...set}) => wanted.includes(name) && !sets.some((one) => carriesAll(one, {name, ...set})),
    );
    return [
      ...altered.map((set) => alterReplicationSet(set)),
      ...wanted.flatMap((set) => {
        const there = members.find((one) => one.set === set);
        // An attempt that failed later has put it there.
        if (there?.isNarrowed === false) return [];
        return [...(there === undefined ? [] : [removeTableFromSet(set, table)]), addTableToSet(set, table)];
      }),
    ];
  },

  async planKnown() {
    return [];
  },
};
