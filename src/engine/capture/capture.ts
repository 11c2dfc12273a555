import type {Finding} from '../../domain/run/finding.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import type {EngineName} from '../../config/keys/cdc.ts';
import type {CaptureTopic, Told} from '../preflight/database/told.ts';
import type {PreflightContext} from '../preflight/read-once.ts';
import type {Session} from '../../pg/session/session.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import type {Action} from '../action.ts';
import type {Step, StepContext} from '../step.ts';
import type {CaptureNeeds} from './needs.ts';
import type {NotCaptured, SlotsOfPlan} from './guard/not-captured.ts';
import type {ReverseCapture} from './reverse-capture.ts';

/** A part of preflight. Read-only; `id` names it where it could not be made: `source slots`. */
export interface PreflightCheck {
  readonly id: string;
  readonly check: (ctx: PreflightContext) => Promise<Finding[]>;
}

/** How a step is called on screen, and what is lost without it. */
export type StepWords = Pick<Step, 'title' | 'why'>;

/**
 * An engine of change capture: everything that a run asks about it. One literal object for each in a folder of this room; a run's own is
 * `engineOf(config)`. Why it is one: docs/decisions/0030; what belongs to change capture that runs: docs/decisions/0062.
 */
export interface CaptureEngine {
  readonly name: EngineName;
  /** What it comes to in one sentence, for the dry run and `longhaul steps`. */
  readonly summary: string;
  readonly needs: CaptureNeeds;
  /** What it wants of servers, roles and settings, beside what every run wants. */
  readonly checks: readonly PreflightCheck[];
  /** What it does not carry as it is of the data, for the check of the data. */
  readonly data: Readonly<Partial<Record<CaptureTopic, Told>>>;
  /** What it makes before the inventory, so that it is carried as every table is. */
  readonly first: readonly Step[];
  /** Its part of the anchor, in its own order: what exists before the pause. What a step has made its `undo` takes back. */
  readonly anchor: readonly Step[];
  /** Change capture that Longhaul itself starts and watches; null where somebody else starts it, or nobody. */
  readonly live: LiveCapture | null;
  /** How it is turned round at the hand-over, and back; null where it cannot be. */
  readonly reverse: ReverseCapture | null;
  /** The words of steps that every run has, where they are others with this engine. */
  readonly words: Readonly<Partial<Record<StepId, StepWords>>>;
  /** Whether the object, as it is claimed in the journal (`slot dms_slot_01`), is of a kind that its steps make. */
  owns(object: string): boolean;
  /** Tables that are to be captured and that the source does not capture now, or not whole. */
  readNotCaptured(ctx: StepContext, plan: SlotsOfPlan): Promise<NotCaptured[]>;
}

/** How a slot's changes come to the target. Bytes are WAL bytes of the source. */
export interface SlotStatus {
  readonly slot: string;
  /** `down`: it is to run and no worker does; `blocked`: its worker waits for another session. */
  readonly state: 'stopped' | 'running' | 'blocked' | 'down';
  /** The sessions on the target that its worker waits for. */
  readonly waitsFor: readonly number[];
  /** What the target has received, and what it has applied; null where that is not known. */
  readonly receivedLsn: Lsn | null;
  readonly appliedLsn: Lsn | null;
  /** All before it is on the target's disk, and no longer kept by the source. */
  readonly confirmedLsn: Lsn | null;
  /** From there to where the source writes; null where the slot is not there. */
  readonly lagBytes: number | null;
  /** How long ago the oldest sentinel was written that is not on the target yet; 0 where all are. */
  readonly lagSeconds: number;
  /** How long ago the newest sentinel was written on the source; null where none is there. Left out where nobody asks. */
  readonly quietSeconds?: number | null;
  /** The worker that applies; null where none runs. Left out where the engine does not know. */
  readonly workerPid?: number | null;
  /** How long ago that worker has had a message of the source, whatever it was; null before the first. Left out where the engine does not know. */
  readonly heardSeconds?: number | null;
  /** When it was let go on and stopped last, where somebody else than this run can do both; another text is another time that it ran. Left out where the engine does not know. */
  readonly lastRan?: string;
  /** How often applying has failed; null where the target does not count. */
  readonly errors: number | null;
  /** How often a change did not fit what the target had: in all, and of these the updates and deletes that found no row and were skipped. Left out where the target does not count. */
  readonly conflicts?: {readonly all: number; readonly skipped: number};
  /** Sentinels of the source up to the newest that the target has, and the target's: the same, or some are lost. */
  readonly sentinels: {readonly source: number; readonly target: number};
}

