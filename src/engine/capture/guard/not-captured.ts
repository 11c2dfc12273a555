import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {SlotPlan} from '../../../domain/pg/slot-plan.ts';

/** A table that is to be captured and is not, or not whole. */
export interface NotCaptured {
  readonly table: RelationName;
  /** The slot, publication or replication set through which its changes should come: `idms_slot_01`. */
  readonly through: string;
}

/** The slots of a plan with their tables. */
export type SlotsOfPlan = Pick<SlotPlan, 'slots'>;

/** `public.events (idms_slot_01)`. Pure. */
export function describeNotCaptured({table, through}: NotCaptured): string {
  return `${formatRelation(table)} (${through})`;
}

/** The tables, each once. Pure. */
export function tablesNotCaptured(all: readonly NotCaptured[]): RelationName[] {
  return [...new Map(all.map(({table}) => [quoteRelation(table), table])).values()];
}
