import type {Config} from '../../config/config.ts';
import {insertSetOf, updateSetOf, type PlannedSlot} from '../../domain/pg/slot-plan.ts';
import type {ReplicationSet} from '../../pg/replication/pglogical.ts';

/** The output plugin that DMS wants its slots to have; pglogical's own subscriptions use another. */
export const SLOT_PLUGIN = 'pglogical';

/** The two replication sets of every slot: one for updates and deletes, one for inserts and truncates. Source: runbook, step 3. */
export function plannedSets(slots: readonly PlannedSlot[]): ReplicationSet[] {
  return slots.flatMap((slot) => [
    {name: updateSetOf(slot.name), inserts: false, updates: true, deletes: true, truncates: false},
    {name: insertSetOf(slot.name), inserts: true, updates: false, deletes: false, truncates: true},
  ]);
}

/** Why a run without change capture has no slots, node and sets; null when it has them. */
export function withoutSlots(config: Config): string | null {
  return config.cdc.engine === 'none' ? 'cdc.engine is none: a plain copy at P, without slots' : null;
}
