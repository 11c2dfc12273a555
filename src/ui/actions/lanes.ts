import {changeView, openOverlay, say} from '../store/console-store.ts';
import {cancelDialog, pauseAllDialog} from '../view-model/lane-dialogs.ts';
import {type LaneRow, lanesView} from '../view-model/lanes.ts';
import {lanesToActOn, selectedId} from '../view-model/selection.ts';
import type {ActionContext} from './context.ts';
import {moveSelection} from './move.ts';
import {order} from './order.ts';

type PerLane = 'pause-unit' | 'resume-unit' | 'retry-unit';

const FOR: Record<PerLane, LaneRow['status']> = {
  'pause-unit': 'running',
  'resume-unit': 'paused',
  'retry-unit': 'failed',
};

/** Pauses, resumes or retries the chosen lanes, one after the other; those in another state are left out. */
export async function orderLanes(ctx: ActionContext, type: PerLane): Promise<void> {
  const lanes = lanesToActOn(ctx.store.getState()).filter((row) => row.status === FOR[type]);
  for (const lane of lanes) {
    // A long name must not push what stays held out of the line.
    const held = `${lane.title.slice(0, 30)} stands: xmin, snapshot and both connections stay held; r resumes`;
    if (!(await order(ctx, {type, unit: lane.id}, type === 'pause-unit' ? held : null))) return;
  }
  if (lanes.length > 1) say(ctx.store, `${lanes.length} lanes: ${type.replace('-unit', '')}`, 'good');
  changeView(ctx.store, {marks: new Set()});
}

/** Asks before the lane under the cursor is cancelled; marks do not count, because its name is typed. */
export function askToCancel(ctx: ActionContext): void {
  const state = ctx.store.getState();
  const id = selectedId(state, 'lanes');
  const row = lanesView(state.live, state.nowMs, {order: 'lane', filter: ''}).rows.find((one) => one.id === id);
  if (row === undefined || row.status === 'queued' || row.status === 'committed') {
    say(ctx.store, 'the lane under the cursor is neither at work nor failed', 'warn');
    return;
  }
  openOverlay(ctx.store, {kind: 'dialog', dialog: cancelDialog(state.live, row), typed: '', top: 0, wrong: false});
}

/** Asks before every lane is paused. */
export function askToPauseAll(ctx: ActionContext): void {
  const {live, nowMs} = ctx.store.getState();
  const dialog = pauseAllDialog(live, lanesView(live, nowMs, {order: 'lane', filter: ''}));
  openOverlay(ctx.store, {kind: 'dialog', dialog, typed: '', top: 0, wrong: false});
}

/** Marks the lane under the cursor, or takes its mark, and goes down. */
export function toggleMark(ctx: ActionContext): void {
  const state = ctx.store.getState();
  const id = selectedId(state, 'lanes');
  if (id === null) return;
  const marks = new Set(state.view.marks);
  if (!marks.delete(id)) marks.add(id);
  changeView(ctx.store, {marks});
  moveSelection(ctx, 1);
}
