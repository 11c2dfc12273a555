import {formatBytes, formatDuration} from '../../../domain/base/units.ts';
import {bar, spark} from '../../screen/chart.ts';
import {boxed} from '../../screen/frame.ts';
import {type Line, span} from '../../screen/span.ts';
import {clipLine, padLine} from '../../screen/width.ts';
import {windowAround} from '../../screen/window.ts';
import type {LaneRow, LanesView} from '../../panes/lanes.ts';
import {dayAndMinute} from '../../view-model/iso-time.ts';
import {formatAhead} from '../../view-model/span-of-time.ts';
import {drawLaneLine, failureText, laneSign, laneTone, percent, rate, rateTone} from './lane-line.ts';
import type {Look} from '../look.ts';

const BOX_HEIGHT = 6;
const MIN_BOX_WIDTH = 42;
/** On less, boxes would hide more than they show. */
const MIN_WIDTH = 100;
const MIN_HEIGHT = 18;
/** Rows that the queue keeps below the boxes. */
const MIN_OTHERS = 3;

/** Whether every lane at work has room for a box of its own. */
export function laneBoxesFit(view: LanesView, look: Look): boolean {
  const rowsOfBoxes = Math.ceil(atWork(view).length / columnsOf(view, look));
  const others = Math.min(MIN_OTHERS, view.rows.length - atWork(view).length);
  if (look.width < MIN_WIDTH || look.height < MIN_HEIGHT) return false;
  return rowsOfBoxes > 0 && rowsOfBoxes * BOX_HEIGHT + others <= look.height;
}

/** A box for every lane at work, side by side; below them as many of the other units as fit, a line each. */
export function drawLaneBoxes(view: LanesView, look: Look): Line[] {
  const lanes = atWork(view);
  const columns = columnsOf(view, look);
  const width = Math.floor(look.width / columns);
  const lines: Line[] = [];
  for (let first = 0; first < lanes.length; first += columns) {
    const boxes = lanes.slice(first, first + columns).map((row) => drawBox(row, width, look));
    for (let y = 0; y < BOX_HEIGHT; y += 1) lines.push(boxes.flatMap((box) => padLine(box[y] ?? [], width)));
  }
  const others = view.rows.slice(lanes.length);
  const selected = others.findIndex((row) => row.id === look.selected);
  const {top, bottom} = windowAround(others.length, selected, look.height - lines.length);
  return [...lines, ...others.slice(top, bottom).map((row) => drawLaneLine(row, look))];
}

/** How many boxes are side by side. */
function columnsOf(view: LanesView, look: Look): number {
  return Math.max(1, Math.min(atWork(view).length, Math.floor(look.width / MIN_BOX_WIDTH)));
}

function atWork(view: LanesView): readonly LaneRow[] {
  return view.rows.filter((row) => row.status === 'running' || row.status === 'paused' || row.status === 'failed');
}

function drawBox(row: LaneRow, width: number, look: Look): Line[] {
  const focused = look.focused && row.id === look.selected;
  const mark = look.marks.has(row.id) ? '+' : '';
  const sign = laneSign(row.status, look.symbols);
  const lane = row.lane === null ? '' : `lane ${row.lane}`;
  const note = row.status === 'paused' ? `${sign} ${formatDuration(row.pausedMs)}` : `${sign} ${lane}`.trim();
  const inner = width - 4;
  const body = boxBody(row, inner, look).map((line) => [span(' '), ...clipLine(line, inner)]);
  return boxed(body, {title: mark + row.title, note, width, height: BOX_HEIGHT, focused, symbols: look.symbols});
}

function boxBody(row: LaneRow, width: number, look: Look): Line[] {
  const tone = laneTone(row.status);
  if (row.status === 'failed') {
    return [[span(failureText(row), 'bad')], [span(`attempt ${row.attempt ?? '?'}`, 'dim')]];
  }
  const since = row.startedAt === null ? '' : `since ${dayAndMinute(row.startedAt)}`;
  const rows = row.rows === null ? 'rows unknown' : `${row.rows.toLocaleString('en-US')} rows`;
  const progress = `${percent(row.share)}  ${formatAhead(row.etaMs)}`;
  const figures: Line = [
    span(`${rate(row.bytesPerSecond)} `, rateTone(row)),
    span(spark(row.rates, 12, look.symbols), tone),
    span(`  ${formatBytes(row.leftBytes)} left`),
  ];
  const held: Line = row.cutOff
    ? [span('CUT OFF by the target: r, and it begins again', 'bad')]
    : [span(`paused by ${row.pausedBy ?? '?'}: xmin and connections held, r resumes`, 'warn')];
  return [
    [span(bar(row.share ?? 0, Math.max(4, width - progress.length - 2), look.symbols), tone), span(`  ${progress}`)],
    row.status === 'paused' ? held : row.unseen === null ? figures : [span(row.unseen, 'warn')],
    [span(`${rows}   ${since}`, 'dim')],
    [span(row.lastLine ?? '', 'dim')],
  ];
}
