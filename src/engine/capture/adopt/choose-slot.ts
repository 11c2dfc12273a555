import type {PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {sameRelation, type RelationName} from '../../../domain/pg/relation.ts';

/**
 * The slot that a table goes into: its parent's, or that of a table which is called alike but for its digits (events_2026_11 beside events_2026_10), or that of its schema's other
 * tables; else the first. What changes together keeps its order in one slot only. Pure.
 */
export function chooseSlot(
  slots: readonly PlannedSlot[],
  table: RelationName,
  relatives: readonly RelationName[],
): string | null {
  const has = (isIt: (one: RelationName) => boolean): string | undefined =>
    slots.find(({tables}) => tables.some((one) => isIt(one)))?.name;
  return (
    has((one) => relatives.some((relative) => sameRelation(relative, one))) ??
    has((one) => one.schema === table.schema && stem(one.name) === stem(table.name)) ??
    has((one) => one.schema === table.schema) ??
    slots[0]?.name ??
    null
  );
}

/** The slot that a table has; null where it has none. Pure. */
export function slotOf(slots: readonly PlannedSlot[], table: RelationName): string | null {
  return slots.find(({tables}) => tables.some((one) => sameRelation(one, table)))?.name ?? null;
}

/** `events_2026_11` and `events_p20261101` without what counts them: `events__`. Pure. */
export function stem(name: string): string {
  return name.replaceAll(/p?\d+/g, '');
}
