import {claimedSlots} from '../../domain/run/claimed.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {planRelease, type Release} from '../../domain/pg/release.ts';
import {checkpoint, terminateBackend} from '../../pg/replication/checkpoint.ts';
import {readInsertPosition} from '../../pg/replication/insert-position.ts';
import type {Session} from '../../pg/session/session.ts';
import {dropSlot, readSlots, type Slot} from '../../pg/replication/slots.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';

/** What a release is about to do, as it is shown before. */
export interface ReleaseLook extends Release {
  readonly slots: readonly Slot[];
}

/** Looks at the primary: which of its slots are to go, and what that frees. `isOurs` decides by the name alone; only logical slots count. */
export async function lookAtRelease(source: Session, isOurs: (name: string) => boolean): Promise<ReleaseLook> {
  const all = await source.run(readSlots(source.version));
  const slots = all.filter((slot) => slot.kind === 'logical' && isOurs(slot.name));
  const others = all.filter((slot) => !slots.includes(slot));
  const {insertLsn} = await source.one(readInsertPosition(source.version));
  return {slots, ...planRelease(slots, others, insertLsn)};
}

/** What became of each slot. */
export interface Released {
  readonly dropped: readonly string[];
  /** Slot → why it is still there. */
  readonly kept: Readonly<Record<string, string>>;
}

/** What is said where no checkpoint could be written. */
export const NOT_FREED =
  'NOT FREED YET: their WAL goes at the next checkpoint, within checkpoint_timeout; at once, as a superuser on the primary: CHECKPOINT';

/** Slots that the run has claimed and that are on the primary no more: dropped by somebody else, and P with them. Pure. */
export function goneSlots(claimed: readonly string[], slots: readonly Slot[]): readonly string[] {
  return claimedSlots(claimed).filter((name) => slots.every((slot) => slot.name !== name));
}

/** What to do about a slot that was kept because somebody reads it. */
export function remedyForKept(endReaders: boolean): string {
  return endReaders
    ? 'end what reads it as a superuser, then longhaul release again'
    : 'if what reads it may be cut off: longhaul release --end-readers';
}

const TRIES = 20;
const BETWEEN_MS = 250;

/**
 * Drops the slots one by one, ending who reads them where `endReaders` says so. One that cannot be dropped keeps none of the others. What
 * gives the space back is the checkpoint after it.
 */
export async function releaseSlots(
  source: Session,
  slots: readonly Slot[],
  {endReaders, sleep}: {endReaders: boolean; sleep: (ms: number) => Promise<unknown>},
): Promise<Released> {
  const dropped: string[] = [];
  const kept: Record<string, string> = {};
  for (const slot of slots) {
    try {
      await dropOne(source, slot, endReaders ? sleep : null);
      dropped.push(slot.name);
    } catch (error) {
      if (!(error instanceof LonghaulError) || error.code === 'unreachable') throw error;
      kept[slot.name] = error.message;
    }
  }
  return {dropped, kept};
}

async function dropOne(source: Session, slot: Slot, sleep: ((ms: number) => Promise<unknown>) | null): Promise<void> {
  if (sleep !== null && slot.activePid !== null) await source.run(terminateBackend(slot.activePid));
  for (let tries = 1; ; tries += 1) {
    try {
      await source.run(dropSlot(slot.name));
      return;
    } catch (error) {
      // Somebody else may have dropped it since it was shown.
      if (sqlStateOf(error) === SQLSTATE.undefinedObject) return;
      // The walsender that was ended needs a moment to let go of it.
      if (sleep === null || sqlStateOf(error) !== SQLSTATE.objectInUse || tries >= TRIES) throw error;
      await sleep(BETWEEN_MS);
    }
  }
}

/** A checkpoint of a loaded primary takes minutes; the space comes back with it, so it is waited for. */
const CHECKPOINT_MS = 600_000;

/** Writes a checkpoint and waits for it; null when it was written, else why not. */
export async function writeCheckpoint(source: Session): Promise<string | null> {
  try {
    await source.run(checkpoint(), {timeoutMs: CHECKPOINT_MS});
    return null;
  } catch (error) {
    if (error instanceof LonghaulError) return error.message;
    throw error;
  }
}
