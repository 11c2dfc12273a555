import type {StepId} from '../../domain/run/step-id.ts';
import {isCutoverComplete} from '../../domain/rules/cutover.ts';
import {formatDuration} from '../../domain/base/units.ts';
import {isReadOnly} from '../capture/read-only-target.ts';
import {endOwnStatements} from '../run/own-statements.ts';
import {runSteps} from '../run/run-steps.ts';
import {abortable} from '../waiting/abortable.ts';
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
  readonly halt: (reason: string) => void;
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
    if (isOurs) await takeInTime(walk);
    if (ctx.signal.aborted) return;
    const why = isOurs ? whyEnded(walk) : 'its supervisor had ended, and with it the locks that kept writers out';
    if (statusOf(ctx) === 'under-way') await goBackPatiently(ctx, {by: 'run', reason: why});
  }
  while (statusOf(ctx) === 'opening') {
    const closed = await isReadOnly(ctx).catch(() => null);
    // Once it may have been written to, nothing is copied there any more.
    if (closed !== null) await take(walk, ctx, closed ? 'stop-writes' : 'hand-over', 'hand-over');
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

const EVERY_MS = 250;
/** A statement in hand is cut off after this time. */
const WALK_ENDS_MS = 1_000;

/** Walks to the hand-over, and is halted where writes are stopped for too long. */
async function takeInTime(walk: CutoverWalk): Promise<void> {
  const over = new AbortController();
  const limiting = limitStop(walk, over.signal);
  try {
    await take(walk, walk.walker, 'stop-writes', 'hand-over');
  } finally {
    over.abort();
    await limiting;
  }
}

async function limitStop({ctx, halt}: CutoverWalk, over: AbortSignal): Promise<void> {
  const limitMs = ctx.config.cutover.writeStopLimitMs;
  const pause = async (ms: number): Promise<void> => {
    await Promise.race([ctx.sleep(ms).catch(() => undefined), abortable(over)]);
  };
  let sinceMs: number | null = null;
  while (!over.aborted && !ctx.signal.aborted) {
    const {cutover} = ctx.state();
    if (cutover?.stoppingAt != null) sinceMs ??= ctx.steady();
    if (cutover?.status === 'under-way' && sinceMs !== null && ctx.steady() - sinceMs >= limitMs) {
      halt(`writes were stopped for ${formatDuration(limitMs)}, cutover.write_stop_limit`);
      await pause(WALK_ENDS_MS);
      if (!over.aborted) await endOwnStatements(ctx);
      return;
    }
    await pause(EVERY_MS);
  }
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
