import type {StepId} from '../../domain/run/step-id.ts';
import {isCutoverComplete} from '../../domain/rules/cutover.ts';
import {runSteps} from '../run/run-steps.ts';
import {cutoverSteps} from '../runbook.ts';
import type {StepContext} from '../step.ts';
import {goBackPatiently} from './going-back.ts';

/** How a cutover is walked. */
export interface CutoverWalk {
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
    if (isOurs) await take(walk, walker, 'stop-writes', 'hand-over');
    if (ctx.signal.aborted) return;
    const why = isOurs ? whyEnded(walk) : 'its supervisor had ended, and with it the locks that kept writers out';
    if (statusOf(ctx) === 'under-way') await goBackPatiently(ctx, {by: 'run', reason: why});
  }
  while (statusOf(ctx) === 'opening') {
    await take(walk, ctx, 'stop-writes', 'hand-over');
    if (ctx.signal.aborted) return;
    if (statusOf(ctx) === 'opening') await ctx.sleep(AGAIN_MS);
  }
  if (statusOf(ctx) === 'handed-over' && !isCutoverComplete(ctx.state()))
    await take(walk, walker.signal.aborted ? ctx : walker, 'validate-constraints', 'validate-constraints');
}

function statusOf(ctx: StepContext) {
  return ctx.state().cutover?.status ?? null;
}

async function take({waitForWord}: CutoverWalk, ctx: StepContext, from: StepId, until: StepId): Promise<void> {
  await runSteps(ctx, {steps: cutoverSteps(ctx.config), from, until, waitForWord});
}

/** The words of who halted it, or of the step that failed. */
function whyEnded({ctx, walker}: CutoverWalk): string {
  if (walker.signal.aborted) return String(walker.signal.reason);
  const failed = ctx.state().steps.find(({id, state}) => state.status === 'failed' && isOfCutover(ctx, id));
  return failed?.state.status === 'failed' ? `${failed.id}: ${failed.state.failure.message}` : 'it has ended';
}

function isOfCutover(ctx: StepContext, id: StepId): boolean {
  return cutoverSteps(ctx.config).some((step) => step.id === id);
}
