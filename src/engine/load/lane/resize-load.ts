import {formatLimit} from '../../../domain/base/units.ts';
import type {Command, Reply} from '../../../domain/run/command.ts';
import type {RunEvent} from '../../../domain/run/event.ts';
import {allCommitted} from '../../../domain/run/run-state.ts';
import {judgeMoreLanes} from '../../preflight/servers/check-connections.ts';
import type {StepContext} from '../../step.ts';
import {savesUp, whyNoRate} from '../../tools/tools.ts';
import {runningUnits} from '../running-units.ts';

/** How many lanes there are, or how much all of them carry, from now on. */
export type Resize = Extract<Command, {type: 'set-lanes' | 'set-rate'}>;

/** Writes down what an operator wants of the load's size; the load goes by it at once. */
export async function resizeLoad(ctx: StepContext, command: Resize, by: string): Promise<Reply> {
  return command.type === 'set-lanes' ? setLanes(ctx, command.lanes, by) : setRate(ctx, command.bytesPerSecond, by);
}

/**
 * More begin at once, where the servers have room for them: a lane that is refused fails its unit, and soon for good. Of fewer, what runs goes on to its end. The number lasts
 * until longhaul.yaml has another.
 */
async function setLanes(ctx: StepContext, lanes: number, by: string): Promise<Reply> {
  const [lacking] = lanes > ctx.state().lanes ? await judgeMoreLanes(ctx, lanes) : [];
  if (lacking !== undefined)
    return {ok: false, message: `${lanes} lanes: ${lacking.seen} (${lacking.subject})`, remedy: lacking.remedy};
  const running = runningUnits(ctx.state()).length;
  const ends = running > lanes ? `; ${running} run, and none begins before fewer than ${lanes} do` : '';
  const event = {type: 'load.resized', lanes, instead: ctx.config.load.lanes, by} as const;
  return noted(ctx, event, `${lanes === 1 ? '1 lane' : `${lanes} lanes`} from now on${ends}`);
}

/** The lanes that run are told their shares by the load; once all is loaded it is about comparisons alone, for which no pv is needed. */
async function setRate(ctx: StepContext, bytesPerSecond: number | null, by: string): Promise<Reply> {
  const {pv} = ctx.tools;
  const {rateBytes} = ctx.config.load;
  const event = {type: 'load.throttled', bytesPerSecond, instead: rateBytes, by} as const;
  const limit = formatLimit(bytesPerSecond);
  if (allCommitted(ctx.state())) return noted(ctx, event, `${limit} for what a comparison reads of each server`);
  const off = whyNoRate(ctx.tools);
  if (pv === null || off !== null)
    return {ok: false, message: off ?? '', remedy: 'longhaul lanes N changes how many load at once'};
  const late = savesUp(pv) && bytesPerSecond !== null && runningUnits(ctx.state()).length > 0;
  const words = late
    ? `; pv ${pv.version} lets a lane that runs first use up what it was allowed before and did not carry: longhaul pause LANE slows it at once, and pv from 1.7.0 on has no such credit`
    : '';
  return noted(
    ctx,
    event,
    `${limit} for all lanes together from now on, and for what a comparison reads of each server${words}`,
  );
}

async function noted(ctx: StepContext, event: RunEvent, message: string): Promise<Reply> {
  await ctx.record(event);
  return {ok: true, message};
}
