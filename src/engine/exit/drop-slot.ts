import {claimedSlots, slotObject} from '../../domain/run/claimed.ts';
import {stepOfSlots} from '../../domain/run/capture/slot-names.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import {planRelease as weighRelease, type Release} from '../../domain/pg/release.ts';
import {terminateBackend} from '../../pg/replication/checkpoint.ts';
import {readInsertPosition} from '../../pg/replication/insert-position.ts';
import {dropSlot, readSlots, type Slot} from '../../pg/replication/slots.ts';
import {renderStatement} from '../../pg/session/statement.ts';
import type {Session} from '../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Action} from '../action.ts';
import type {StepContext} from '../step.ts';
import type {Lent} from './lent-session.ts';

/** The run's slots on the primary, and what dropping them frees. */
export interface OurSlots extends Release {
  readonly slots: readonly Slot[];
  readonly others: readonly Slot[];
  /** Claimed by the run and no longer on the primary: dropped by somebody else, and P with them. */
  readonly gone: readonly string[];
  /** Where the primary wrote when the slots were read. */
  readonly insertLsn: Lsn;
}

/** Reads which of the primary's slots are the run's: by its claims, or as `isOurs` decides by the name alone. Only logical slots count. */
export async function readOurSlots(
  ctx: Pick<StepContext, 'state'>,
  source: Session,
  isOurs?: (name: string) => boolean,
): Promise<OurSlots> {
  const {claimed} = ctx.state();
  const isWanted = isOurs ?? ((name: string) => claimed.includes(slotObject(name)));
  const all = await source.run(readSlots(source.version));
  const slots = all.filter((slot) => slot.kind === 'logical' && isWanted(slot.name));
  const others = all.filter((slot) => !slots.includes(slot));
  const {insertLsn} = await source.one(readInsertPosition(source.version));
  const gone = isMakingSlots(ctx.state()) ? [] : goneSlots(claimed, slots);
  return {slots, others, insertLsn, gone, ...weighRelease(slots, others, insertLsn)};
}

/** Whether the run makes its slots now: it has claimed them all, and one that is not there is not gone but to come. Pure. */
export function isMakingSlots({steps}: Pick<RunState, 'steps'>): boolean {
  return steps.some(({id, state}) => id === stepOfSlots({steps}) && state.status === 'running');
}

/** Slots that the run has claimed and that are on the primary no more. Pure. */
export function goneSlots(claimed: readonly string[], slots: readonly Slot[]): readonly string[] {
  return claimedSlots(claimed).filter((name) => slots.every((slot) => slot.name !== name));
}

/** Cuts off what reads a slot. */
export function endReader(source: Lent, pid: number): Action {
  const statement = terminateBackend(pid);
  return {
    on: 'source',
    text: renderStatement(statement),
    execute: async () => void (await (await source.session()).run(statement)),
  };
}

const TRIES = 20;
const BETWEEN_MS = 250;

/** Drops one slot; `sleep` where its reader was ended, whose walsender needs a moment to let go of it. */
export async function dropOne(
  source: Session,
  name: string,
  sleep: ((ms: number) => Promise<unknown>) | null,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await source.run(dropSlot(name));
      return;
    } catch (error) {
      // Somebody else may have dropped it since it was shown.
      if (sqlStateOf(error) === SQLSTATE.undefinedObject) return;
      if (sleep === null || sqlStateOf(error) !== SQLSTATE.objectInUse || tries >= TRIES) throw error;
      await sleep(BETWEEN_MS);
    }
  }
}
