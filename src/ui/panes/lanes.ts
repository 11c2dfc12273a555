import {formatBytes} from '../../domain/base/units.ts';
import {lanesView, type LaneRow, type LanesView} from '../view-model/lane-rows.ts';
import {drawLaneBoxes, laneAt, laneBoxesFit} from './lanes/boxes.ts';
import {laneDetail} from './lanes/detail.ts';
import {LANES_KEYS} from './lanes/keys.ts';
import {laneColumns} from './lanes/line.ts';
import {laneRoom} from './lanes/room.ts';
import {LANE_ROWS} from './lanes/source.ts';
import type {Pane} from './pane.ts';
import {orderOf} from './rows.ts';

/** The units of the load and the lanes that carry them. */
export const LANES: Pane<LaneRow> = {
  ...LANE_ROWS,
  name: 'lanes',
  about:
    'a line, or on a large screen a box, for every unit at work, failed ones first; below them the queue and what is committed. CUT OFF is a paused one whose session the target has ended: it has to begin again.',
  place: 'lanes',
  cursor: 'held',
  empty: 'nothing to load yet',
  note: ({live, view, nowMs}, {part}) => {
    if (live.run.units.length === 0) return '';
    const order = orderOf(view, LANE_ROWS)?.name ?? 'lane';
    const marks = view.marks.size === 0 ? '' : `${view.marks.size} marked · `;
    return `${marks}${part}${order === 'lane' ? '' : `by ${order} · `}${queueWords(lanesView(live, nowMs))}`;
  },
  columns: ({width}) => laneColumns(width),
  draw: (rows, canvas) => (laneBoxesFit(rows, canvas) ? drawLaneBoxes(rows, canvas) : null),
  rowAt: (rows, canvas, at) => laneAt(rows, canvas, at),
  room: laneRoom,
  detail: laneDetail,
  keys: LANES_KEYS,
};

/** `queue 118 units, 1.2 TB`. */
function queueWords({held, queued, committed}: LanesView): string {
  const queue = queued.units === 0 ? 'queue empty' : `queue ${queued.units}, ${formatBytes(queued.bytes)}`;
  return `${held ? 'HELD, no new units · ' : ''}${queue} · done ${committed}`;
}
