import {whyNoAbort} from '../../domain/rules/cutover.ts';
import type {Command, Reply} from '../../domain/run/command.ts';
import type {Actor} from '../../domain/run/event.ts';
import {stepsToUndo} from '../runbook.ts';
import type {StepContext} from '../step.ts';
import {abortWords, planAbort} from './abort.ts';

/** How the walk through the steps is ended. */
interface Aborting {
  halt(reason: string): void;
  /** Resolves when nothing walks any more. */
  ended(): Promise<void>;
}

/** A statement that the walk waits for is cut off only by the supervisor's end. */
const WALK_ENDS_MS = 20_000;

/** An abort while the supervisor lives. Nothing is taken back before the walk has ended, or it would be made again. */
export async function abortByCommand(
  ctx: StepContext,
  walk: Aborting,
  {typed, who}: Extract<Command, {type: 'abort'}> & {readonly who: Actor},
): Promise<Reply> {
  const {run} = ctx.config;
  if (typed !== run) return {ok: false, message: 'what was typed is not the name of the run', remedy: `type ${run}`};
  walk.halt('the run is given up');
  const late = ctx.sleep(WALK_ENDS_MS).then(() => 'late' as const);
  if ((await Promise.race([walk.ended(), late])) === 'late') {
    return {
      ok: false,
      message: 'nothing was taken back: the current step waits for a server and does not end',
      remedy: `in another window, longhaul abort --yes ${run}: it ends the supervisor first, and with it what that waits for`,
    };
  }
  // The walk may have opened the target before it ended.
  const refusal = whyNoAbort(ctx.state());
  if (refusal !== null) return {ok: false, message: refusal.why, remedy: refusal.remedy};
  return abortWords(await (await planAbort(ctx, stepsToUndo(ctx.config, ctx.state()), who)).carryOut(), run);
}
