import {counted, formatBytes, formatDuration} from '../../../domain/base/units.ts';
import {bar, spark} from '../../screen/chart.ts';
import {boxed} from '../../screen/frame.ts';
import {type Line, span} from '../../screen/span.ts';
import {clipLine, padLine} from '../../screen/width.ts';
import {wrapText} from '../../screen/wrap.ts';
import {type Window, windowAround} from '../../screen/window.ts';
import type {LaneRow} from '../../view-model/lane-rows.ts';
import {dayAndMinute} from '../../view-model/iso-time.ts';
import {formatAhead} from '../../view-model/span-of-time.ts';
import {drawRow} from '../draw-rows.ts';
import type {Canvas, Cell} from '../pane.ts';
import {failureText, laneColumns, laneSign, laneTone, percent, rate, rateTone} from './line.ts';

/** Rows of a lane's box. */
export const BOX_HEIGHT = 6;
const MIN_BOX_WIDTH = 42;
/** On less, boxes would hide more than they show. */
const MIN_WIDTH = 100;
/** Rows that the queue keeps below the lanes. */
export const MIN_OTHERS = 3;

/** Whether the boxes of all lanes at work fit. */
export function laneBoxesFit(rows: readonly LaneRow[], canvas: Canvas): boolean {
  const rowsOfBoxes = Math.ceil(atWork(rows).length / columnsOf(rows, canvas));
  const others = Math.min(MIN_OTHERS, rows.filter(({status}) => status === 'queued').length);
  if (!canvas.boxed || canvas.width < MIN_WIDTH) return false;
  return rowsOfBoxes > 0 && rowsOfBoxes * BOX_HEIGHT + others <= canvas.height;
}

/** A box for every lane at work, side by side; below them as many of the other units as fit, a line each. */
export function drawLaneBoxes(rows: readonly LaneRow[], canvas: Canvas): Line[] {
  const lanes = atWork(rows);
  const columns = columnsOf(rows, canvas);
  const width = Math.floor(canvas.width / columns);
  const lines: Line[] = [];
  for (let first = 0; first < lanes.length; first += columns) {
    const boxes = lanes.slice(first, first + columns).map((row) => drawBox(row, width, canvas));
    for (let y = 0; y < BOX_HEIGHT; y += 1) lines.push(boxes.flatMap((box) => padLine(box[y] ?? [], width)));
  }
  const others = rows.slice(lanes.length);
  const {top, bottom} = windowOfOthers(others, canvas, canvas.height - lines.length);
  const line = laneColumns(canvas.width);
  return [...lines, ...others.slice(top, bottom).map((row) => drawRow(row, line, {canvas, above: null}))];
}

/** The lane whose box is at a cell, or whose line; null between them. */
export function laneAt(rows: readonly LaneRow[], canvas: Canvas, {x, y}: Cell): string | null {
  const lanes = atWork(rows);
  const columns = columnsOf(rows, canvas);
  const boxRows = Math.ceil(lanes.length / columns) * BOX_HEIGHT;
  const others = rows.slice(lanes.length);
  if (y >= boxRows)
    return others[windowOfOthers(others, canvas, canvas.height - boxRows).top + y - boxRows]?.id ?? null;
  const column = Math.floor(x / Math.floor(canvas.width / columns));
  return column < columns ? (lanes[Math.floor(y / BOX_HEIGHT) * columns + column]?.id ?? null) : null;
}

function windowOfOthers(others: readonly LaneRow[], {selected}: Canvas, height: number): Window {
  return windowAround(
    others.length,
    others.findIndex((row) => row.id === selected),
    height,
  );
}

/** How many boxes of so many are side by side on so many cells; 0 where boxes would hide more than they show. */
export function boxesBeside(count: number, width: number): number {
  return width < MIN_WIDTH ? 0 : Math.max(1, Math.min(count, Math.floor(width / MIN_BOX_WIDTH)));
}

function columnsOf(rows: readonly LaneRow[], canvas: Canvas): number {
  return Math.max(1, boxesBeside(atWork(rows).length, canvas.width));
}

/** The rows that a lane or a builder carries, or that have failed; the list has them first. */
export function atWork(rows: readonly LaneRow[]): readonly LaneRow[] {
  return rows.filter(
    (row) => row.status === 'working' || row.status === 'running' || row.status === 'paused' || row.status === 'failed',
  );
}

function drawBox(row: LaneRow, width: number, canvas: Canvas): Line[] {
  const focused = canvas.focused && row.id === canvas.selected;
  const mark = canvas.marks.has(row.id) ? '+' : '';
  const sign = laneSign(row.status, canvas.symbols);
  const lane = row.lane === null ? '' : `lane ${row.lane}`;
  const note = row.status === 'paused' ? `${sign} ${formatDuration(row.pausedMs)}` : `${sign} ${lane}`.trim();
  const inner = width - 4;
  const body = boxBody(row, inner, canvas).map((line) => [span(' '), ...clipLine(line, inner)]);
  return boxed(body, {title: mark + row.title, note, width, height: BOX_HEIGHT, focused, symbols: canvas.symbols});
}

function boxBody(row: LaneRow, width: number, canvas: Canvas): Line[] {
  const tone = laneTone(row.status);
  if (row.status === 'failed') {
    const why = wrapText(failureText(row), width).slice(0, BOX_HEIGHT - 3);
    return [...why.map((line) => [span(line, 'bad')]), [span(`attempt ${row.attempt ?? '?'}`, 'dim')]];
  }
  if (row.status === 'working') return workBody(row, width, canvas);
  const since = row.startedAt === null ? '' : `since ${dayAndMinute(row.startedAt)}`;
  const rows = row.rows === null ? 'rows unknown' : counted(row.rows, 'row');
  const progress = `${percent(row.share)}  ${formatAhead(row.etaMs)}`;
  const figures: Line = [
    span(`${rate(row.bytesPerSecond)} `, rateTone(row)),
    span(spark(row.rates, 12, canvas.symbols), tone),
    span(`  ${formatBytes(row.leftBytes)} left`),
  ];
  const held: Line = row.cutOff
    ? [span('CUT OFF by the target: r, and it begins again', 'bad')]
    : [span(`paused by ${row.pausedBy ?? '?'}: xmin and connections held, r resumes`, 'warn')];
  return [
    [span(bar(row.share ?? 0, Math.max(4, width - progress.length - 2), canvas.symbols), tone), span(`  ${progress}`)],
    row.status === 'paused' ? held : row.unseen === null ? figures : [span(row.unseen, 'warn')],
    [span(`${rows}   ${since}`, 'dim')],
    [span(row.lastLine ?? '', 'dim')],
  ];
}

function workBody(row: LaneRow, width: number, {symbols}: Canvas): Line[] {
  const progress = `${percent(row.share)}  ${formatAhead(row.etaMs)}`;
  const done = bar(row.share ?? 0, Math.max(4, width - progress.length - 2), symbols);
  return [
    row.share === null
      ? [span('the server does not tell how far it is', 'dim')]
      : [span(done, laneTone(row.status)), span(`  ${progress}`)],
    [
      span(row.phase === '' ? '' : `${row.phase}  `),
      span(row.leftBytes === 0 ? '' : `${formatBytes(row.leftBytes)} left`),
    ],
    [span(`${row.table === '' ? '' : `on ${row.table}   `}for ${formatDuration(row.workedMs)}`, 'dim')],
  ];
}
