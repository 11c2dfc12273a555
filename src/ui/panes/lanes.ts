import {formatBytes} from '../../domain/base/units.ts';
import {lanesView, type LaneRow, type LanesView} from '../view-model/lane-rows.ts';
import {drawLaneBoxes, laneAt, laneBoxesFit} from './lanes/boxes.ts';
import type {Live} from '../store/live.ts';
import {allCommitted} from '../../domain/run/run-state.ts';
import {readingOfEta} from '../view-model/readings.ts';
import {clockAhead} from '../view-model/span-of-time.ts';
import type {WorkView} from '../view-model/work.ts';
import {drawLaneLines, laneInLine} from './lanes/draw-lines.ts';
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
    'a line, or on a large screen a box, for every unit at work, failed ones first; below them the queue and what is committed. Also a line for every index that is built, beside the load or after it, and every table that is compared. CUT OFF is a paused one whose session the target has ended: it has to begin again.',
  place: 'lanes',
  cursor: 'held',
  empty: 'nothing to load yet',
  note: ({live, view, nowMs}, {part}) => {
    if (live.run.units.length === 0) return '';
    const order = orderOf(view, LANE_ROWS)?.name ?? 'lane';
    const marks = view.marks.size === 0 ? '' : `${view.marks.size} marked · `;
    const shown = lanesView(live, nowMs);
    const words = shown.work === null ? queueWords(shown) : workWords(shown.work);
    const endMs = shown.work === null ? loadEndMs(live) : shown.work.etaMs;
    const end = endMs === null ? '' : ` · ${shown.work === null ? 'in at' : 'done'} ${clockAhead(nowMs, endMs)}`;
    return `${marks}${part}${order === 'lane' ? '' : `by ${order} · `}${words}${end}${paceWords(shown)}`;
  },
  columns: ({width}) => laneColumns(width),
  draw: (rows, canvas) => (laneBoxesFit(rows, canvas) ? drawLaneBoxes(rows, canvas) : drawLaneLines(rows, canvas)),
  rowAt: (rows, canvas, at) => (laneBoxesFit(rows, canvas) ? laneAt(rows, canvas, at) : laneInLine(rows, canvas, at.y)),
  room: laneRoom,
  detail: laneDetail,
  keys: LANES_KEYS,
};

/** Until the last row is in; null where that is not foretold, and once they are. */
function loadEndMs(live: Live): number | null {
  const eta = readingOfEta(live)?.eta;
  // The last reading of a load may be older than its last commit.
  return eta === undefined || allCommitted(live.run) || eta.loadMinutes === null || eta.bytesLeft === 0
    ? null
    : eta.loadMinutes * 60_000;
}

/** `built 38/612 · 210 GB left`. */
function workWords({what, done, total, leftBytes}: WorkView): string {
  return `${what} ${done}/${total}${leftBytes === 0 ? '' : ` · ${formatBytes(leftBytes)} left`}`;
}

function paceWords({work}: LanesView): string {
  return work === null || work.bytesPerSecond === null || work.leftBytes === 0
    ? ''
    : ` · ${formatBytes(work.bytesPerSecond)}/s`;
}

/** `queue 118 units, 1.2 TB`. */
function queueWords({held, queued, committed, built}: LanesView): string {
  const queue = queued.units === 0 ? 'queue empty' : `queue ${queued.units}, ${formatBytes(queued.bytes)}`;
  const indexes = built === null ? '' : ` · built ${built.done}/${built.total}`;
  return `${held ? 'HELD, no new units · ' : ''}${queue} · done ${committed}${indexes}`;
}
