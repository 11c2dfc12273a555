import {isLatestUnderWay} from '../../domain/run/cutover/cutover.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {whyNoAbort} from '../../domain/rules/cutover.ts';
import type {Command, Reply} from '../../domain/run/command.ts';
import type {Actor} from '../../domain/run/event.ts';
import {endOfWalk} from '../cutover/by-command.ts';
import {isAllUndone} from '../cutover/going-back.ts';
import {stepsToUndo} from '../runbook.ts';
import type {StepContext} from '../step.ts';
import {abortWords, planAbort} from './abort.ts';

/** How the walk through the steps is ended. */
interface Aborting {
  halt(reason: string): void;
  /** Has a walk that was halted wait no more for a target that is away. */
  hurry(): void;
  /** Resolves when nothing walks any more. */
  ended(): Promise<void>;
}

/** A statement that the walk waits for is cut off only by the supervisor's end; but for one of a cutover, for whose end writers wait. */
const WALK_ENDS_MS = 20_000;

/** An abort while the supervisor lives. Nothing is taken back before the walk has ended, or it would be made again. */
export async function abortByCommand(
  ctx: StepContext,
  walk: Aborting,
  {typed, who}: Extract<Command, {type: 'abort'}> & {readonly who: Actor},
): Promise<Reply> {
  const {run} = ctx.config;
  if (typed !== run) return {ok: false, message: 'what was typed is not the name of the run', remedy: `type ${run}`};
  const before = ctx.state();
  walk.halt('the run is given up');
  // Change capture that goes on once the target answers is of no use by now.
  walk.hurry();
  const late = ctx.sleep(WALK_ENDS_MS).then(() => 'late' as const);
  const ended = isLatestUnderWay(before) ? endOfWalk(ctx, walk) : walk.ended();
  if ((await Promise.race([ended, late])) === 'late')
    return {
      ok: false,
      message: `${soFar(before, ctx.state())}: the current step waits for a server and does not end`,
      remedy: `in another window, longhaul abort --yes ${run}: it ends the supervisor first, and with it what that waits for`,
    };
  // The walk may have opened the target before it ended.
  const refusal = whyNoAbort(ctx.state());
  if (refusal !== null) return {ok: false, message: refusal.why, remedy: refusal.remedy};
  const after = ctx.state();
  const plan = await planAbort(ctx, stepsToUndo(ctx.config, after), who);
  return withCutover(isTaken(before, after) ? after.cutover : null, abortWords(await plan.carryOut(), run));
}

type Cutovers = Pick<RunState, 'cutover'>;

/** Whether the cutover has been taken back since by whoever walked it. */
function isTaken({cutover: before}: Cutovers, {cutover: after}: Cutovers): boolean {
  return before?.status === 'under-way' && after?.status === 'gone-back';
}

const TAKEN = 'the cutover was taken back, and writes are allowed on the source again';

/** What the end of the walk has come to while it was waited for. */
function soFar(before: Cutovers, after: Cutovers): string {
  if (isTaken(before, after)) return `${TAKEN}, but the run is not given up`;
  return before.cutover?.status === 'under-way'
    ? 'the cutover is being taken back, and writes are not allowed again yet'
    : 'nothing was taken back';
}

/** What was taken back of a cutover before the rest was; null where there was none. */
function withCutover(taken: Cutovers['cutover'], reply: Reply): Reply {
  if (taken === null) return reply;
  const {reason = ''} = taken.goneBack ?? {};
  if (isAllUndone(reason)) return {...reply, message: `${TAKEN}; ${reply.message}`};
  const message = `${TAKEN}, but not all of it was undone: ${reason}; ${reply.message}`;
  return reply.ok ? {ok: false, message, remedy: 'do by hand what was not undone'} : {...reply, message};
}
