import type {Command, Reply} from '../../domain/run/command.ts';
import type {RunEvent} from '../../domain/run/event.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {whatIsNext} from '../../domain/rules/what-is-next.ts';
import {whyRefused} from '../../domain/rules/why-refused.ts';
import type {RunState, UnitState} from '../../domain/run/run-state.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {pauseReplay, readReplicaPosition, resumeReplay} from '../../pg/replication/replica.ts';
import {endLane} from '../load/end-lanes.ts';
import {readLaneLife, signalLane} from '../load/host/lane-process.ts';
import {isRunningUnit, runningUnits} from '../load/running-units.ts';
import {sayCdcStarted} from '../prove/cdc-started.ts';
import {abortByCommand} from '../exit/abort-command.ts';
import {acceptDifferences} from '../exit/accept-differences.ts';
import {releaseByCommand} from '../exit/release-command.ts';
import type {Step, StepContext} from '../step.ts';

/** What commands do beside the lanes: the walk through the steps and the supervisor's own end. */
export interface RunControl {
  /** Gives the operator's word to a waiting step; false when it does not wait. */
  confirm(step: StepId): boolean;
  /** Ends the walk for good, as far as it has come; lanes and supervisor stay. */
  halt(reason: string): void;
  /** Walks on after a failure; false while it walks. */
  goOn(): boolean;
  /** Resolves when nothing walks any more; at once where nothing does. */
  ended(): Promise<void>;
  /** The steps of the runbook, for what takes them back. */
  readonly steps: readonly Step[];
  /** Ends the supervisor, and with it its lanes where somebody says so. */
  stop(endsLanesFor: string | null): void;
}

/** Carries out one command of an operator. What changes the world is in the journal before it is answered. Never throws for a refusal. */
export async function handleCommand(
  ctx: StepContext,
  control: RunControl,
  order: {command: Command; who: string},
): Promise<Reply> {
  const {command, who} = order;
  try {
    await ctx.record({type: 'command.received', by: who, command: {...command}}).catch((error: unknown) => {
      // A full disk must not keep anybody from leaving.
      if (command.type !== 'shutdown' && command.type !== 'release') throw error;
    });
    const refusal = whyRefused(ctx.state(), command, ctx.config.run);
    if (refusal === null) return await carryOut(ctx, control, command, who);
    if (command.type === 'resume-unit') await letGo(ctx, command.unit);
    return refused(refusal.why, refusal.remedy);
  } catch (error) {
    if (error instanceof LonghaulError) return {ok: false, message: error.message, remedy: error.remedy};
    throw error;
  }
}

async function carryOut(ctx: StepContext, control: RunControl, command: Command, who: string): Promise<Reply> {
  switch (command.type) {
    case 'pause-unit':
      return withUnit(ctx, command.unit, async (unit) => pauseOne(ctx, unit, who));
    case 'resume-unit':
      return withUnit(ctx, command.unit, async (unit) => resumeOne(ctx, unit, who));
    case 'cancel-unit':
      return withUnit(ctx, command.unit, async (unit) => cancelOne(ctx, unit, who));
    case 'retry-unit':
      return withUnit(ctx, command.unit, async (unit) => retryOne(ctx, control, unit, who));
    case 'pause-all':
      return forAll(runningUnits(ctx.state()), async (unit) => pauseOne(ctx, unit, who), 'paused');
    case 'resume-all':
      return forAll(runningUnits(ctx.state()), async (unit) => resumeOne(ctx, unit, who), 'resumed');
    case 'retry-all':
      return forAll(failedUnits(ctx.state()), async (unit) => retryOne(ctx, control, unit, who), 'tried again');
    case 'cancel-all':
      return cancelAll(ctx, who);
    case 'hold':
      return note(ctx, {type: 'load.held', by: who}, 'no new unit is started; what runs goes on');
    case 'release-hold':
      return note(ctx, {type: 'load.released', by: who}, 'units are started again');
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
    case 'continue':
      return goOn(ctx, control, who);
    case 'shutdown':
      return shutDown(ctx, control, command.lanes, who);
  }
}

async function withUnit(ctx: StepContext, id: string, act: (unit: UnitState) => Promise<Reply>): Promise<Reply> {
  const unit = ctx.state().units.find((one) => one.id === id);
  if (unit === undefined) throw new Error(`bug: ${id} was not refused`);
  return act(unit);
}

/** A lane that the journal has as running goes on, whatever its processes do: to one that does this means nothing. */
async function letGo(ctx: StepContext, id: string): Promise<void> {
  const unit = ctx.state().units.find((one) => one.id === id);
  if (unit !== undefined && isRunningUnit(unit)) await signalLane(unit.state.folder, 'SIGCONT');
}

function failedUnits(state: RunState): UnitState[] {
  return state.units.filter((unit) => unit.state.status === 'failed');
}

