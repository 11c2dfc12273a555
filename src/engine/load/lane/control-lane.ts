import {whyRefused} from '../../../domain/rules/why-refused.ts';
import type {Command, Reply} from '../../../domain/run/command.ts';
import type {UnitState} from '../../../domain/run/run-state.ts';
import {JournalError} from '../../run/journal.ts';
import type {StepContext} from '../../step.ts';
import {isRunningUnit, type RunningUnit} from '../running-units.ts';
import {askToEnd, lifeOnceBorn} from './signal-lane.ts';

/**
 * What an operator does with the lane of a unit, by the unit's id. Each waits for its turn at the lane's keeper and answers what came of it:
 * a signal that did not arrive is never told as done.
 */
type ControlLane = (ctx: StepContext, id: string, who: string) => Promise<Reply>;

/** Stops a lane. The word first, the signal after it: a supervisor that dies between them leaves what the next one makes good (adopt-lanes.ts). */
export const pauseLane: ControlLane = async (ctx, id, who) =>
  inTurn(ctx, {type: 'pause-unit', unit: id}, async (unit) => {
    if (!isRunningUnit(unit)) throw notRefused(unit);
    const {life} = await lifeOnceBorn(ctx, unit);
    if (life === 'gone') return noProcess(id);
    if (life === 'unborn') return notReached(id);
    await ctx.record({type: 'unit.paused', unit: id, by: who});
    if (await ctx.lanes.host.signal(unit.state.folder, 'SIGSTOP'))
      return done(`${id} is paused; its connections and its snapshot are held`);
    await ctx.record({type: 'unit.resumed', unit: id, by: who});
    return noProcess(id);
  });

/**
 * Lets a lane go on. One that the journal has as running goes on whatever its processes do: to one that does this means nothing. The signal first: a lane
 * that stays stopped because the jump box is full holds up what the slots wait for.
 */
export const resumeLane: ControlLane = async (ctx, id, who) => {
  const order = {type: 'resume-unit', unit: id} as const;
  return ctx.lanes.keep(id, async () => {
    const unit = unitNow(ctx, id);
    const running = unit !== null && isRunningUnit(unit);
    const signalled = running && (await ctx.lanes.host.signal(unit.state.folder, 'SIGCONT'));
    const refusal = whyRefused(ctx.state(), order, ctx.config.run);
    if (refusal !== null) return refused(refusal.why, refusal.remedy);
    if (!signalled) return noProcess(id);
    try {
      await ctx.record({type: 'unit.resumed', unit: id, by: who});
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      return done(`${id} goes on${NOT_NOTED}`);
    }
    return done(`${id} goes on`);
  });
};

/** What is said beside it where the journal does not take that a lane goes on: the lane does all the same. */
export const NOT_NOTED =
  "; the journal's disk is full, so that it is still shown as paused, and a supervisor that is started anew stops it again: make room there, then the same again";

/** Ends a lane, or calls off the next try of a unit that has failed. */
export const cancelLane: ControlLane = async (ctx, id, who) =>
  inTurn(ctx, {type: 'cancel-unit', unit: id}, async (unit) => {
    if (unit.state.status === 'failed') {
      const {attempt, failure} = unit.state;
      const calledOff = {...failure, cause: 'cancelled', heals: false} as const;
      await ctx.record({type: 'unit.failed', unit: id, attempt, failure: calledOff, retryAt: null});
      return done(`${id} is not tried again by itself`);
    }
    if (!isRunningUnit(unit)) throw notRefused(unit);
    return endOne(ctx, unit, who);
  });

/** Has a failed unit tried again. */
export const retryUnit: ControlLane = async (ctx, id, who) =>
  inTurn(ctx, {type: 'retry-unit', unit: id}, async () => {
    await ctx.record({type: 'unit.retried', unit: id, by: who});
    return done(
      ctx.state().held
        ? `${id} is tried again once units are started again: longhaul resume --start (H)`
        : `${id} is tried again`,
    );
  });

type UnitOrder = Extract<Command, {readonly unit: string}>;

/** Judges the order by the state as it is when the lane's turn has come: the unit may have started or ended meanwhile. */
async function inTurn(ctx: StepContext, order: UnitOrder, act: (unit: UnitState) => Promise<Reply>): Promise<Reply> {
  return ctx.lanes.keep(order.unit, async () => {
    const refusal = whyRefused(ctx.state(), order, ctx.config.run);
    const unit = unitNow(ctx, order.unit);
    if (refusal !== null) return refused(refusal.why, refusal.remedy);
    if (unit === null) throw new Error(`bug: ${order.unit} was not refused`);
    return act(unit);
  });
}

function notRefused({id, state}: UnitState): Error {
  return new Error(`bug: ${id} is ${state.status}, and was not refused`);
}

async function endOne(ctx: StepContext, unit: RunningUnit, who: string): Promise<Reply> {
  const [lane] = await ctx.lanes.host.life([unit.state.folder]);
  if (lane?.life === 'gone') return noProcess(unit.id);
  await ctx.record({type: 'unit.cancelled', unit: unit.id, by: who});
  switch (await askToEnd(ctx, unit, {how: 'cancelled', by: who})) {
    case 'ending':
      return done(`${unit.id} is being ended; none of its rows stay`);
    case 'may be in':
      return refused(
        `${unit.id} ended by itself before the signal came`,
        `longhaul status shows whether it was committed; where it was not, it stays cancelled until longhaul retry ${unit.id}`,
      );
    case 'not reached':
      return notReached(unit.id);
  }
}

function noProcess(id: string): Reply {
  return refused(`${id} has no process left`, 'it has ended, and its result comes once the target answers');
}

function notReached(id: string): Reply {
  return refused(
    `no signal has reached the lane of ${id}: it has not started yet, or cannot be signalled`,
    `longhaul status shows the result: one that never starts fails by itself; see that the jump box has processes and memory left, then the same again`,
  );
}

function unitNow(ctx: StepContext, id: string): UnitState | null {
  return ctx.state().units.find((one) => one.id === id) ?? null;
}

function done(message: string): Reply {
  return {ok: true, message};
}

function refused(message: string, remedy: string): Reply {
  return {ok: false, message, remedy};
}
