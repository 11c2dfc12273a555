import type {Reply, ShownAction} from '../../domain/run/command.ts';
import {isTargetOpened} from '../../domain/run/cutover/cutover.ts';
import type {Actor} from '../../domain/run/event.ts';
import {MIRRORED_STEPS} from '../../domain/run/back/mirror.ts';
import {backOut, endOfWalk, noted} from '../cutover/by-command.ts';
import {BACK_STEPS} from '../runbook.ts';
import type {StepContext} from '../step.ts';
import {mirrored, mirroredAction} from './mirrored.ts';
import {mirroredWords} from '../../domain/run/back/mirror.ts';

/** The walk that a way back is. */
interface GoingBack {
  goBack(first?: () => Promise<void>): boolean;
  halt(reason: string): void;
  ended(): Promise<void>;
}

/** Begins the way back, or goes on with one that has opened the source. What is still walked of the cutover, behind the hand-over, ends. */
export async function beginBack(ctx: StepContext, walk: GoingBack, by: Actor): Promise<Reply> {
  const goesOn = isTargetOpened(ctx.state().back);
  if (!goesOn) {
    walk.halt('longhaul back');
    // What it waits for at a server is cut off: writes are not stopped yet, and yet whoever goes back is in a hurry.
    await ctx.final.end(ctx, {by, why: `${by} leads back to the source`});
    await endOfWalk(ctx, walk);
  }
  const steps = MIRRORED_STEPS.map(([, id]) => id);
  const note = async (): Promise<void> => (goesOn ? undefined : ctx.record({type: 'back.begun', by, steps}));
  if (await noted(note, (first) => walk.goBack(first)))
    return {ok: true, message: goesOn ? 'the way back goes on' : 'the way back begins'};
  // A supervisor that has just begun goes on with it by itself.
  if (goesOn) return {ok: true, message: 'the way back goes on'};
  return {ok: false, message: 'the steps are running already', remedy: 'longhaul status shows what they wait for'};
}

/** Takes a way back back: the target takes writes again. */
export async function backOutOfBack(ctx: StepContext, walk: GoingBack, by: Actor): Promise<Reply> {
  const reply = await backOut(mirrored(ctx), walk, by);
  const message = mirroredWords(reply.message).replace('cutover', 'way back');
  if (reply.ok) return {ok: true, message};
  const isGoneBack = ctx.state().back?.status === 'gone-back';
  return {
    ok: false,
    message,
    remedy: isGoneBack ? reply.remedy : 'longhaul cutover leads to the target again',
  };
}

/** Everything that the way back does, in order. */
export async function planBack(ctx: StepContext): Promise<readonly ShownAction[]> {
  const turned = mirrored(ctx);
  const actions: ShownAction[] = [];
  for (const step of BACK_STEPS) actions.push(...(await step.plan(turned)));
  return actions.map((action) => mirroredAction(action));
}
