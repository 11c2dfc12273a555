import {counted} from '../../../domain/base/units.ts';
import type {ActionContext} from '../../binding/context.ts';
import {moveCursor} from '../move.ts';
import {order} from '../../binding/order.ts';
import {clip} from '../../screen/width.ts';
import {changeView, say} from '../../store/console-store.ts';
import {laneStatus, type LaneRow} from '../../view-model/lane-rows.ts';
import {unitTitle} from '../../view-model/unit-title.ts';
import {LANE_ROWS, selectedUnit, unitsToActOn} from './source.ts';

type PerLane = 'pause-unit' | 'resume-unit' | 'retry-unit';

const FOR: Record<PerLane, LaneRow['status']> = {
  'pause-unit': 'running',
  'resume-unit': 'paused',
  'retry-unit': 'failed',
};

/** Pauses, resumes or retries the chosen lanes, one after the other; those in another state are left out. */
export async function orderLanes(ctx: ActionContext, type: PerLane): Promise<void> {
  const units = unitsToActOn(ctx.store.getState()).filter((unit) => laneStatus(unit) === FOR[type]);
  const refused: string[] = [];
  for (const unit of units) {
    const name = clip(unitTitle(unit), 30);
    // A long name must not push what stays held out of the line.
    const held = `${name} is paused: xmin, snapshot and both connections stay held; r resumes`;
    if (!(await order(ctx, {type, unit: unit.id}, type === 'pause-unit' ? held : null))) refused.push(name);
  }
  if (units.length > 1) {
    const done = `${type.replace('-unit', '')}: ${counted(units.length - refused.length, 'lane')}`;
    if (refused.length === 0) say(ctx.store, done, 'good');
    else say(ctx.store, `${done}; refused for ${refused.join(', ')}: the events (5) say why`, 'bad');
  }
  changeView(ctx.store, {marks: new Set()});
}

/** Marks the lane under the cursor, or takes its mark, and goes down. */
export function toggleMark(ctx: ActionContext): void {
  const state = ctx.store.getState();
  const unit = selectedUnit(state);
  if (unit === null) return;
  const marks = new Set(state.view.marks);
  if (!marks.delete(unit.id)) marks.add(unit.id);
  changeView(ctx.store, {marks});
  moveCursor(ctx, LANE_ROWS, 1);
}
