import {screenText} from '../screen/screen-text.ts';
import {clip} from '../screen/width.ts';
import {hardWrap} from '../screen/wrap.ts';

/** A log's text as rows of the screen: lines cut at the width, or wrapped. */
export function logRows(log: {readonly text: string; readonly wrap: boolean}, width: number): readonly string[] {
  const lines = log.text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const safe = lines.map((line) => screenText(line.replaceAll('\t', '    ').replace(/\r$/, '')));
  return log.wrap ? safe.flatMap((line) => hardWrap(line, width)) : safe.map((line) => clip(line, width));
}

/** The last row above `from` that has the words, whatever their case; null when none has. */
export function lastMatchAbove(rows: readonly string[], words: string, from: number): number | null {
  const wanted = words.toLowerCase();
  const found = rows.slice(0, from).findLastIndex((row) => row.toLowerCase().includes(wanted));
  return found === -1 ? null : found;
}
