import {screenText} from '../screen/screen-text.ts';
import {clip} from '../screen/width.ts';
import {hardWrap} from '../screen/wrap.ts';
import type {LogPlace, LogView} from '../store/overlay.ts';

type Lines = Pick<LogView, 'lines' | 'begun' | 'wrap'>;
type Shown = Lines & Pick<LogView, 'follow' | 'first'>;

/** The cells of a log on the screen: of a row, and rows. */
export interface LogRoom {
  readonly width: number;
  readonly height: number;
}

/** The cells of a log in a pane of this size: inside the frame, with a blank before each row. */
export function logRoom(room: {width: number; height: number}): LogRoom {
  return {width: room.width - 3, height: room.height - 2};
}

/** Every line of the log, the one that is not whole yet as well. */
export function linesOf({lines, begun}: Pick<LogView, 'lines' | 'begun'>): readonly string[] {
  return begun === '' ? lines : [...lines, safeLine(begun)];
}

/** A line of a log, safe on a screen. */
export function safeLine(line: string): string {
  return screenText(line.replaceAll('\t', '    ').replace(/\r$/, ''));
}

/** The rows that are on screen: its end while it follows. Only these are measured: a log may have a thousand lines more. */
export function visibleRows(log: Shown, room: LogRoom): readonly string[] {
  const lines = linesOf(log);
  const {line, row} = firstRow(log, room);
  const rows: string[] = [];
  for (let at = line; at < lines.length && rows.length < room.height + row; at += 1) {
    rows.push(...rowsOf(lines[at] ?? '', log.wrap, room.width));
  }
  return rows.slice(row, row + room.height);
}

/** Where the screen begins: never so far down that rows stay empty below the last line. */
export function firstRow(log: Shown, room: LogRoom): LogPlace {
  const last = lastFirst(log, room);
  if (log.follow) return last;
  const height = rowsOf(linesOf(log)[log.first.line] ?? '', log.wrap, room.width).length;
  const first = {line: log.first.line, row: Math.min(log.first.row, height - 1)};
  return isBelow(first, last) ? last : first;
}

/** Where the screen begins after it was moved by so many rows. */
export function movedBy(log: Shown, by: number, room: LogRoom): LogPlace {
  const lines = linesOf(log);
  const last = lastFirst(log, room);
  let {line, row} = firstRow(log, room);
  row += by;
  while (row < 0 && line > 0) {
    line -= 1;
    row += rowsOf(lines[line] ?? '', log.wrap, room.width).length;
  }
  for (;;) {
    const height = rowsOf(lines[line] ?? '', log.wrap, room.width).length;
    if (row < height || line >= lines.length - 1) break;
    line += 1;
    row -= height;
  }
  const place = {line, row: Math.max(0, row)};
  return isBelow(place, last) ? last : place;
}

function lastFirst(log: Lines, {width, height}: LogRoom): LogPlace {
  const lines = linesOf(log);
  let left = height;
  for (let line = lines.length - 1; line >= 0; line -= 1) {
    const rows = rowsOf(lines[line] ?? '', log.wrap, width).length;
    if (rows >= left) return {line, row: rows - left};
    left -= rows;
  }
  return {line: 0, row: 0};
}

function isBelow(one: LogPlace, other: LogPlace): boolean {
  return one.line > other.line || (one.line === other.line && one.row > other.row);
}

function rowsOf(line: string, wrap: boolean, width: number): readonly string[] {
  return wrap ? hardWrap(line, width) : [clip(line, width)];
}

/** Where the words are in a line, whatever their case; null where they are not. */
export function findWords(line: string, words: string): {readonly at: number; readonly length: number} | null {
  if (words === '') return null;
  const found = new RegExp(words.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`), 'iu').exec(line);
  return found === null ? null : {at: found.index, length: found[0].length};
}

/** Where a line's first match is: in which of its rows. */
export function placeOfMatch(log: Lines, line: number, words: string, width: number): LogPlace {
  const text = linesOf(log)[line] ?? '';
  let left = findWords(text, words)?.at ?? 0;
  const row = log.wrap ? hardWrap(text, width).findIndex((one) => (left -= one.length) < 0) : 0;
  return {line, row: Math.max(0, row)};
}
