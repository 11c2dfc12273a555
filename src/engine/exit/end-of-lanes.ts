import type {Action} from '../action.ts';
import {endLanes} from '../load/end-lanes.ts';
import type {LaneHost} from '../load/host/lane-host.ts';
import type {Ending} from '../load/outcome.ts';
import {runningUnits, type RunningUnit} from '../load/running-units.ts';
import type {StepContext} from '../step.ts';

/** Ends every lane and waits until each is decided; null where none runs. Also ends those that are started until it is executed. */
export async function planEndOfLanes(
  ctx: StepContext,
  ending: Ending,
): Promise<(Action & {readonly count: number}) | null> {
  const running = runningUnits(ctx.state());
  if (running.length === 0) return null;
  const execute = async (): Promise<void> => endLanes(ctx, ending);
  return {on: 'jump box', text: await signalText(ctx.lanes.host, running), count: running.length, execute};
}

/** The command line that ends these lanes, each with its process group; in words where none of them has one yet, or any more. */
export async function signalText(host: LaneHost, running: readonly RunningUnit[]): Promise<string> {
  const lives = await host.life(running.map(({state}) => state.folder));
  const groups = lives.flatMap((lane) => ('pid' in lane ? [`-${lane.pid}`] : []));
  const units = running.map(({id}) => id).join(', ');
  return groups.length === 0
    ? `SIGTERM to the processes of ${units}, which have just begun or ended`
    : `kill -TERM -- ${groups.join(' ')}   # both ends of ${units}: none of their rows stay`;
}
