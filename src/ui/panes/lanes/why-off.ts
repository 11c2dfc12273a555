import type {WhyOff} from '../../binding/binding.ts';
import {unless} from '../../binding/why-off.ts';
import {laneStatus, type LaneRow} from '../../view-model/lane-rows.ts';
import {LANE_ROWS, selectedUnit, unitsToActOn} from './source.ts';

const ELSEWHERE = 'choose a lane first: 2';

/** Why none of the chosen lanes can be acted on: another pane has the keys, or none of the lanes has the status. */
export function needsLane(status: LaneRow['status'], otherwise: string): WhyOff {
  return unless((state) => {
    if (state.view.pane !== LANE_ROWS.id) return ELSEWHERE;
    if (state.live.run.units.length === 0) return 'there is no lane';
    if (unitsToActOn(state).some((unit) => laneStatus(unit) === status)) return null;
    return state.view.marks.size === 0 ? otherwise : `${otherwise}; nor any other that is marked; Esc drops the marks`;
  });
}

/** Why there is no lane under the cursor. */
export const noUnit: WhyOff = (state) => {
  if (state.view.pane !== LANE_ROWS.id) return ELSEWHERE;
  return selectedUnit(state) === null ? 'there is no lane' : null;
};
