import type {StepId} from '../../domain/run/step-id.ts';
import {isCutoverComplete} from '../../domain/rules/cutover.ts';
import {formatDuration} from '../../domain/base/units.ts';
import {isReadOnly} from '../capture/read-only-target.ts';
import {endOwnStatements} from '../run/own-statements.ts';
import {runSteps} from '../run/run-steps.ts';
import {followPatiently} from '../back/follow.ts';
import {abortable} from '../waiting/abortable.ts';
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
    if (closed !== null) await take(walk, ctx, closed && !isTurned(ctx) ? 'stop-writes' : 'hand-over', 'hand-over');
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

const EVERY_MS = 250;
/** A statement in hand is cut off after this time. */
const WALK_ENDS_MS = 1_000;

/** Walks to the hand-over, and is halted where writes are stopped for too long. */
async function takeInTime(walk: CutoverWalk): Promise<void> {
  const over = new AbortController();
  const limiting = limitStop(walk, over.signal);
  try {
    await take(walk, walk.walker, null, 'hand-over');
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
function whyEnded({ctx, walker, steps}: CutoverWalk): string {
  if (walker.signal.aborted) return String(walker.signal.reason);
  const failed = ctx
    .state()
    .steps.find(({id, state}) => state.status === 'failed' && steps.some((step) => step.id === id));
  return failed?.state.status === 'failed' ? `${failed.id}: ${failed.state.failure.message}` : 'it has ended';
}
