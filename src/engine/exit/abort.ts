import type {Reply} from '../../domain/run/command.ts';
import type {Actor} from '../../domain/run/event.ts';
import type {Json, JsonObject} from '../../domain/base/json.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {needsOf} from '../../domain/rules/needs.ts';
import {claimedSlots} from '../../domain/run/claimed.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {readSlots} from '../../pg/replication/slots.ts';
import type {Action} from '../action.ts';
import {failureOf} from '../run/run-steps.ts';
import {remark} from '../make-action.ts';
import type {Step, StepContext} from '../step.ts';
import {planEndOfLanes} from './end-of-lanes.ts';
import {claimedActions} from './undo-texts.ts';

/** What an abort did, and what it could not do. */
export interface AbortReport {
  /** Per step: what its undo says that it took back. */
  readonly undone: Readonly<Record<string, JsonObject>>;
  /** Per step, full-load for the lanes: why it could not be taken back, and what to do. */
  readonly failed: Readonly<Record<string, string>>;
  /** Whether slots of the run are still on the primary; left out where nothing has failed that makes them. */
  readonly slotsLeft?: boolean;
}

/** What giving the run up would do, from what it claimed and paused, and what carries it out. */
export interface AbortPlan {
  readonly actions: readonly Action[];
  /** What stays behind, with why, for people. */
  readonly left: readonly string[];
  /** Takes back what can be taken back; what fails keeps nothing else from it. */
  carryOut(): Promise<AbortReport>;
}

/** How a step is taken back. */
export interface Undoing {
  readonly step: StepId;
  readonly actions: readonly Action[];
  /** Undoes the step, once, and says what it took back. */
  readonly undo: () => Promise<JsonObject>;
}

/**
 * Plans to give the run up: end its lanes, then take the steps back from the last to the first: resume replay, drop what it claimed on the
 * primary. One server that does not answer keeps none of the rest from being undone; above all the slots go, because they fill the primary's disk.
 */
export async function planAbort(ctx: StepContext, steps: readonly Step[], by: Actor): Promise<AbortPlan> {
  const lanes = await planEndOfLanes(ctx, {how: 'cancelled', by});
  const undoings = await planUndoings(ctx, steps);
  return {
    actions: [...(lanes === null ? [] : [lanes]), ...undoings.flatMap(({actions}) => actions)],
    left: whatIsLeft(ctx),
    carryOut: async () => carryOut(ctx, by, {lanes, undoings}),
  };
}

/** What takes each of these steps back, from the last to the first, each once. */
export async function planUndoings(ctx: StepContext, steps: readonly Step[]): Promise<Undoing[]> {
  const undoings: Undoing[] = [];
  for (const step of steps.toReversed()) {
    if (step.undo === undefined) continue;
    let undone: Promise<JsonObject> | null = null;
    const once = async (): Promise<JsonObject> => (undone ??= step.undo?.(ctx) ?? Promise.resolve({}));
    const shown = await shownOf(ctx, step.id);
    undoings.push({
      step: step.id,
      undo: once,
      actions: shown.map((one) => ({...one, execute: async () => void (await once())})),
    });
  }
  return undoings;
}

/** A server that does not answer keeps nothing from being taken back, and from being tried: what of a step is to go cannot be told then. */
async function shownOf(ctx: StepContext, step: StepId): Promise<Awaited<ReturnType<typeof claimedActions>>> {
  try {
    return await claimedActions(ctx, step);
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    const text = remark(`what ${step} has made cannot be told now: ${error.message}`, '').trim();
    return [{on: 'jump box', text}];
  }
}

async function carryOut(
  ctx: StepContext,
  by: Actor,
  {lanes, undoings}: {readonly lanes: Action | null; readonly undoings: readonly Undoing[]},
): Promise<AbortReport> {
  const undone: Record<string, JsonObject> = {};
  const failed: Record<string, string> = {};
  try {
    // A target that does not answer keeps lanes undecided, and nothing else from being undone: their processes are ended all the same.
    await lanes?.execute();
  } catch (error) {
    failed['full-load'] = whyNot(error);
  }
  for (const {step, undo} of undoings) {
    try {
      undone[step] = await undo();
    } catch (error) {
      failed[step] = whyNot(error);
    }
  }
  if (Object.keys(failed).length === 0) await ctx.record({type: 'run.aborted', by, evidence: undone});
  return {undone, failed, ...(mayHoldSlots(failed) ? {slotsLeft: await areSlotsLeft(ctx)} : {})};
}

/** Whether a step has failed that takes slots back; of a target that is away they may be gone all the same. */
function mayHoldSlots(failed: AbortReport['failed']): boolean {
  return 'create-slots' in failed || 'prepare-cdc' in failed;
}

/** Of a source that does not answer nobody knows: then they have to be taken for there. */
async function areSlotsLeft(ctx: StepContext): Promise<boolean> {
  const claimed = claimedSlots(ctx.state().claimed);
  try {
    const source = await ctx.session('source');
    return (await source.run(readSlots(source.version))).some(({name}) => claimed.includes(name));
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return true;
  }
}

function whyNot(error: unknown): string {
  const {message, remedy} = failureOf(error);
  return `${message} (${remedy})`;
}

function whatIsLeft(ctx: StepContext): string[] {
  const {ledger} = needsOf(ctx.state());
  return [
    'the schema and rows on the target, which a new run replaces; to begin from nothing, drop the target database',
    ...(ledger === null ? [] : ['the ledger there, schema longhaul: it tells the next run which rows it may replace']),
    'the run folder',
  ];
}

/** What an abort came to, for people. Pure. */
export function abortWords({undone, failed, slotsLeft = true}: AbortReport, run: string): Reply {
  const did = Object.entries(undone).flatMap(([step, evidence]) => {
    const words = wordsOf(evidence);
    return words === '' ? [] : [`${step}: ${words}`];
  });
  const message = did.length === 0 ? 'there was nothing to take back' : did.join('; ');
  const not = Object.entries(failed).map(([step, why]) => `${step}: NOT taken back: ${why}`);
  if (not.length === 0 && undone['stop-writes']?.['notUndone'] === undefined)
    return {ok: true, message: `the run is given up: ${message}`};
  if (not.length === 0)
    return {
      ok: false,
      message: `the run is given up, but not all of its cutover was undone: ${message}`,
      remedy: 'do by hand what was not undone',
    };
  return {ok: false, message: `${message}. ${not.join('; ')}`, remedy: stillToDo(failed, slotsLeft, run)};
}

/** `{droppedSlots: ['a', 'b'], freed: '2 GB'}` as `dropped slots a, b, freed 2 GB`; what was not there is left out. */
function wordsOf(evidence: JsonObject): string {
  return Object.entries(evidence)
    .filter(([, value]) => value !== false && value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => {
      const name = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return value === true ? name : `${name} ${Array.isArray(value) ? value.join(', ') : asWords(value)}`;
    })
    .join(', ');
}

function asWords(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What an abort could not take back, and whether production still pays for it. */
function stillToDo(failed: AbortReport['failed'], slotsLeft: boolean, run: string): string {
  const again = `mend what is named, then longhaul abort --yes ${run} again`;
  if ('stop-writes' in failed) return `${again}; until then the source refuses writes`;
  return slotsLeft && mayHoldSlots(failed)
    ? `${again}; until then the slots hold WAL on the primary`
    : `${again}, unless what did not answer is gone for good; no slot of this run holds WAL on the primary`;
}
