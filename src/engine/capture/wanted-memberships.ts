import type {Inventory} from '../../domain/pg/inventory.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf, type SlotPlan} from '../../domain/pg/slot-plan.ts';

/** A table and a replication set that it belongs into. */
export interface Membership {
  readonly set: string;
  readonly table: RelationName;
}

/** Which table belongs into which set; a table without a replica key only into the insert set. Pure. */
export function wantedMemberships(
  slots: Pick<SlotPlan, 'slots'>,
  inventory: {readonly tables: readonly Pick<Inventory['tables'][number], 'relation' | 'hasReplicaKey'>[]},
): {memberships: Membership[]; insertOnly: RelationName[]} {
  const withKey = new Set(
    inventory.tables.filter((table) => table.hasReplicaKey).map((table) => quoteRelation(table.relation)),
  );
  const insertOnly: RelationName[] = [];
  const memberships = slots.slots.flatMap((slot) =>
    slot.tables.flatMap((table) => {
      const inserts = {set: insertSetOf(slot.name), table};
      if (withKey.has(quoteRelation(table))) return [{set: updateSetOf(slot.name), table}, inserts];
      insertOnly.push(table);
      return [inserts];
    }),
  );
  return {memberships, insertOnly};
}