/** The word first, the signal after it: a supervisor that dies between them leaves what the next one makes good (adopt-lanes.ts). */
async function pauseOne(ctx: StepContext, unit: UnitState, who: string): Promise<Reply> {
  if (!isRunningUnit(unit) || unit.state.paused !== null) return skipped(unit);
  if ((await readLaneLife(unit.state.folder)).life === 'gone') return noProcess(unit);
  await ctx.record({type: 'unit.paused', unit: unit.id, by: who});
  if (await signalLane(unit.state.folder, 'SIGSTOP'))
    return done(`${unit.id} is paused; its connections and its snapshot are held`);
  await ctx.record({type: 'unit.resumed', unit: unit.id, by: who});
  return refused(`${unit.id} has just begun or ended`, 'the same again in a moment');
}

function noProcess({id}: UnitState): Reply {
  return refused(`no process of ${id} lives any more`, 'it has ended, and its result comes once the target answers');
}

async function resumeOne(ctx: StepContext, unit: UnitState, who: string): Promise<Reply> {
  if (!isRunningUnit(unit)) return skipped(unit);
  const signalled = await signalLane(unit.state.folder, 'SIGCONT');
  if (unit.state.paused === null) return skipped(unit);
  if (!signalled) return noProcess(unit);
  return note(ctx, {type: 'unit.resumed', unit: unit.id, by: who}, `${unit.id} goes on`);
}

async function cancelOne(ctx: StepContext, unit: UnitState, who: string): Promise<Reply> {
  if (unit.state.status === 'failed') {
    // Only its next try can be called off.
    const {attempt, failure} = unit.state;
    const calledOff = {...failure, cause: 'cancelled', heals: false} as const;
    const event = {type: 'unit.failed', unit: unit.id, attempt, failure: calledOff, retryAt: null} as const;
    return note(ctx, event, `${unit.id} is not tried again by itself`);
  }
  if (!isRunningUnit(unit)) return skipped(unit);
  if ((await readLaneLife(unit.state.folder)).life === 'gone') return noProcess(unit);
  await ctx.record({type: 'unit.cancelled', unit: unit.id, by: who});
  await endLane(unit, {how: 'cancelled', by: who});
  return done(`${unit.id} is being ended; none of its rows stay`);
}

async function cancelAll(ctx: StepContext, who: string): Promise<Reply> {
  await ctx.record({type: 'load.held', by: who});
  const units = ctx.state().units.filter(({state}) => state.status === 'running' || state.status === 'failed');
  const reply = await forAll(units, async (unit) => cancelOne(ctx, unit, who), 'cancelled');
  return {...reply, message: `${reply.message}; nothing new is started until longhaul resume --start`};
}

async function retryOne(ctx: StepContext, control: RunControl, unit: UnitState, who: string): Promise<Reply> {
  const when = ctx.state().held
    ? 'is tried again once units are started again: longhaul resume --start (H)'
    : 'is tried again';
  const reply = await note(ctx, {type: 'unit.retried', unit: unit.id, by: who}, `${unit.id} ${when}`);
  control.goOn();
  return reply;
}

/** What failed is tried once more, but for what the operator cancelled himself. */
async function goOn(ctx: StepContext, control: RunControl, who: string): Promise<Reply> {
  const next = whatIsNext(ctx.state());
  await retryFailed(ctx, who);
  return control.goOn()
    ? done(`the run goes on: it ${next}`)
    : refused('the run is walking already', 'longhaul status says what it waits for');
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
  let count = 0;
  for (const unit of units) if ((await act(unit)).ok) count += 1;
  return done(`${count === 1 ? '1 unit' : `${count} units`} ${word}`);
}

async function pauseOnReplica(ctx: StepContext, who: string): Promise<Reply> {
  const replica = await ctx.session('replica');
  const position = await replica.one(readReplicaPosition(replica.version));
  if (position.paused) return refused('replay is paused already', 'nothing to do');
  await replica.run(pauseReplay(replica.version));
  return note(ctx, {type: 'replay.paused', by: who}, 'replay is being paused');
}

async function resumeOnReplica(ctx: StepContext, who: string): Promise<Reply> {
  const replica = await ctx.session('replica');
  await replica.run(resumeReplay(replica.version));
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
    ? done(`${step} runs`)
    : refused(`${step} does not wait any more`, 'longhaul status says what does');
}

function shutDown(ctx: StepContext, control: RunControl, lanes: boolean, who: string): Reply {
  const running = runningUnits(ctx.state()).length;
  control.stop(lanes ? who : null);
  return done(
    lanes ? `the supervisor ends, and ${running} lanes with it` : `the supervisor ends; ${running} lanes go on`,
  );
}

async function note(ctx: StepContext, event: RunEvent, message: string): Promise<Reply> {
  await ctx.record(event);
  return done(message);
}

function done(message: string): Reply {
  return {ok: true, message};
}

/** For commands over many units: this one is in no state for it. */
function skipped({id, state}: UnitState): Reply {
  return refused(`${id} is ${state.status}`, 'longhaul status lists the units');
}

function refused(message: string, remedy: string): Reply {
  return {ok: false, message, remedy};
}
