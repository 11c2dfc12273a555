import {formatRelation, type RelationName} from '../../pg/relation.ts';
import type {Lsn} from '../../pg/lsn.ts';
import type {Actor, Failure} from '../event.ts';

/** A table of the source whose changes are not captured, because it is younger than what captures them. */
export interface NewTable {
  readonly table: RelationName;
  /** When it was seen first, or when its last adoption began, ISO 8601. */
  readonly since: string;
  /** The slot that it is, or was, being added to; null while nobody has asked for it. */
  readonly adoptedInto: string | null;
  /** Why the last attempt has failed. */
  readonly failure?: Failure;
}

/** A comparison that is owed: until it was made, the table may differ on the target. */
export interface OwedComparison {
  readonly table: RelationName;
  /** When it came to be owed the last time, ISO 8601: a comparison that began before does not settle it. */
  readonly since: string;
  /** The first reason: `transaction 1234 at 0/1A2B3C was skipped`. */
  readonly why: string;
}

/** What was done to change capture while it runs, and what has come in its way. Whoever ends the run asks `whyNotWhole`. */
export interface CaptureState {
  /** The slots whose changes an operator has stopped applying. */
  readonly paused: readonly {readonly slot: string; readonly at: string; readonly by: Actor}[];
  readonly newTables: readonly NewTable[];
  /** Those that were taken in since, whole: they are in no plan, and belong to their slot's tables. */
  readonly adopted: readonly {readonly table: RelationName; readonly slot: string}[];
  /** Those that were captured, and that the source has no more: nothing is to be moved of them. */
  readonly gone: readonly RelationName[];
  readonly owed: readonly OwedComparison[];
  /** Set once the source is another server, or another history of it, than the slots were made on: nothing after `from` is certain. */
  readonly sourceLost: {readonly at: string; readonly from: Lsn | null; readonly failure: Failure} | null;
}

/** Before anything of this kind. */
export const NOTHING_CAPTURED: CaptureState = {
  paused: [],
  newTables: [],
  adopted: [],
  gone: [],
  owed: [],
  sourceLost: null,
};

/** Why the target cannot be taken for a whole copy of the source now, each with what to do; empty where it can. Cutover is refused by these. Pure. */
export function whyNotWhole({
  newTables,
  owed,
  sourceLost,
}: CaptureState): {readonly why: string; readonly remedy: string}[] {
  const lost = sourceLost === null ? [] : [{why: sourceLost.failure.message, remedy: sourceLost.failure.remedy}];
  const born = newTables.map(({table}) => ({
    why: `${formatRelation(table)} is on the source and its changes are not captured`,
    remedy: `longhaul adopt ${formatRelation(table)}`,
  }));
  const compared = owed.map(({table, why}) => ({
    why: `${formatRelation(table)} has to be compared: ${why}`,
    remedy: `longhaul compare --again ${formatRelation(table)}`,
  }));
  return [...lost, ...born, ...compared];
}
