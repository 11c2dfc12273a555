import type {StepContext} from '../../step.ts';
import type {LaneLife} from '../host/lane-host.ts';
import type {Ending} from '../outcome.ts';
import type {RunningUnit} from '../running-units.ts';
import {hasGivenToken, markEnding} from './remains.ts';

/** How long a lane may take to write its pid: a jump box under load is slow, and a lane that was only slow must not be started twice. */
export const STARTING_MS = 30_000;

const AGAIN_MS = 20;

/** Whether the lane has had all the time that it may take to tell its pid. */
export function isOverdue({lanes, now, steady}: StepContext, {state}: RunningUnit): boolean {
  // Of what an earlier supervisor has started there is only the journal's time.
  const sinceMs = lanes.startedAt.get(state.folder) ?? steady() - Math.max(0, now() - Date.parse(state.startedAt));
  lanes.startedAt.set(state.folder, sinceMs);
  return steady() - sinceMs > STARTING_MS;
}

/** What lives of the lane, once it has told its pid or has had the time for it: before that no signal can reach it. */
export async function lifeOnceBorn(ctx: StepContext, unit: RunningUnit): Promise<LaneLife> {
  for (;;) {
    const [lane = {life: 'gone'}] = await ctx.lanes.host.life([unit.state.folder]);
    if (lane.life !== 'unborn' || isOverdue(ctx, unit)) return lane;
    await ctx.sleep(AGAIN_MS);
  }
}

/**
 * What came of an end that was asked for. `ending`: it has the signal, or has ended without its commit token, and none of its rows stay. `may be
 * in`: it had given its token by then. `not reached`: it lives, or may come yet, and has no signal; the word waits for it.
 */
export type Asked = 'ending' | 'may be in' | 'not reached';

/**
 * Asks a lane to end, both ends of its pipeline. A lane in its first moments cannot be signalled yet: it is waited for, and it reads the word
 * in its folder by itself before it sends anything. For the lane's keeper.
 */
export async function askToEnd(ctx: StepContext, unit: RunningUnit, ending: Ending): Promise<Asked> {
  const {host} = ctx.lanes;
  const {folder} = unit.state;
  // A full disk takes no word, and keeps no lane from its signal.
  await markEnding(host, folder, ending).catch(() => undefined);
  await lifeOnceBorn(ctx, unit);
  if (await signalToEnd(ctx, unit)) return 'ending';
  const [after] = await host.life([folder]);
  if (after?.life !== 'gone') return 'not reached';
  return (await hasGivenToken(host, folder)) ? 'may be in' : 'ending';
}

/** Sends the signal; false where nothing of the lane was left to take it. Settling kills what has not listened a little later. */
export async function signalToEnd({lanes, steady}: StepContext, {state}: RunningUnit): Promise<boolean> {
  lanes.askedToEnd.set(state.folder, steady());
  const arrived = await lanes.host.signal(state.folder, 'SIGTERM');
  // A stopped process takes the signal only once it goes on.
  await lanes.host.signal(state.folder, 'SIGCONT');
  return arrived;
}
