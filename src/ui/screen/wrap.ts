import {widthOf} from './width.ts';

/** The text in rows of at most `width` cells, broken at spaces where there are any; at least one row. */
export function wrapText(text: string, width: number): string[] {
  if (width <= 0) return [];
  if (widthOf(text) <= width) return [text];
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    const joined = row === '' ? word : `${row} ${word}`;
    if (widthOf(joined) <= width) {
      row = joined;
      continue;
    }
    if (row !== '') rows.push(row);
    const pieces = hardWrap(word, width);
    rows.push(...pieces.slice(0, -1));
    row = pieces.at(-1) ?? '';
  }
  return [...rows, row];
}

/** The text cut into rows of at most `width` cells, wherever that is. */
export function hardWrap(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const rows: string[] = [];
  let row = '';
  let used = 0;
  for (const char of text) {
    const wide = widthOf(char);
    if (used + wide > width && row !== '') {
      rows.push(row);
      row = '';
      used = 0;
    }
    row += char;
    used += wide;
  }
  return [...rows, row];
}
