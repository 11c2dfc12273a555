import {isCutoverUnderWay} from '../../../domain/run/cutover/cutover.ts';
import type {StepId} from '../../../domain/run/step-id.ts';
import {followPatiently} from '../../back/follow.ts';
import {mirrored} from '../../back/mirrored.ts';
import {walkCutover} from '../../cutover/walk-cutover.ts';
import {noteEnd} from '../../exit/note-end.ts';
import {BACK_STEPS, cutoverSteps} from '../../runbook.ts';
import {abortable} from '../../waiting/abortable.ts';
import {createInPassing, type InPassing} from './in-passing.ts';
import type {RunControl} from './run-control.ts';
import {withPatientRecord} from '../patient-record.ts';
import type {RunContext} from '../run-context.ts';
import type {RunStore} from '../run-store.ts';
import {failureOf, runSteps} from '../run-steps.ts';
import {takeBack, takeBackForSure} from '../../compare/again/take-back.ts';
import {stoppedBy} from '../stopped-by.ts';
import type {SupervisorOptions} from './supervisor-options.ts';

/** What walks in a supervisor: the steps of the runbook, the cutover, the way back, or something in their place; one of them at a time. */
interface Walk extends RunControl {
  /** Who wants the lanes to end with the supervisor; null when nobody does. */
  endsLanesFor(): string | null;
}

/** The walk through the steps, which can be started again after it failed. */
export function makeWalk(ctx: RunContext, store: RunStore, options: SupervisorOptions, stop: AbortController): Walk {
  const words = createWords();
  let walking: Promise<void> | null = null;
  let lettingGo: Promise<void> | null = null;
  let endsLanesFor: string | null = null;
  let ending = createEnding();
  const complain = (error: unknown): void => options.complain(failureOf(error).message);
  const inPassing = createInPassing(complain);
  const begun = {from: options.from, hasCutOver: false, hasGoneBack: false};
  const walk = async (): Promise<void> => {
    await walkOn({ctx, store, options, words, begun, inPassing, ...ending});
  };

  // Whoever is halted while he holds apply and replay has no session any more to let them go with.
  const letGo = async (): Promise<void> => {
    if (store.state().fence === null || ctx.signal.aborted) return;
    await takeBack(ctx, 'run').catch((error: unknown) => {
      complain(error);
      // A server that is away keeps nobody waiting who ends the walk, and gives production back.
      lettingGo = takeBackForSure(ctx, 'run').catch(complain);
    });
  };

  const begin = (work: () => Promise<void>): boolean => {
    if (walking !== null || stop.signal.aborted) return false;
    ending = createEnding();
    walking = inPassing
      .end()
      .then(work)
      .catch(async (error: unknown) =>
        store.record({type: 'run.stopped', reason: failureOf(error).message, end: 'failed'}),
      )
      // The journal's disk may be what is full; an alarm tells that, and `longhaul continue` goes on.
      .catch(complain)
      .then(letGo)
      .finally(() => (walking = null));
    return true;
  };

  return {
    confirm: (step) => words.give(step),
    halt: (reason) => ending.halt(reason),
    hurry: () => ending.hurry(),
    goOn: () => begin(walk),
    instead: (work) => begin(async () => work(withPatientRecord(stoppedBy(ctx, ending.halted)))),
    cutOver: (first) => {
      // Of one that another supervisor has begun the locks are gone.
      begun.hasCutOver ||= walking === null;
      return begin(async () => after(walk, first));
    },
    goBack: (first) => {
      begun.hasGoneBack ||= walking === null;
      return begin(async () => after(walk, first));
    },
    stop: (who) => {
      endsLanesFor = who;
      stop.abort();
    },
    ended: async () => {
      await walking;
      if (ctx.signal.aborted) await Promise.all([inPassing.end(), lettingGo]);
    },
    endsLanesFor: () => endsLanesFor,
  };
}

/** How a walk is ended; each has its own. */
interface Ending {
  readonly halted: AbortSignal;
  /** Aborted once nobody wants a walk that was halted to wait for a target that is away. */
  readonly hurried: AbortSignal;
  /** Ends the walk as an operator's word does. */
  readonly halt: (why: string) => void;
  readonly hurry: () => void;
}

function createEnding(): Ending {
  const halting = new AbortController();
  const hurrying = new AbortController();
  return {
    halted: halting.signal,
    hurried: hurrying.signal,
    halt: (why) => halting.abort(why),
    hurry: () => hurrying.abort(),
  };
}

async function after(walk: () => Promise<void>, first?: () => Promise<void>): Promise<void> {
  await first?.();
  await walk();
}

/** The operator's words that steps wait for. */
interface Words {
  /** False where the step does not wait. */
  give(step: StepId): boolean;
  wait(step: StepId, signal: AbortSignal): Promise<void>;
}

function createWords(): Words {
  const words = new Map<StepId, () => void>();
  return {
    give: (step) => {
      const give = words.get(step);
      give?.();
      return give !== undefined;
    },
    wait: async (step, signal) => {
      const word = new Promise<void>((resolve) => words.set(step, resolve));
      await Promise.race([word, abortable(signal)]);
      words.delete(step);
      signal.throwIfAborted();
    },
  };
}

interface Walking extends Omit<Ending, 'hurry'> {
  readonly ctx: RunContext;
  readonly store: RunStore;
  readonly options: SupervisorOptions;
  readonly words: Words;
  /** What this supervisor was asked for; a first walk begins at `from`. */
  readonly begun: {from: StepId | null; hasCutOver: boolean; hasGoneBack: boolean};
  readonly inPassing: InPassing;
}

/** Walks what the journal says that is under way: the way back, the cutover, or the runbook. */
async function walkOn({ctx, store, options, words, begun, halted, hurried, halt, inPassing}: Walking): Promise<void> {
  const {steps, until, version} = options;
  const walker = withPatientRecord(stoppedBy(ctx, halted));
  const waitForWord = async (step: StepId): Promise<void> => words.wait(step, walker.signal);
  const {cutover, back} = store.state();
  if (isCutoverUnderWay(back)) {
    const isOurs = begun.hasGoneBack;
    // The walk behind the hand-over was ended for it, maybe before anything came the other way. With another's writers wait already, and that needs the source.
    if (back?.status === 'under-way' && isOurs) await followPatiently(walker);
    const turned = {ctx: mirrored(ctx), walker: mirrored(walker)};
    await walkCutover({steps: BACK_STEPS, ...turned, isOurs, halt, hurried, waitForWord, inPassing});
    if (!isOurs && store.state().back?.status === 'gone-back') await followPatiently(walker);
    return;
  }
  if (cutover !== null && cutover.status !== 'gone-back')
    return walkCutover({
      steps: cutoverSteps(ctx.config),
      ctx,
      walker,
      isOurs: begun.hasCutOver,
      halt,
      hurried,
      waitForWord,
      inPassing,
    });
  // Of one that a supervisor has left behind the source's opening.
  if (back?.status === 'handed-over') await followPatiently(mirrored(walker));
  await store.record({type: 'run.started', run: ctx.config.run, version, steps: steps.map((step) => step.id)});
  const end = await runSteps(walker, {steps, from: begun.from, until, waitForWord, waitsForServers: true});
  begun.from = null;
  if (!ctx.signal.aborted) await noteEnd(store, walker, {end, until, halted});
}
