import type {Line} from '../../screen/span.ts';
import {type Window, windowAround} from '../../screen/window.ts';
import type {LaneRow} from '../../view-model/lane-rows.ts';
import {drawRow} from '../draw-rows.ts';
import type {Canvas} from '../pane.ts';
import {atWork} from './boxes.ts';
import {laneColumns} from './line.ts';

/** What is at work, then the part of the rest around the cursor. */
interface Pinned {
  readonly lanes: readonly LaneRow[];
  readonly others: readonly LaneRow[];
  readonly window: Window;
}

/**
 * Lines where the cursor is on a unit below those at work that would push them out, as one that has just been committed under it: what is at work
 * stays above it. Null where the plain list has both.
 */
export function drawLaneLines(rows: readonly LaneRow[], canvas: Canvas): Line[] | null {
  const pinned = pinnedOf(rows, canvas);
  if (pinned === null) return null;
  const columns = laneColumns(canvas.width);
  const shown = [...pinned.lanes, ...pinned.others.slice(pinned.window.top, pinned.window.bottom)];
  return shown.map((row) => drawRow(row, columns, {canvas, above: null}));
}

/** The unit whose line it is; null where the plain list is drawn, or below it. */
export function laneInLine(rows: readonly LaneRow[], canvas: Canvas, y: number): string | null {
  const pinned = pinnedOf(rows, canvas);
  if (pinned === null) return null;
  const {lanes, others, window} = pinned;
  return (lanes[y] ?? others[window.top + y - lanes.length])?.id ?? null;
}

function pinnedOf(rows: readonly LaneRow[], {selected, height}: Canvas): Pinned | null {
  const at = rows.findIndex(({id}) => id === selected);
  const working = atWork(rows);
  if (at < height || at < working.length || working.length === 0 || height < 2) return null;
  const lanes = working.slice(0, height - 1);
  const others = rows.slice(working.length);
  return {lanes, others, window: windowAround(others.length, at - working.length, height - lanes.length)};
}
