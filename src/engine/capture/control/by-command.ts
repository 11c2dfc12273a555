import type {Command, Reply} from '../../../domain/run/command.ts';
import type {Actor} from '../../../domain/run/event.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {mirroredWords} from '../../../domain/run/back/mirror.ts';
import type {Action} from '../../action.ts';
import {executeAll} from '../../make-action.ts';
import {facing, turnedAction, turnedError} from '../../back/mirrored.ts';
import type {StepContext} from '../../step.ts';
import type {CaptureAct, LiveCapture, StuckTransaction} from '../capture.ts';
import {captureOf} from '../own-capture.ts';
import {goingOf, goOnAnyhow, orGoOn} from './go-on-anyhow.ts';
import {onOwnSessions} from './own-sessions.ts';

/** What is asked of one slot's change capture. */
export type SlotCommand = Extract<Command, {type: 'pause-cdc' | 'resume-cdc' | 'kick-cdc' | 'skip-cdc'}>;

/** Carries it out. What the journal has of it is there before the statement where a crash in between would leave a riddle, else after it. */
export async function controlCapture(ctx: StepContext, command: SlotCommand, who: Actor): Promise<Reply> {
  return onOwnSessions(ctx, 'cdc', async (own) => {
    // Behind the hand-over the slots are those of the way back.
    const now = facing(own);
    if (now === own) return control(own, command, who);
    try {
      const reply = await control(now, command, who);
      return {...reply, message: mirroredWords(reply.message)};
    } catch (error) {
      throw turnedError(error);
    }
  });
}

async function control(ctx: StepContext, command: SlotCommand, who: Actor): Promise<Reply> {
  switch (command.type) {
    case 'pause-cdc':
      return pause(ctx, command.slot, who);
    case 'resume-cdc':
      return resume(ctx, command.slot, who);
    case 'kick-cdc':
      return kick(ctx, command.slot);
    case 'skip-cdc':
      return skip(ctx, command, who);
  }
}

/** What it would do now, in order. Reads the servers, changes nothing. Throws where the engine cannot. */
export async function planSlotCommand(given: StepContext, command: SlotCommand): Promise<readonly Action[]> {
  const {type, slot} = command;
  const ctx = facing(given);
  if (ctx !== given) return (await planSlotCommand(ctx, command)).map((action) => turnedAction(action));
  switch (type) {
    case 'pause-cdc':
      return captureFor(ctx, slot, 'pause').planStop(ctx, slot);
    case 'resume-cdc':
      return captureFor(ctx, slot, 'resume').planResume(ctx, slot);
    case 'kick-cdc': {
      const {planKick, cannot} = captureFor(ctx, slot, 'kick');
      if (planKick === null) throw unable(slot, 'kick', cannot.kick ?? 'its engine starts it again by itself');
      return planKick(ctx, slot);
    }
    case 'skip-cdc': {
      const live = captureFor(ctx, slot, 'skip');
      return live.planSkip(ctx, slot, await stuckOf(ctx, live, slot));
    }
  }
}

/** The transaction that the slot is stuck on. Throws where it is not. */
export async function readStuck(given: StepContext, slot: string): Promise<StuckTransaction> {
  const ctx = facing(given);
  const stuck = await stuckOf(ctx, captureFor(ctx, slot, 'skip'), slot);
  return ctx === given || stuck.mend == null ? stuck : {...stuck, mend: mirroredWords(stuck.mend)};
}

/** What skipping this transaction would run. */
export async function planSkipOf(ctx: StepContext, slot: string, stuck: StuckTransaction): Promise<readonly Action[]> {
  const facingNow = facing(ctx);
  const actions = await captureFor(facingNow, slot, 'skip').planSkip(facingNow, slot, stuck);
  return facingNow === ctx ? actions : actions.map((action) => turnedAction(action));
}

