import type {RelationName} from './relation.ts';

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
