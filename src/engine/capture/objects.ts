import {insertSetOf, updateSetOf, type PlannedSlot} from '../../domain/pg/slot-plan.ts';
import type {ReplicationSet} from '../../pg/replication/pglogical.ts';

/** The two replication sets of every slot: one for updates and deletes, one for inserts and truncates. Source: runbook, step 3. */
export function plannedSets(slots: readonly Pick<PlannedSlot, 'name'>[]): ReplicationSet[] {
  return slots.flatMap((slot) => [
    {name: updateSetOf(slot.name), inserts: false, updates: true, deletes: true, truncates: false},
    {name: insertSetOf(slot.name), inserts: true, updates: false, deletes: false, truncates: true},
  ]);
}
