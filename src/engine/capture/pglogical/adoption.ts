import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {addTableToSet} from '../../../pg/replication/pglogical.ts';
import type {Adoption} from '../capture.ts';

/** A table that is younger than the sets: into those of its slot, as the others are; the target has nothing to learn. */
export const adoption: Adoption = {
  async adding(_, slot, table, hasIdentity) {
    const inserts = addTableToSet(insertSetOf(slot), table);
    return hasIdentity ? [addTableToSet(updateSetOf(slot), table), inserts] : [inserts];
  },

  async planKnown() {
    return [];
  },
};
