import {sameRelation} from '../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {addTableToSet, readSetMembers} from '../../../pg/replication/pglogical.ts';
import type {Adoption} from '../capture.ts';

/** A table that is younger than the sets: into those of its slot, as the others are; the target has nothing to learn. */
export const adoption: Adoption = {
  async adding(ctx, slot, table, hasIdentity) {
    // An attempt that failed later has put it there.
    const members = await (await ctx.session('source')).run(readSetMembers());
    const there = members.filter((one) => sameRelation(one, table)).map(({set}) => set);
    const wanted = hasIdentity ? [updateSetOf(slot), insertSetOf(slot)] : [insertSetOf(slot)];
    return wanted.filter((set) => !there.includes(set)).map((set) => addTableToSet(set, table));
  },

  async planKnown() {
    return [];
  },
};
