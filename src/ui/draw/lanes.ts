import {formatBytes} from '../../domain/units.ts';
import {type Line, span} from '../screen/span.ts';
import {windowAround} from '../screen/window.ts';
import type {LanesView} from '../view-model/lanes.ts';
import {drawLaneBoxes, laneBoxesFit} from './lane-boxes.ts';
import {drawLaneLine} from './lane-line.ts';
import type {Look} from './look.ts';

/** The lanes: a box each where there is room for all that are at work, else a line each; the queue below them. */
export function drawLanes(view: LanesView, look: Look): Line[] {
  if (view.rows.length === 0) return [[span(' nothing to load yet', 'dim')]];
  if (laneBoxesFit(view, look)) return drawLaneBoxes(view, look);
  const selected = view.rows.findIndex((row) => row.id === look.selected);
  const {top, bottom} = windowAround(view.rows.length, selected, look.height);
  return view.rows.slice(top, bottom).map((row) => drawLaneLine(row, look));
}

/** For the pane's title: `queue 118 units, 1.2 TB`. */
export function lanesNote(view: LanesView): string {
  const held = view.held ? 'HELD, no new units · ' : '';
  const queue =
    view.queued.units === 0 ? 'queue empty' : `queue ${view.queued.units}, ${formatBytes(view.queued.bytes)}`;
  return `${held}${queue} · done ${view.committed}`;
}
