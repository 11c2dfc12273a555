import type {Actor} from '../../domain/run/event.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {planRelease as weighRelease, type HoldingSlot} from '../../domain/pg/release.ts';
import {dropSlot, readSlots, type Slot} from '../../pg/replication/slots.ts';
import {renderStatement} from '../../pg/session/statement.ts';
import type {Action} from '../action.ts';
import {planTakeBack} from '../compare/again/take-back.ts';
import {ALL_ENGINES} from '../capture/engines.ts';
import {planOpen} from '../capture/read-only-target.ts';
import type {StepContext} from '../step.ts';
import {dropOne, endReader, isMakingSlots, readOurSlots, type OurSlots} from './drop-slot.ts';
import {planEndOfLanes} from './end-of-lanes.ts';
import {lending, type Lent} from './lent-session.ts';
import {planCheckpoint, type Written} from './write-checkpoint.ts';
import {planResume} from './resume-after.ts';

/** What is to be released, by whom and how. */
export interface ReleaseOrder {
  readonly by: Actor;
  /** Whether whoever reads a slot is cut off; without it, a slot that is read is kept. */
  readonly endReaders: boolean;
  /** Whether the replica replays again afterwards, which it only does once no slot of the run is left. */
  readonly resumeReplay: boolean;
  /** Which slots are the run's, by their names; those that it has claimed where this is not given. */
  readonly isOurs?: ((name: string) => boolean) | undefined;
  /** Ends the walk through the steps, once there is nothing left to walk for. */
  readonly halt: (reason: string) => void;
  /** How long a checkpoint is waited for. */
  readonly checkpointMs: number;
}

/** What a release came to. */
export interface Released {
  /** Slots that were dropped, as the primary says that was asked again after it. */
  readonly dropped: readonly string[];
  /** Slots that the run had claimed and that somebody else had dropped. */
  readonly gone: readonly string[];
  /** Slot → why it is still there. */
  readonly kept: Readonly<Record<string, string>>;
  readonly lanesEnded: number;
  readonly resumed: boolean;
  /** Null where no slot was dropped, so that there was nothing to free. */
  readonly checkpoint: Written | null;
  readonly freedBytes: number;
  /** What still holds WAL, and is not the run's. */
  readonly stillHeld: HoldingSlot | null;
  /** What did not work beside the slots. */
  readonly wrong: readonly string[];
  /** Why the journal does not know of it; null where it does, and where there was nothing to tell. */
  readonly untold: string | null;
}

/** What a release would do, with what it would free, and what carries it out: all that is executed is what was shown. */
export interface ReleasePlan extends OurSlots {
  readonly actions: readonly Action[];
  /** Executes the actions in their order. What fails keeps nothing else from being done. */
  carryOut(): Promise<Released>;
}

/**
 * Reads the primary and plans the way out: end the slots' readers where that is wanted, drop the slots, end the lanes, whose load is worth nothing
 * any more, resume replay where that is wanted, write a checkpoint, which gives the space back. The same with a supervisor and without.
 */
export async function planRelease(ctx: StepContext, order: ReleaseOrder): Promise<ReleasePlan> {
  // The walk's own session may be waiting for a statement; nobody waits for that.
  const source = lending(async () => ctx.open('source', 'release'));
  try {
    const ours = await readOurSlots(ctx, await source.session(), order.isOurs);
    const parts = {
      readers: await planEndOfReaders(ctx, order.by),
      drops: ours.slots.map((slot) => planDrop(ctx, source, slot, order.endReaders)),
      lanes:
        ours.slots.length + ours.gone.length === 0 ? null : await planEndOfLanes(ctx, {how: 'released', by: order.by}),
      resume: order.resumeReplay ? await planResume(ctx, order.by) : null,
      checkpoint: ours.slots.length === 0 ? null : planCheckpoint(ctx, source, order.checkpointMs),
    };
    return {...ours, actions: inOrder(parts), carryOut: async () => carryOut(ctx, {order, ours, parts, source})};
  } finally {
    await source.giveBack();
  }
}

/** What this run itself reads the slots with goes first. A target that does not answer keeps no slot from being dropped, and is told. */
async function planEndOfReaders(ctx: StepContext, by: Actor): Promise<readonly Action[]> {
  // Whoever waits for a comparison's lock does not hear that it is to end.
  const held = planTakeBack(ctx, by);
  const ends = ALL_ENGINES.map(async ({live}): Promise<readonly Action[]> => live?.planRemoval(ctx) ?? []);
  try {
    return [...held, ...(await Promise.all(ends)).flat(), ...(await planOpen(ctx))];
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    const execute = async (): Promise<void> => Promise.reject(error);
    return [...held, {on: 'target', text: `/* its subscriptions cannot be dropped now: ${error.message} */`, execute}];
  }
}

