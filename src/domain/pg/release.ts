import {compareLsn, lsnDistance, type Lsn} from './lsn.ts';

/** A slot of the primary, as far as releasing WAL is concerned. */
export interface HoldingSlot {
  readonly name: string;
  readonly restartLsn: Lsn | null;
  readonly retainedBytes: number | null;
}

/** What dropping some slots comes to. */
export interface Release {
  /** WAL that no slot holds any more once they are dropped; it goes at the next checkpoint. */
  readonly freedBytes: number;
  /** The slot that goes on holding the most, of those that stay; null when none holds any. */
  readonly stillHeld: HoldingSlot | null;
}

/**
 * How much WAL it frees to drop these slots: from the oldest position that they need up to the oldest that another slot still needs. A
 * slot of somebody else's that holds as much lets go of nothing. Pure.
 */
export function planRelease(dropped: readonly HoldingSlot[], others: readonly HoldingSlot[], current: Lsn): Release {
  const ours = oldest(dropped);
  const theirs = oldest(others);
  const stillHeld = theirs !== null && (theirs.retainedBytes ?? 0) > 0 ? theirs : null;
  if (ours?.restartLsn == null) return {freedBytes: 0, stillHeld};
  const end = theirs?.restartLsn == null || compareLsn(theirs.restartLsn, current) > 0 ? current : theirs.restartLsn;
  return {freedBytes: Math.max(0, lsnDistance(ours.restartLsn, end)), stillHeld};
}

function oldest(slots: readonly HoldingSlot[]): HoldingSlot | null {
  return slots.reduce<HoldingSlot | null>((first, slot) => {
    if (slot.restartLsn === null) return first;
    return first?.restartLsn == null || compareLsn(slot.restartLsn, first.restartLsn) < 0 ? slot : first;
  }, null);
}