/** Servers to ask, by sessions that whoever asks has opened. */
export interface Servers {
  readonly source: Session;
  readonly target: Session;
}

/** The transaction that a slot cannot get past: applying it fails each time. */
export interface StuckTransaction {
  readonly slot: string;
  readonly xid: string;
  /** Where its commit record starts, as the target's log names it: `finished at 0/1A2B3C`. */
  readonly commitLsn: Lsn;
  /** Where its commit record ends: what an origin has that has applied it. */
  readonly endLsn: Lsn;
  /** The first of its changes, in words: `INSERT public.orders (id 17)`. */
  readonly changes: readonly string[];
  /** How many it has in all; null where not all were read. */
  readonly count: number | null;
  /** The tables that it changes, of what was read. */
  readonly tables: readonly RelationName[];
  /** What has it applied after all, in words, where that is known; null or left out where it is not. */
  readonly mend?: string | null;
}

/** What can be done to one slot's change capture while it runs. */
export type CaptureAct = 'pause' | 'resume' | 'kick' | 'skip' | 'adopt';

/** A table that is taken in. */
export interface TakenIn {
  readonly table: RelationName;
  readonly slot: string;
  /** The run's other slots: what one of them captures of it, as of two tables that have swapped their names, would come twice. */
  readonly others: readonly string[];
  readonly hasIdentity: boolean;
  /** Whether its identity is the whole row, which is no key. */
  readonly isFull: boolean;
}

/** What has a slot capture a table, on the source. */
export interface Adding {
  readonly statements: readonly Statement[];
  /** The other slots that captured a table of this name until then: what they have on its way meets the copy. */
  readonly elsewhere: readonly string[];
}

/** What has a slot's changes asked for whole again. */
export interface MakingWhole {
  readonly actions: readonly Action[];
  /** Whether its worker begins anew by it: the one before goes by what was asked for then. */
  readonly beginsAnew: boolean;
}

/** How an engine takes a table in that was made since the anchor. `table` has its place in the target already, empty. */
export interface Adoption {
  /** Has what applies the slot ask for all that it was made for again, where somebody has altered that. No actions where it is whole. */
  planWhole(ctx: StepContext, slot: string): Promise<MakingWhole>;
  /** Has what applies the slot pass over the table until `planKnown`, so that it fails at nothing that it has not, wherever the adoption ends; left out where a target passes over what it does not know. */
  planPassingOver?(ctx: StepContext, slot: string, table: RelationName): Promise<MakingWhole>;
  /** Adds it to what the slot captures: run in the transaction whose lock has waited for the table's writers. */
  adding(ctx: StepContext, taken: TakenIn): Promise<Adding>;
  /** Those of these slots that somebody has taken from what captures them, or altered it, for all of their tables: a table that is adopted into such a one is not all that is missed. */
  readBroken(source: Session, slots: readonly string[]): Promise<string[]>;
  /** What the target wants to know of it once the source captures it, and before a change of it is applied. */
  planKnown(ctx: StepContext, slot: string, table: RelationName): Promise<readonly Action[]>;
}

