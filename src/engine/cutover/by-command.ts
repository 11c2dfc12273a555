import type {Reply, ShownAction} from '../../domain/run/command.ts';
import {isTargetOpened} from '../../domain/run/cutover/cutover.ts';
import {mirroredWords} from '../../domain/run/back/mirror.ts';
import {wayBackWords} from '../../domain/rules/cutover.ts';
import type {Actor} from '../../domain/run/event.ts';
import {cutOffWalk} from '../run/own-statements.ts';
import {cutoverSteps} from '../runbook.ts';
import type {Step, StepContext} from '../step.ts';
import {goBack, isGoneBackWhole} from './going-back.ts';

/** The walk that a cutover is. */
interface Cutting extends Halting {
  cutOver(first?: () => Promise<void>): boolean;
}

/** A walk that can be ended. */
interface Halting {
  halt(reason: string): void;
  ended(): Promise<void>;
}

const FOLLOWS_MS = 30_000;

/** Begins the cutover, or goes on with one that has opened the target. */
export async function beginCutover(ctx: StepContext, walk: Cutting, by: Actor): Promise<Reply> {
  const {cutover, back} = ctx.state();
  const goesOn = isTargetOpened(cutover);
  // Behind a way back the changes begin to come this way again: that is waited for.
  if (!goesOn && back?.status === 'handed-over') await Promise.race([walk.ended(), ctx.sleep(FOLLOWS_MS)]);
  const steps = cutoverSteps(ctx.config).map(({id}) => id);
  const note = async (): Promise<void> => (goesOn ? undefined : ctx.record({type: 'cutover.begun', by, steps}));
  if (await noted(note, (first) => walk.cutOver(first)))
    return {ok: true, message: goesOn ? 'the cutover goes on' : 'the cutover begins'};
  // A supervisor that has just begun goes on with it by itself.
  if (goesOn) return {ok: true, message: 'the cutover goes on'};
  return {ok: false, message: 'the steps are running already', remedy: 'longhaul status shows what they wait for'};
}

/** Begins a walk whose first act is a note in the journal: true once that is there, false where something else walks, and nothing is noted. */
export async function noted(
  note: () => Promise<void>,
  begin: (first: () => Promise<void>) => boolean,
): Promise<boolean> {
  const {promise, resolve} = Promise.withResolvers<Promise<void>>();
  const isBegun = begin(async () => {
    const noting = note();
    resolve(noting);
    await noting;
  });
  if (isBegun) await promise;
  return isBegun;
}

/** A statement in hand is cut off after this time: writers wait for it. */
const WALK_ENDS_MS = 1_000;

/** Waits for the end of a walk that was halted; a statement that is in hand for longer is cut off. */
export async function endOfWalk(ctx: StepContext, walk: Pick<Halting, 'ended'>): Promise<void> {
  const late = ctx.sleep(WALK_ENDS_MS).then(() => 'late' as const);
  if ((await Promise.race([walk.ended(), late])) === 'late') await cutOffWalk(ctx);
  await walk.ended();
}

const ASK_MS = 50;

/**
 * Waits until a cutover was taken back by whoever walked it, and until he has ended, so that another may begin; but not for one who waits for a target that is away, so that change capture goes on there:
 * that takes minutes, and writes are allowed by then.
 */
async function takenBack(ctx: StepContext, ended: Promise<void>): Promise<void> {
  const over = ended.then(() => 'over' as const);
  const soon = async (ms: number): Promise<'over' | null> => Promise.race([over, ctx.sleep(ms).then(() => null)]);
  let came = await soon(0);
  while (came === null && ctx.state().cutover?.status !== 'gone-back') came = await soon(ASK_MS);
  if (came === null) await soon(WALK_ENDS_MS);
}

/** Takes the cutover back. Answers once writes are allowed again, or says that it was too late. */
export async function backOut(ctx: StepContext, walk: Halting, by: Actor): Promise<Reply> {
  walk.halt(`${by} has taken it back`);
  await takenBack(ctx, endOfWalk(ctx, walk));
  const {cutover} = ctx.state();
  // Of a walk that had ended before, the end is here.
  if (cutover?.status === 'under-way') await goBack(ctx, {by, reason: `${by} has taken it back`});
  const after = ctx.state().cutover;
  if (after?.status !== 'gone-back')
    return {
      ok: false,
      message: 'it was too late: the target was being opened for writes',
      remedy: wayBackWords(ctx.state()),
    };
  // In a way back it is in the words of its own direction already, and the reply is not.
  const said = after.goneBack?.reason ?? '';
  const reason = isTargetOpened(ctx.state().back) ? mirroredWords(said) : said;
  return isGoneBackWhole(reason)
    ? {
        ok: true,
        message: 'the cutover was taken back: writes are allowed on the source again, and change capture goes on',
      }
    : {
        ok: false,
        message: `the cutover was taken back, and writes are allowed on the source again, but not all of it was undone: ${reason}`,
        remedy: 'do by hand what was not undone; longhaul status shows whether change capture goes on',
      };
}

/** Everything that a cutover does, in order. */
export async function planCutover(ctx: StepContext): Promise<readonly ShownAction[]> {
  return (await planCutoverSteps(ctx)).flatMap(({actions}) => actions);
}

/** The same, step by step. */
export async function planCutoverSteps(ctx: StepContext): Promise<readonly PlannedStep[]> {
  const steps: PlannedStep[] = [];
  for (const step of cutoverSteps(ctx.config)) steps.push({...step, actions: await step.plan(ctx)});
  return steps;
}

/** A step of the cutover with what it would do now. */
export interface PlannedStep extends Pick<Step, 'id' | 'title'> {
  readonly actions: readonly ShownAction[];
}