async function stuckOf(ctx: StepContext, live: LiveCapture, slot: string): Promise<StuckTransaction> {
  const stuck = await live.stuckOn(ctx, slot);
  if (stuck !== null) return stuck;
  const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
  if ((await live.status(servers, [slot]))[0]?.state === 'stopped')
    throw new LonghaulError({
      code: 'failed',
      message: `${slot} is stopped: what it would fail at is not known before it goes on`,
      remedy: `longhaul cdc resume ${slot}; then longhaul cdc skip ${slot}`,
    });
  throw new LonghaulError({
    code: 'failed',
    message: `${slot} does not fail at a transaction: nothing is to be skipped`,
    remedy:
      'longhaul status says how it is: a worker that waits for a lock, or is cut off by a time-out, gets past it once that is mended',
  });
}

function captureFor(ctx: StepContext, slot: string, act: CaptureAct): LiveCapture {
  const capture = captureOf(ctx);
  if (capture === null)
    throw new LonghaulError({
      code: 'failed',
      message: `change capture of ${slot} was not started by this run`,
      remedy: 'whoever started it stops, resumes and mends it',
    });
  if (!capture.slots.includes(slot))
    throw new LonghaulError({
      code: 'usage',
      message: `there is no slot ${slot} in this run`,
      remedy: `the slots are ${capture.slots.join(', ')}`,
    });
  const why = capture.live.cannot[act];
  if (why !== undefined) throw unable(slot, act, why);
  return capture.live;
}

function unable(slot: string, act: CaptureAct, why: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `change capture of ${slot} cannot be asked to ${act}: ${why}`,
    remedy: 'longhaul status says how it is, and the alarms what to do',
  });
}

async function kick(ctx: StepContext, slot: string): Promise<Reply> {
  const actions = await planSlotCommand(ctx, {type: 'kick-cdc', slot});
  if (actions.length === 0)
    return {
      ok: false,
      message: `${slot} is stopped: there is nothing to start again`,
      remedy: `longhaul cdc resume ${slot}`,
    };
  await orGoOn(goingOf(ctx, captureFor(ctx, slot, 'kick'), slot), actions);
  return done(`${slot} is started again`);
}

async function pause(ctx: StepContext, slot: string, who: Actor): Promise<Reply> {
  const actions = await planSlotCommand(ctx, {type: 'pause-cdc', slot});
  await ctx.record({type: 'cdc.paused', slot, by: who});
  try {
    await executeAll(actions);
  } catch (error) {
    await ctx.record({type: 'cdc.resumed', slot, by: who});
    await goOnAnyhow(goingOf(ctx, captureFor(ctx, slot, 'pause'), slot));
    throw error;
  }
  return done(`${slot} is paused: its slot keeps what comes, on the source's disk, until longhaul cdc resume ${slot}`);
}

async function resume(ctx: StepContext, slot: string, who: Actor): Promise<Reply> {
  const actions = await planSlotCommand(ctx, {type: 'resume-cdc', slot});
  await executeAll(actions);
  if (ctx.state().capture.paused.some((one) => one.slot === slot))
    await ctx.record({type: 'cdc.resumed', slot, by: who});
  return done(actions.length === 0 ? `${slot} is not stopped` : `${slot} goes on`);
}

async function skip(ctx: StepContext, command: Extract<SlotCommand, {type: 'skip-cdc'}>, who: Actor): Promise<Reply> {
  const {slot, commitLsn: shown} = command;
  const live = captureFor(ctx, slot, 'skip');
  const stuck = await stuckOf(ctx, live, slot);
  const {xid, commitLsn, endLsn, tables, changes} = stuck;
  // Another one than was shown would be dropped unseen.
  if (commitLsn !== shown)
    return {
      ok: false,
      message: `${slot} is stuck on the transaction at ${commitLsn} now, not on that at ${shown}: nothing was skipped`,
      remedy: `longhaul cdc skip ${slot} shows what it would drop`,
    };
  const actions = await live.planSkip(ctx, slot, stuck);
  await ctx.record({type: 'cdc.skipping', slot, by: who, xid, commitLsn, endLsn, tables, changes});
  await orGoOn(goingOf(ctx, live, slot), actions);
  return done(
    `${slot} goes on without transaction ${xid}; to be compared: ${tables.map((table) => formatRelation(table)).join(', ')}`,
  );
}

function done(message: string): Reply {
  return {ok: true, message};
}
