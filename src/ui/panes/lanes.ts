import {formatBytes} from '../../domain/base/units.ts';
import {lanesView, type LaneRow, type LanesView} from '../view-model/lane-rows.ts';
import {drawLaneBoxes, laneAt, laneBoxesFit} from './lanes/boxes.ts';
import type {Live} from '../store/live.ts';
import {allCommitted} from '../../domain/run/run-state.ts';
import {readingOfEta} from '../view-model/readings.ts';
import {clockAhead} from '../view-model/span-of-time.ts';
import {widthOf} from '../screen/width.ts';
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
  note: ({live, view, nowMs}, {part, room}) => {
    if (live.run.units.length === 0) return '';
    const order = orderOf(view, LANE_ROWS)?.name ?? 'lane';
    const shown = lanesView(live, nowMs);
    const endMs = shown.work === null ? loadEndMs(live) : shown.work.etaMs;
    return joinedIn(room, [
      noted(view.marks.size === 0 ? '' : `${view.marks.size} marked`, 9),
      noted(part.replace(/ · $/, ''), 3),
      noted(order === 'lane' ? '' : `by ${order}`, 5),
      ...(shown.work === null ? queueParts(shown) : workParts(shown.work)),
      noted(endMs === null ? '' : `${shown.work === null ? 'in at' : 'done'} ${clockAhead(nowMs, endMs)}`, 6),
      noted(paceWords(shown), 1),
    ]);
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
  return live.link.status === 'lost' ||
    eta === undefined ||
    allCommitted(live.run) ||
    eta.loadMinutes === null ||
    eta.bytesLeft === 0
    ? null
    : eta.loadMinutes * 60_000;
}

/** A part of the note, and how much it is wanted there. */
interface Noted {
  readonly text: string;
  readonly keep: number;
}

function noted(text: string, keep: number): Noted {
  return {text, keep};
}

/** The parts that fit, whole, in their order: what is wanted least goes first. */
function joinedIn(room: number, parts: readonly Noted[]): string {
  const some = parts.filter(({text}) => text !== '');
  const text = some.map((one) => one.text).join(' · ');
  if (widthOf(text) <= room || some.length <= 1) return text;
  const least = some.reduce((low, one) => (one.keep < low.keep ? one : low));
  return joinedIn(
    room,
    some.filter((one) => one !== least),
  );
}

/** `built 38/612 · 210 GB left`. */
function workParts({what, done, total, leftBytes}: WorkView): Noted[] {
  return [noted(`${what} ${done}/${total}`, 8), noted(leftBytes === 0 ? '' : `${formatBytes(leftBytes)} left`, 5)];
}

function paceWords({work}: LanesView): string {
  return work === null || work.bytesPerSecond === null || work.leftBytes === 0
    ? ''
    : `${formatBytes(work.bytesPerSecond)}/s`;
}

/** `queue 118, 1.2 TB · done 2 · built 209/216`. */
function queueParts({held, queued, committed, built}: LanesView): Noted[] {
  return [
    noted(held ? 'HELD, no new units' : '', 10),
    queued.units === 0 ? noted('queue empty', 2) : noted(`queue ${queued.units}, ${formatBytes(queued.bytes)}`, 7),
    noted(`done ${committed}`, 4),
    noted(built === null ? '' : `built ${built.done}/${built.total}`, 5),
  ];
}
