import {counted} from '../../domain/base/units.ts';
import type {Command, Reply} from '../../domain/run/command.ts';
import type {RunEvent} from '../../domain/run/event.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {whatIsNext} from '../../domain/rules/what-is-next.ts';
import {whyRefused} from '../../domain/rules/why-refused.ts';
import type {RunState, UnitState} from '../../domain/run/run-state.ts';
import {readReplicaPosition} from '../../pg/replication/replica.ts';
import {adoptByCommand} from '../capture/adopt/adopt-command.ts';
import {controlCapture} from '../capture/control/by-command.ts';
import {planReplayByHand} from './planned.ts';
import {cancelLane, NOT_NOTED, pauseLane, resumeLane, retryUnit} from '../load/lane/control-lane.ts';
import {resizeLoad} from '../load/lane/resize-load.ts';
import {mayBuild} from '../load/schedule.ts';
import {runningUnits} from '../load/running-units.ts';
import {sayCdcStarted} from '../prove/cdc-started.ts';
import {compareByCommand} from '../compare/again/by-command.ts';
import {abortByCommand} from '../exit/abort-command.ts';
import {backOut, beginCutover} from '../cutover/by-command.ts';
import {backOutOfBack, beginBack} from '../back/by-command.ts';
import {endComparison} from '../cutover/final/by-command.ts';
import {isCutoverUnderWay} from '../../domain/run/cutover/cutover.ts';
import {acceptDifferences} from '../exit/accept-differences.ts';
import {releaseByCommand} from '../exit/release-command.ts';
import type {StepContext} from '../step.ts';
import type {RunControl} from './serve/run-control.ts';

/** Carries out one command of an operator. What changes the world is in the journal before it is answered. Never throws for a refusal. */
export async function handleCommand(
  ctx: StepContext,
  control: RunControl,
  order: {command: Command; who: string},
): Promise<Reply> {
  const {command, who} = order;
  try {
    let isNoted = true;
    await ctx.record({type: 'command.received', by: who, command: {...command}}).catch((error: unknown) => {
      if (!UNNOTED_TOO.has(command.type)) throw error;
      isNoted = false;
    });
    // What is asked of one lane is judged when its turn has come (control-lane.ts).
    const refusal = 'unit' in command ? null : whyRefused(ctx.state(), command, ctx.config.run);
    if (refusal !== null) return refused(refusal.why, refusal.remedy);
    const reply = await carryOut(ctx, control, command, who);
    return command.type === 'resume-all' && !isNoted ? {...reply, message: `${reply.message}${NOT_NOTED}`} : reply;
  } catch (error) {
    if (error instanceof LonghaulError) return {ok: false, message: error.message, remedy: error.remedy};
    throw error;
  }
}

/**
 * A full disk must not keep anybody from leaving, nor a lane stopped that production's slots wait for: what they did is found again without the journal
 * (docs/decisions/0056-a-full-journal-stops-no-lane.md).
 */
const UNNOTED_TOO: ReadonlySet<Command['type']> = new Set(['shutdown', 'release', 'resume-unit', 'resume-all']);

async function carryOut(ctx: StepContext, control: RunControl, command: Command, who: string): Promise<Reply> {
  switch (command.type) {
    case 'pause-unit':
      return pauseLane(ctx, command.unit, who);
    case 'resume-unit':
      return resumeLane(ctx, command.unit, who);
    case 'cancel-unit':
      return cancelLane(ctx, command.unit, who);
    case 'retry-unit':
      return retryOne(ctx, control, command.unit, who);
    case 'pause-all':
      return pauseAll(ctx, who);
    case 'resume-all':
      return forAll(openUnits(ctx.state()), async ({id}) => resumeLane(ctx, id, who), 'resumed');
    case 'retry-all':
      return retryAll(ctx, control, who);
    case 'cancel-all':
      return cancelAll(ctx, who);
    case 'set-lanes':
    case 'set-rate':
      return resizeLoad(ctx, command, who);
    case 'hold':
      return note(ctx, {type: 'load.held', by: who}, HELD);
    case 'release-hold':
      return note(ctx, {type: 'load.released', by: who}, 'what was held is started again');
    case 'pause-replay':
      return pauseOnReplica(ctx, who);
    case 'resume-replay':
      return resumeOnReplica(ctx, who);
    case 'abort':
      return abortByCommand(ctx, control, {...command, who});
    case 'confirm-step':
      return confirmStep(ctx, control, command, who);
    case 'accept-differences':
      return acceptDifferences(ctx, command, who);
    case 'release':
      return releaseByCommand(ctx, {halt: (reason) => control.halt(reason), who}, command);
    case 'cdc-started':
      return sayCdcStarted(ctx, command.typed, who);
    case 'compare-again':
      return compareByCommand(ctx, control, {...command, by: who});
    case 'cutover':
    case 'back':
    case 'back-out':
    case 'end-comparison':
      return ofCutover(ctx, control, command.type, who);
    case 'pause-cdc':
    case 'resume-cdc':
    case 'kick-cdc':
    case 'skip-cdc':
      return controlCapture(ctx, command, who);
    case 'adopt-table':
      return adoptByCommand(ctx, command.table, who);
    case 'continue':
      return goOn(ctx, control, who);
    case 'shutdown':
      return shutDown(ctx, control, command.lanes, who);
  }
}

