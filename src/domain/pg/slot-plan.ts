import {sameRelation, without, type RelationName} from './relation.ts';

/** One logical slot and the tables whose changes it will carry. */
export interface PlannedSlot {
  /** `dms_slot_01`; its replication sets are `dms_slot_01` (updates, deletes) and `idms_slot_01` (inserts, truncates). */
  readonly name: string;
  /** Why these tables sit together, in a few words: `the largest table, alone`. */
  readonly why: string;
  readonly tables: readonly RelationName[];
}

/** Which slot carries which table. Every table is in exactly one slot. */
export interface SlotPlan {
  readonly slots: readonly PlannedSlot[];
}

/** The replication set of a slot that carries updates and deletes. DMS wants exactly the slot's name. */
export function updateSetOf(slot: string): string {
  return slot;
}

/** The replication set of a slot that carries inserts and truncates. DMS wants the slot's name behind an `i`. */
export function insertSetOf(slot: string): string {
  return `i${slot}`;
}

/** What has become of a plan's tables since: those that were adopted into its slots, and those that the source has no more. */
export interface TablesSince {
  readonly adopted: readonly {readonly table: RelationName; readonly slot: string}[];
  readonly gone: readonly RelationName[];
}

/** The slots with the tables that they have by now: those that were adopted are in no plan, and those that are gone still are. Pure. */
export function slotsNow(slots: readonly PlannedSlot[], {adopted, gone}: TablesSince): PlannedSlot[] {
  return slots.map((slot) => {
    // One that had been taken out of its slot was adopted into it again.
    const others = adopted.filter(
      (one) => one.slot === slot.name && !slot.tables.some((table) => sameRelation(table, one.table)),
    );
    return {...slot, tables: without([...slot.tables, ...others.map(({table}) => table)], gone)};
  });
}
