import type {ShownAction} from '../../domain/run/command.ts';
import {terminateBackends} from '../../pg/load/backends.ts';
import type {LaneLife} from './host/lane-host.ts';
import {laneApplicationName} from './host/lane-name.ts';
import {runningUnits, type RunningUnit} from './running-units.ts';
import {remark, showStatement} from '../make-action.ts';
import type {StepContext} from '../step.ts';

/**
 * The signal that running lanes would get, each with the number of its process group; those of one unit where one is named. A lane that is to
 * end may leave a backend, which is ended, too.
 */
export async function showLaneSignals(
  ctx: StepContext,
  signal: 'TERM' | 'STOP' | 'CONT',
  unit: string | null = null,
): Promise<readonly ShownAction[]> {
  const units = runningUnits(ctx.state()).filter(({id}) => unit === null || unit === id);
  const lives = await ctx.lanes.host.life(units.map(({state}) => state.folder));
  const signals = units.map((one, index) => signalOf(one, lives[index], signal));
  if (signal !== 'TERM' || units.length === 0) return signals;
  const names = units.map(({id}) => laneApplicationName(ctx.config.run, id));
  const text = remark('only where one of their backends does not end', showStatement(terminateBackends(names)));
  return [...signals, {on: 'target', text}, {on: 'replica', text}];
}

function signalOf({id}: RunningUnit, lane: LaneLife | undefined, signal: string): ShownAction {
  const pid = lane !== undefined && 'pid' in lane ? String(lane.pid) : '<pid>';
  return {on: 'jump box', text: `kill -${signal} -- -${pid}   # both ends of the lane of ${id}: pg_dump | psql`};
}