const HELD =
  'no new unit is started, no index build and no scan of a comparison; what runs goes on, a scan for a minute at most';

async function ofCutover(
  ctx: StepContext,
  control: RunControl,
  what: 'cutover' | 'back' | 'back-out' | 'end-comparison',
  who: string,
): Promise<Reply> {
  switch (what) {
    case 'cutover':
      return beginCutover(ctx, control, who);
    case 'back':
      return beginBack(ctx, control, who);
    case 'back-out':
      return isCutoverUnderWay(ctx.state().back) ? backOutOfBack(ctx, control, who) : backOut(ctx, control, who);
    case 'end-comparison':
      return endComparison(ctx, who);
  }
}

/** All that are not in: one that is about to start is found running once its keeper has time. */
function openUnits(state: RunState): UnitState[] {
  return state.units.filter((unit) => unit.state.status !== 'committed');
}

function failedUnits(state: RunState): UnitState[] {
  return state.units.filter((unit) => unit.state.status === 'failed');
}

/** With all its lanes paused, the load begins no index build either. */
async function pauseAll(ctx: StepContext, who: string): Promise<Reply> {
  const reply = await forAll(openUnits(ctx.state()), async ({id}) => pauseLane(ctx, id, who), 'paused');
  return mayBuild(ctx.state()) ? reply : {...reply, message: `${reply.message}; no index build begins meanwhile`};
}

async function cancelAll(ctx: StepContext, who: string): Promise<Reply> {
  await ctx.record({type: 'load.held', by: who});
  const reply = await forAll(openUnits(ctx.state()), async ({id}) => cancelLane(ctx, id, who), 'cancelled');
  return {...reply, message: `${reply.message}; nothing new is started until longhaul resume --start`};
}

async function retryAll(ctx: StepContext, control: RunControl, who: string): Promise<Reply> {
  const reply = await forAll(failedUnits(ctx.state()), async ({id}) => retryOne(ctx, control, id, who), 'tried again');
  // A held load starts nothing.
  return ctx.state().held
    ? {...reply, message: `${reply.message} once units are started again: longhaul resume --start (H)`}
    : reply;
}

async function retryOne(ctx: StepContext, control: RunControl, id: string, who: string): Promise<Reply> {
  const reply = await retryUnit(ctx, id, who);
  if (reply.ok) control.goOn();
  return reply;
}

/** What failed is tried once more, but for what the operator cancelled himself. */
async function goOn(ctx: StepContext, control: RunControl, who: string): Promise<Reply> {
  const next = whatIsNext(ctx.state());
  await retryFailed(ctx, who);
  return control.goOn()
    ? done(`the run ${next}`)
    : refused('the steps are running already', 'longhaul status shows what they wait for');
}

/** Failed units that wait for nobody but somebody who runs the load again. */
export async function retryFailed(ctx: StepContext, by: string): Promise<void> {
  for (const unit of failedUnits(ctx.state())) {
    const {state} = unit;
    if (state.status !== 'failed' || state.failure.cause === 'cancelled' || state.retryAt !== null) continue;
    await ctx.record({type: 'unit.retried', unit: unit.id, by});
  }
}

async function forAll<Unit extends UnitState>(
  units: readonly Unit[],
  act: (unit: Unit) => Promise<Reply>,
  word: string,
): Promise<Reply> {
  // Side by side: one lane that is slow to start holds up none of the others.
  const replies = await Promise.all(units.map(async (unit) => act(unit)));
  const count = replies.filter(({ok}) => ok).length;
  return done(`${count === 1 ? '1 unit' : `${count} units`} ${word}`);
}

async function pauseOnReplica(ctx: StepContext, who: string): Promise<Reply> {
  const replica = await ctx.session('replica');
  const position = await replica.one(readReplicaPosition(replica.version));
  if (position.paused) return refused('replay is paused already', 'nothing to do');
  await (await planReplayByHand(ctx, 'pause')).execute();
  return note(ctx, {type: 'replay.paused', by: who}, 'replay is being paused');
}

async function resumeOnReplica(ctx: StepContext, who: string): Promise<Reply> {
  await (await planReplayByHand(ctx, 'resume')).execute();
  return note(ctx, {type: 'replay.resumed', by: who}, 'replay goes on');
}

async function confirmStep(
  ctx: StepContext,
  control: RunControl,
  {step}: Extract<Command, {type: 'confirm-step'}>,
  who: string,
): Promise<Reply> {
  await ctx.record({type: 'step.confirmed', step, by: who});
  return control.confirm(step)
    ? done(`${step} is confirmed`)
    : refused(`${step} does not wait any more`, 'longhaul status shows what does');
}

function shutDown(ctx: StepContext, control: RunControl, lanes: boolean, who: string): Reply {
  const running = runningUnits(ctx.state()).length;
  control.stop(lanes ? who : null);
  return done(
    lanes
      ? `the supervisor ends, and ${counted(running, 'lane')} with it`
      : `the supervisor ends; ${counted(running, 'lane')} ${running === 1 ? 'goes' : 'go'} on`,
  );
}

async function note(ctx: StepContext, event: RunEvent, message: string): Promise<Reply> {
  await ctx.record(event);
  return done(message);
}

function done(message: string): Reply {
  return {ok: true, message};
}

function refused(message: string, remedy: string): Reply {
  return {ok: false, message, remedy};
}
