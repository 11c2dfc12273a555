import {screenText} from '../screen/screen-text.ts';
import {clip} from '../screen/width.ts';
import {hardWrap} from '../screen/wrap.ts';

/** Cells that a row of the log has on a terminal of so many columns: within the frame, and a blank before it. */
export function logWidth(columns: number): number {
  return columns - 3;
}

/** A log's text as rows of the screen: lines cut at the width, or wrapped. */
export function logRows(log: {readonly text: string; readonly wrap: boolean}, width: number): readonly string[] {
  const lines = safeLines(log.text);
  return log.wrap ? lines.flatMap((line) => hardWrap(line, width)) : lines.map((line) => clip(line, width));
}

/** The first row on screen once the log is wrapped that was not, or the other way: the line that stands there now stays there. */
export function topRewrapped(
  log: {readonly text: string; readonly wrap: boolean; readonly top: number},
  width: number,
): number {
  const rowsOf = safeLines(log.text).map((line) => hardWrap(line, width).length);
  if (!log.wrap) return rowsOf.slice(0, log.top).reduce((sum, rows) => sum + rows, 0);
  let below = log.top;
  const line = rowsOf.findIndex((rows) => (below -= rows) < 0);
  return line === -1 ? rowsOf.length : line;
}

function safeLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => screenText(line.replaceAll('\t', '    ').replace(/\r$/, '')));
}

/** The last row above `from` that has the words, whatever their case; null when none has. */
export function lastMatchAbove(rows: readonly string[], words: string, from: number): number | null {
  const wanted = words.toLowerCase();
  const found = rows.slice(0, from).findLastIndex((row) => row.toLowerCase().includes(wanted));
  return found === -1 ? null : found;
}
