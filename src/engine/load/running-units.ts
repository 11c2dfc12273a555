import type {RunState, UnitState, UnitStatus} from '../../domain/run/run-state.ts';

/** A unit that a lane loads. */
export type RunningUnit = UnitState & {readonly state: Extract<UnitStatus, {status: 'running'}>};

/** The units that the state has as running. Pure. */
export function runningUnits(state: RunState): RunningUnit[] {
  return state.units.filter((unit) => isRunningUnit(unit));
}

/** Whether a lane loads the unit. Pure. */
export function isRunningUnit(unit: UnitState): unit is RunningUnit {
  return unit.state.status === 'running';
}

/** The units that load at the P that the run has now; a lane of an older P is none of them. Pure. */
export function lanesAt(state: RunState): RunningUnit[] {
  return state.loadBoundary !== null && state.loadBoundary === state.boundary?.lsn ? runningUnits(state) : [];
}