interface Parts {
  readonly readers: readonly Action[];
  readonly drops: readonly {readonly slot: string; readonly actions: readonly Action[]}[];
  readonly lanes: (Action & {readonly count: number}) | null;
  readonly resume: Action | null;
  readonly checkpoint: (Action & {readonly written: () => Written}) | null;
}

function inOrder({readers, drops, lanes, resume, checkpoint}: Parts): Action[] {
  const rest = [lanes, resume, checkpoint].filter((action) => action !== null);
  return [...readers, ...drops.flatMap(({actions}) => actions), ...rest];
}

function planDrop(ctx: StepContext, source: Lent, slot: Slot, endReaders: boolean): Parts['drops'][number] {
  const drop: Action = {
    on: 'source',
    text: renderStatement(dropSlot(slot.name)),
    execute: async () => dropOne(await source.session(), slot.name, endReaders ? ctx.sleep : null),
  };
  return {
    slot: slot.name,
    actions: endReaders && slot.activePid !== null ? [endReader(source, slot.activePid), drop] : [drop],
  };
}

interface Releasing {
  readonly order: ReleaseOrder;
  readonly ours: OurSlots;
  readonly parts: Parts;
  readonly source: Lent;
}

async function carryOut(ctx: StepContext, {order, ours, parts, source}: Releasing): Promise<Released> {
  const wrong: string[] = [];
  try {
    for (const reader of parts.readers) await attempt(wrong, 'change capture was not ended', reader);
    const kept = keptOf(await dropAll(parts.drops), ours.slots, await readThere(source, ours.slots));
    const dropped = ours.slots.map(({name}) => name).filter((name) => kept[name] === undefined);
    const lost = [...dropped, ...ours.gone];
    let untold: string | null = null;
    let {lanes} = parts;
    // A walk that makes slots would make those that are still to come.
    if (lost.length > 0 || isMakingSlots(ctx.state())) order.halt('the slots were released');
    if (lost.length > 0) {
      untold = await failureOf(async () => ctx.record({type: 'slots.released', by: order.by, dropped: lost}));
      // Until it was halted the walk may have started the first.
      lanes ??= await planEndOfLanes(ctx, {how: 'released', by: order.by});
      await attempt(wrong, 'lanes', lanes);
    }
    // A slot that is still there still begins before P.
    const resumed = Object.keys(kept).length === 0 && (await attempt(wrong, 'replay was not resumed', parts.resume));
    const freeing = dropped.length === 0 ? null : parts.checkpoint;
    await attempt(wrong, 'checkpoint', freeing);
    return {
      dropped,
      gone: ours.gone,
      kept,
      lanesEnded: lost.length === 0 ? 0 : (lanes?.count ?? 0),
      resumed,
      checkpoint: freeing?.written() ?? null,
      ...weighRelease(
        ours.slots.filter(({name}) => kept[name] === undefined),
        [...ours.others, ...ours.slots.filter(({name}) => kept[name] !== undefined)],
        ours.insertLsn,
      ),
      wrong,
      untold,
    };
  } finally {
    await source.giveBack();
  }
}

/** Gives what was kept, with why. One slot that cannot be dropped keeps none of the others. */
async function dropAll(drops: Parts['drops']): Promise<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const {slot, actions} of drops) {
    const why = await failureOf(async () => {
      for (const action of actions) await action.execute();
    });
    if (why !== null) kept[slot] = why;
  }
  return kept;
}

/** What the primary shows after the drops. */
async function readThere(source: Lent, asked: readonly Slot[]): Promise<ShownAfter> {
  if (asked.length === 0) return {names: []};
  let names: string[] = [];
  const unread = await failureOf(async () => {
    const session = await source.session();
    names = (await session.run(readSlots(session.version))).map(({name}) => name);
  });
  return unread === null ? {names} : {unread};
}

/** The names of the slots that a primary has, or why they could not be read. */
export type ShownAfter = {readonly names: readonly string[]} | {readonly unread: string};

/** Which slots are kept, with why: nothing is said to be dropped before the primary has shown that it is not there. Pure. */
export function keptOf(
  refused: Readonly<Record<string, string>>,
  asked: readonly Pick<Slot, 'name'>[],
  after: ShownAfter,
): Record<string, string> {
  const kept: Record<string, string> = {...refused};
  for (const {name} of asked) {
    if ('unread' in after) kept[name] ??= `the primary did not show that it is dropped: ${after.unread}`;
    else if (after.names.includes(name)) kept[name] ??= 'it was dropped, and is there again';
  }
  return kept;
}

/** True where there was such an action and it worked; what failed is added to `wrong`. */
async function attempt(wrong: string[], what: string, action: Action | null): Promise<boolean> {
  if (action === null) return false;
  const why = await failureOf(async () => action.execute());
  if (why !== null) wrong.push(`${what}: ${why}`);
  return why === null;
}

async function failureOf(act: () => Promise<void>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof LonghaulError) return error.message;
    throw error;
  }
}
