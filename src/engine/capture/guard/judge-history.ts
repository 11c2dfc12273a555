import {compareLsn, laterLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import type {Boundary} from '../../../domain/pg/boundary.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import type {ServerHistory} from '../../../pg/replication/server-history.ts';
import type {Decoded} from '../../../pg/replication/slots.ts';
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
  /** What it had applied and has confirmed since: the target has it on its disk. Null while nothing is known to be. */
  readonly certainLsn: Lsn | null;
  /** What its slot has decoded; null where the server does not count it. */
  readonly decoded: Omit<Decoded, 'name'> | null;
}

/** What was seen of the slots at a reading, and of which cutover and way back they were. */
export interface SlotsSeen extends Pick<RunState, 'cutover' | 'back'> {
  readonly slots: readonly SlotThen[];
}

/** What may be held against the slots now: those that a cutover or a way back has made anew since are others. Pure. */
export function seenOfThese({slots, ...then}: SlotsSeen, now: Pick<RunState, 'cutover' | 'back'>): readonly SlotThen[] {
  return then.cutover === now.cutover && then.back === now.back ? slots : [];
}

/** What is seen of the source, and what was seen of the slots before. */
export interface HistorySeen {
  readonly boundary: Pick<Boundary, 'systemIdentifier' | 'timeline'>;
  readonly source: ServerHistory;
  readonly before: readonly SlotThen[];
  readonly now: readonly SlotThen[];
}

/** Why the run is void, in words; `isAnother` where that is because the source is another, which may come back as it was. */
export interface WhyVoid {
  readonly why: string;
  readonly isAnother: boolean;
}

/** Why what the slots bring is no longer all that was written behind what the target has; null where it is. Pure. */
export function whyVoid(seen: HistorySeen): WhyVoid | null {
  const another = whyAnother(seen);
  if (another !== null) return {why: another, isAnother: true};
  const why = whySlot(seen.before, seen.now);
  return why === null ? null : {why, isAnother: false};
}

function whyAnother({boundary, source, now}: HistorySeen): string | null {
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
  return ahead === undefined
    ? null
    : `the source writes at ${insertLsn}, and the target has applied ${ahead.slot} up to ${ahead.appliedLsn}: the source was set back`;
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
    if (isMadeAgain(then.decoded, one.decoded))
      return `slot ${one.slot} was dropped and made again: it has decoded ${one.decoded?.transactions} transactions, and had decoded ${then.decoded?.transactions}`;
    if (isSetBack(then, one))
      return `the target has applied ${one.slot} up to ${one.appliedLsn}, and had it on its disk up to ${then.certainLsn}, which the slot no longer keeps: the target was set back`;
    // A task of DMS that was resumed and has failed again, or was stopped in AWS's console, has run between the two readings.
    const isOurs = then.isHeld || one.isHeld || then.lastRan !== one.lastRan;
    const isIdle = !isOurs && !then.isRead && !one.isRead && then.state === 'stopped' && one.state === 'stopped';
    if (isIdle && compareLsn(one.confirmedLsn, then.confirmedLsn) > 0)
      return `slot ${one.slot} has moved from ${then.confirmedLsn} to ${one.confirmedLsn}, though nothing of this run reads it: somebody else has, or it was made again`;
  }
  return null;
}

/** A slot's count only grows, but where somebody resets it, or the server counts anew. Pure. */
function isMadeAgain(then: SlotThen['decoded'], now: SlotThen['decoded']): boolean {
  if (then === null || now === null || then.countedSince !== now.countedSince) return false;
  return now.transactions < then.transactions && (now.resetAt === null || now.resetAt === then.resetAt);
}

/** What a target has on its disk no crash takes from it: it is lost where the disk is, and what the slot has let go of it never brings again. Pure. */
function isSetBack({certainLsn: certain}: SlotThen, {appliedLsn: now, confirmedLsn}: SlotThen): boolean {
  if (certain === null || now === null || confirmedLsn === null) return false;
  return compareLsn(now, certain) < 0 && compareLsn(certain, confirmedLsn) <= 0;
}

/** What is certain by the next reading of a slot: what was applied at the one before, once that is confirmed. Pure. */
export function certainOf(
  then: Pick<SlotThen, 'appliedLsn' | 'certainLsn'> | undefined,
  confirmedLsn: Lsn | null,
): Lsn | null {
  const {appliedLsn = null, certainLsn = null} = then ?? {};
  if (appliedLsn === null || confirmedLsn === null || compareLsn(appliedLsn, confirmedLsn) > 0) return certainLsn;
  return certainLsn === null ? appliedLsn : laterLsn(appliedLsn, certainLsn);
}

/** Up to where what the target has is of the old history: the least that every slot has applied; null where that is not known. Pure. */
export function certainUpTo(slots: readonly Pick<SlotThen, 'appliedLsn'>[]): Lsn | null {
  return slots.reduce<Lsn | null>((least, {appliedLsn}) => {
    if (appliedLsn === null) return least;
    return least === null || compareLsn(appliedLsn, least) < 0 ? appliedLsn : least;
  }, null);
}
