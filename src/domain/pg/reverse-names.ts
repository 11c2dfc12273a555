import type {PlannedSlot} from './slot-plan.ts';

/**
 * What of the way back belongs to a slot: the slot on the target, its publication, the subscription on the source and the table of its sentinels all
 * have this name. `lh_01` → `r_lh_01`: two bytes more than a slot's name, which leaves room for the i of the second publication.
 */
export function reverseNameOf(slot: string): string {
  return `r_${slot}`;
}

/** The plan of the way back: the same tables in slots of the target, without those that Longhaul itself made (`ownSchema`). Pure. */
export function reversedPlan(slots: readonly PlannedSlot[], ownSchema: string): PlannedSlot[] {
  return slots.map((slot) => ({
    ...slot,
    name: reverseNameOf(slot.name),
    tables: [
      ...slot.tables.filter(({schema}) => schema !== ownSchema),
      {schema: ownSchema, name: reverseNameOf(slot.name)},
    ],
  }));
}
