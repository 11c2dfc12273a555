import type {StepId} from '../../domain/run/step-id.ts';
import {isCutoverComplete} from '../../domain/rules/cutover.ts';
import {runSteps} from '../run/run-steps.ts';
import {followPatiently} from '../back/follow.ts';
import type {Step, StepContext} from '../step.ts';
import {goBackPatiently} from './going-back.ts';

/** How a cutover is walked. */
export interface CutoverWalk {
  /** Those of the cutover; or of the way back, with a mirrored context. */
  readonly steps: readonly Step[];
  /** Ended with the supervisor: what has to be done whatever was halted. */
  readonly ctx: StepContext;
  /** Ended as well when somebody takes the cutover back. */
  readonly walker: StepContext;
  /** Whether this supervisor has begun it: of another's, the locks are gone. */
  readonly isOurs: boolean;
  readonly waitForWord: (step: StepId) => Promise<void>;
}

const AGAIN_MS = 2_000;

/**
 * Walks the cutover to its end: handed over, or taken back. What fails before the target is opened takes it back; behind that it is tried again until it has
 * worked, for then there is only the way forward.
 */
export async function walkCutover(walk: CutoverWalk): Promise<void> {
  const {ctx, walker, isOurs} = walk;
  if (statusOf(ctx) === 'under-way') {
    if (isOurs) await take(walk, walker, null, 'hand-over');
    if (ctx.signal.aborted) return;
    const why = isOurs ? whyEnded(walk) : 'its supervisor had ended, and with it the locks that kept writers out';
    if (statusOf(ctx) === 'under-way') await goBackPatiently(ctx, {by: 'run', reason: why});
  }
  while (statusOf(ctx) === 'opening') {
    await take(walk, ctx, isTurned(ctx) ? 'hand-over' : 'stop-writes', 'hand-over');
    if (ctx.signal.aborted) return;
    if (statusOf(ctx) === 'opening') await ctx.sleep(AGAIN_MS);
  }
  if (statusOf(ctx) !== 'handed-over') return;
  const last = walker.signal.aborted ? ctx : walker;
  // A source that is away by now keeps no constraint from being validated.
  await Promise.all([
    followPatiently(last),
    isOver(walk) ? null : take(walk, last, 'validate-constraints', 'validate-constraints'),
  ]);
}

/** Once the other way keeps what is written, nothing comes the one way any more that could be waited for, and what is kept must stay. */
function isTurned(ctx: StepContext): boolean {
  return (ctx.state().evidence['start-reverse']?.slots ?? []).length > 0;
}

function isOver({ctx, steps}: CutoverWalk): boolean {
  return !steps.some(({id}) => id === 'validate-constraints') || isCutoverComplete(ctx.state());
}

function statusOf(ctx: StepContext) {
  return ctx.state().cutover?.status ?? null;
}

async function take(
  {steps, waitForWord}: CutoverWalk,
  ctx: StepContext,
  from: StepId | null,
  until: StepId,
): Promise<void> {
  await runSteps(ctx, {steps, from, until, waitForWord});
}

/** The words of who halted it, or of the step that failed. */
function whyEnded({ctx, walker, steps}: CutoverWalk): string {
  if (walker.signal.aborted) return String(walker.signal.reason);
  const failed = ctx
    .state()
    .steps.find(({id, state}) => state.status === 'failed' && steps.some((step) => step.id === id));
  return failed?.state.status === 'failed' ? `${failed.id}: ${failed.state.failure.message}` : 'it has ended';
}
