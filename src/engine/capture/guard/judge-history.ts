import {compareLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import type {Boundary} from '../../../domain/pg/boundary.ts';
import type {ServerHistory} from '../../../pg/replication/server-history.ts';
import type {SlotStatus} from '../capture.ts';

/** What one reading of both servers says of a slot. */
export interface SlotThen extends Pick<
  SlotStatus,
  'slot' | 'state' | 'appliedLsn' | 'receivedLsn' | 'confirmedLsn' | 'lastRan'
> {
  /** Whether anybody reads it. */
  readonly isRead: boolean;
  /** Whether this run holds slots, by a fence of its own or because an operator has paused one: between two readings it may have let them go on, and stopped them again. */
  readonly isHeld: boolean;
}

/** What is seen of the source, and what was seen of the slots before. */
export interface HistorySeen {
  readonly boundary: Pick<Boundary, 'systemIdentifier' | 'timeline'>;
  readonly source: ServerHistory;
  readonly before: readonly SlotThen[];
  readonly now: readonly SlotThen[];
}

/** Why the source is no longer the one that the slots were made on, in words; null where it is. Pure. */
export function whyAnother({boundary, source, before, now}: HistorySeen): string | null {
  if (source.inRecovery) return 'the source is a standby now';
  if (
    boundary.systemIdentifier !== null &&
    source.systemIdentifier !== null &&
    boundary.systemIdentifier !== source.systemIdentifier
  )
    return `the source is another cluster: its system identifier is ${source.systemIdentifier}, and P is of ${boundary.systemIdentifier}`;
  if (boundary.timeline !== null && source.timeline !== null && boundary.timeline !== source.timeline)
    return `the source writes timeline ${source.timeline}, and P is of timeline ${boundary.timeline}: a standby was promoted`;
  const {insertLsn} = source;
  const ahead =
    insertLsn === null
      ? undefined
      : now.find(({appliedLsn}) => appliedLsn !== null && compareLsn(appliedLsn, insertLsn) > 0);
  if (ahead !== undefined)
    return `the source writes at ${insertLsn}, and the target has applied ${ahead.slot} up to ${ahead.appliedLsn}: the source was set back`;
  return whySlot(before, now);
}

/**
 * Backwards says nothing: up to 16 a source that is started again has a slot where it was last saved, and the target knows by itself how far it is. A slot is moved on by whoever reads it: one that nobody reads, and that is further than the target was told, was read by somebody else, or made
 * again.
 */
function whySlot(before: readonly SlotThen[], now: readonly SlotThen[]): string | null {
  for (const one of now) {
    const then = before.find(({slot}) => slot === one.slot);
    if (then === undefined || then.confirmedLsn === null) continue;
    if (one.confirmedLsn === null) return `slot ${one.slot} is gone from the source`;
    // A task of DMS that was resumed and has failed again, or was stopped in AWS's console, has run between the two readings.
    const isOurs = then.isHeld || one.isHeld || then.lastRan !== one.lastRan;
    const isIdle = !isOurs && !then.isRead && !one.isRead && then.state === 'stopped' && one.state === 'stopped';
    if (isIdle && compareLsn(one.confirmedLsn, then.confirmedLsn) > 0)
      return `slot ${one.slot} has moved from ${then.confirmedLsn} to ${one.confirmedLsn}, though nothing of this run reads it: somebody else has, or it was made again`;
  }
  return null;
}

/** Up to where what the target has is of the old history: the least that every slot has applied; null where that is not known. Pure. */
export function certainUpTo(slots: readonly Pick<SlotThen, 'appliedLsn'>[]): Lsn | null {
  return slots.reduce<Lsn | null>((least, {appliedLsn}) => {
    if (appliedLsn === null) return least;
    return least === null || compareLsn(appliedLsn, least) < 0 ? appliedLsn : least;
  }, null);
}
