import {formatBytes} from '../../../domain/base/units.ts';
import {type Line, span} from '../../screen/span.ts';
import {partShown, windowAround} from '../../screen/window.ts';
import type {LanesView} from '../../panes/lanes.ts';
import {drawLaneBoxes, laneBoxesFit} from './lane-boxes.ts';
import {drawLaneLine} from './lane-line.ts';
import type {Look} from '../look.ts';

/**
 * The lanes: a box each where there is room for all that are at work, else a line each; the queue below them. `part` tells which rows
 * they are where others are hidden.
 */
export function drawLanes(view: LanesView, look: Look): {lines: Line[]; part: string} {
  if (view.rows.length === 0) return {lines: [[span(' nothing to load yet', 'dim')]], part: ''};
  if (laneBoxesFit(view, look)) return {lines: drawLaneBoxes(view, look), part: ''};
  const selected = view.rows.findIndex((row) => row.id === look.selected);
  const window = windowAround(view.rows.length, selected, look.height);
  return {
    lines: view.rows.slice(window.top, window.bottom).map((row) => drawLaneLine(row, look)),
    part: partShown(window, view.rows.length),
  };
}

/** For the pane's title: `queue 118 units, 1.2 TB`. */
export function lanesNote(view: LanesView): string {
  const held = view.held ? 'HELD, no new units · ' : '';
  const queue =
    view.queued.units === 0 ? 'queue empty' : `queue ${view.queued.units}, ${formatBytes(view.queued.bytes)}`;
  return `${held}${queue} · done ${view.committed}`;
}