/** Change capture that Longhaul itself starts at P, watches and removes. */
export interface LiveCapture {
  /** Starts it at P. */
  readonly start: Step;
  /** The slots that it reads, or is about to; none before it was started. Pure. */
  slotsOf(claimed: readonly string[]): string[];
  /** How it is, slot by slot. Asks each server once or twice, changes nothing. */
  status(servers: Servers, slots: readonly string[]): Promise<SlotStatus[]>;
  /** Takes it off the target, so that nothing reads the slots any more; nothing where this run has not started it. */
  planRemoval(ctx: StepContext): Promise<readonly Action[]>;
  /** What of these it cannot do, and why, in words for the operator: `kick`: 'its worker comes back by itself within 5 s'. */
  readonly cannot: Readonly<Partial<Record<CaptureAct, string>>>;
  /** Stops applying this slot's changes, and waits until nobody reads it: the slot keeps them. May be repeated. */
  planStop(ctx: StepContext, slot: string): Promise<readonly Action[]>;
  /** Goes on from where it is. May be repeated. */
  planResume(ctx: StepContext, slot: string): Promise<readonly Action[]>;
  /** Starts again what is down for no reason of its own; null where the engine does so by itself. */
  readonly planKick: ((ctx: StepContext, slot: string) => Promise<readonly Action[]>) | null;
  /** How each slot is as far as the target alone tells, so that the source is asked only where one is down; left out where it cannot tell. */
  readonly readStates?: (target: Session, slots: readonly string[]) => Promise<Pick<SlotStatus, 'slot' | 'state'>[]>;
  /**
   * The transaction that it cannot apply; null where it is not stuck with an error, or the engine cannot tell (`cannot.skip`). Reads the slot, and so stops applying
   * first where it must; `planResume` or `planSkip` goes on.
   */
  stuckOn(ctx: StepContext, slot: string): Promise<StuckTransaction | null>;
  /** Goes past that one transaction, which is not applied, and on. A comparison of its tables is owed afterwards, which the caller journals first. */
  planSkip(ctx: StepContext, slot: string, stuck: StuckTransaction): Promise<readonly Action[]>;
  /** The tables with a change that the slot keeps in a commit at or after a position; reads the slot, which nobody else may at that moment. */
  changedSince(ctx: StepContext, slot: string, after: Lsn): Promise<readonly string[]>;
  /** Whether its slots keep much that was applied long ago, so that they are read with writes stopped only where no locks prove the same; left out where they keep little. */
  readonly confirmsSeldom?: true;
  /** The tables of these slots of which it captures only what is inserted. */
  readInsertsOnly(source: Session, slots: readonly string[]): Promise<RelationName[]>;
  /** The tables of these slots of which the application can update and delete no row, because they have lost what names one and their updates are captured; left out where that keeps nobody from anything. */
  readUnidentified?(source: Session, slots: readonly string[]): Promise<RelationName[]>;
  /** Tables of these slots that are captured, and that what applies them on the target does not ask for, or applies no more; left out where nobody tells. */
  readNotApplied?(servers: Servers, plan: SlotsOfPlan): Promise<NotCaptured[]>;
  /** Those of these tables that are of another kind on the target, where that does harm; left out where it does none. */
  readOtherKinds?(target: Session, tables: readonly RelationName[]): Promise<RelationName[]>;
  /** Whether what applies there stops at a change that does not fit, instead of passing over it; left out where a run does not set that. */
  isStrict?(target: Session): Promise<boolean>;
  /** The tables of these slots whose TRUNCATE does not come although `carriesTruncate`, for it comes by a trigger that somebody has disabled, or dropped (null); left out where it comes by the WAL. */
  readUntoldTruncates?(
    source: Session,
    slots: readonly string[],
  ): Promise<(RelationName & {readonly trigger: string | null})[]>;
  /** Whether it finds a row of the target by the index of its replica identity alone, and fails where that has none; left out where it finds it by the primary key then. */
  readonly findsByIdentityAlone?: true;
  /** Whether a TRUNCATE on a source of this version comes to the target. */
  carriesTruncate(version: ServerVersion): boolean;
  /** How a table that was made since is taken in; null where it cannot be (`cannot.adopt`). */
  readonly adoption: Adoption | null;
  /** Why its apply cannot be held at one commit, for a comparison; left out where it can. */
  readonly noFence?: string;
  /** False where it may apply a commit before one that was made earlier; left out where it does not. */
  readonly isInOrder?: false;
  /** How its sessions on the target are called that apply changes, where they are clients and no workers of the server: LIKE patterns. */
  readonly appliesAs?: readonly string[];
}
