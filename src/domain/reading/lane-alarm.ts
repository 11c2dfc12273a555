import type {RunState} from '../run/run-state.ts';

/** The id of the alarm of a paused unit that the target has let go: `lane.cut:01-events`. */
export function cutAlarmId(unit: string): string {
  return `lane.cut:${unit}`;
}

/** Whether the target has let the unit go while it was paused: it can only begin again. */
export function isCutOff({alarms}: Pick<RunState, 'alarms'>, unit: string): boolean {
  return alarms.some(({id}) => id === cutAlarmId(unit));
}
