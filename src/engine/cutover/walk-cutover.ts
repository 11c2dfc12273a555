import type {StepId} from '../../domain/run/step-id.ts';
import {isCutoverComplete} from '../../domain/rules/cutover.ts';
import {formatDuration} from '../../domain/base/units.ts';
import {withoutStatement} from '../../pg/session/server-error.ts';
import {isReadOnly} from '../capture/read-only-target.ts';
import {cutOffWalk} from '../run/own-statements.ts';
import {failureOf, runSteps, type RunOptions} from '../run/run-steps.ts';
import type {InPassing} from '../run/serve/in-passing.ts';
import {stoppedBy} from '../run/stopped-by.ts';
import {followPatiently} from '../back/follow.ts';
import {asSaid} from '../back/mirrored.ts';
import {abortable} from '../waiting/abortable.ts';
import type {Step, StepContext} from '../step.ts';
import {goBackPatiently, turnForward} from './going-back.ts';
import {canStillCome, changedSince} from './own-slots.ts';
import {unshutInPassing} from './shut.ts';

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
  /** Aborted once nobody wants it to wait any more for a target that is away. */
  readonly hurried: AbortSignal;
  readonly waitForWord: (step: StepId) => Promise<void>;
  /** Begins what nobody waits for, and what ends before something else is walked. */
  readonly inPassing: Pick<InPassing, 'begin'>;
}

const AGAIN_MS = 2_000;

/**
 * Walks the cutover to its end: handed over, or taken back. What fails before the target is opened takes it back; behind that it is tried again until it has
 * worked, for then there is only the way forward.
 */
export async function walkCutover(walk: CutoverWalk): Promise<void> {
  const {ctx, walker, isOurs, inPassing} = walk;
  if (statusOf(ctx) === 'under-way') {
    if (isOurs) await takeInTime(walk);
    if (ctx.signal.aborted) return;
    const why = isOurs ? whyEnded(walk) : 'its supervisor had ended, and with it the locks that kept writers out';
    if (statusOf(ctx) === 'under-way') await goBackPatiently(ctx, {by: 'run', reason: why}, walk.hurried);
  }
  while (statusOf(ctx) === 'opening') {
    const from = await whereFrom(ctx).catch(async (error: unknown) => told(ctx, error));
    if (from !== null) await take(walk, ctx, from, 'hand-over');
    if (ctx.signal.aborted) return;
    if (statusOf(ctx) === 'opening') await ctx.sleep(AGAIN_MS);
  }
  if (statusOf(ctx) !== 'handed-over') return;
  const last = walker.signal.aborted ? ctx : walker;
  // A source that is away by now keeps no constraint from being validated.
  await Promise.all([
    followPatiently(last),
    isOver(walk) ? null : take({...walk, waitsForServers: true}, last, 'validate-constraints', 'validate-constraints'),
  ]);
  inPassing.begin(async (signal) => unshutInPassing(stoppedBy(ctx, signal)));
}

/**
 * Where to go on with a target that is being opened. Once it may have been written to, nothing is copied there any more. While it is closed, what was let through on the source when the locks were gone
 * with their supervisor has to come over first; where change capture was turned round by then, it is turned forward again for that, provided that nobody has written on the target.
 */
async function whereFrom(ctx: StepContext): Promise<StepId> {
  if (!(await isReadOnly(ctx))) return 'hand-over';
  const turned = ctx.state().evidence['start-reverse'];
  if ((turned?.slots ?? []).length > 0) {
    const {lsn} = ctx.state().evidence.drain ?? {};
    if (lsn === undefined || (await changedSince(ctx, lsn)).length === 0) return 'hand-over';
    if (!(await canStillCome(ctx))) return 'hand-over';
  }
  await turnForward(ctx);
  return 'stop-writes';
}

async function told(ctx: StepContext, error: unknown): Promise<null> {
  if (ctx.signal.aborted) return null;
  const what = `the target is not open yet, tried again and again: ${failureOf(error).message}`;
  await ctx.record({type: 'step.progressed', step: 'hand-over', done: 0, total: 1, what});
  return null;
}

function isOver({ctx, steps}: CutoverWalk): boolean {
  return !steps.some(({id}) => id === 'validate-constraints') || isCutoverComplete(ctx.state());
}

function statusOf(ctx: StepContext) {
  return ctx.state().cutover?.status ?? null;
}

async function take(
  {steps, waitForWord, waitsForServers}: CutoverWalk & Pick<RunOptions, 'waitsForServers'>,
  ctx: StepContext,
  from: StepId | null,
  until: StepId,
): Promise<void> {
  const waits = waitsForServers === undefined ? {} : {waitsForServers};
  await runSteps(ctx, {steps, from, until, waitForWord, ...waits});
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
      if (!over.aborted) await cutOffWalk(ctx);
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
  return failed?.state.status === 'failed'
    ? `${failed.id}: ${withoutStatement(asSaid(ctx, failed.state.failure.message))}`
    : 'it has ended';
}
