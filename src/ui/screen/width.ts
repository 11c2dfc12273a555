import stringWidth from 'string-width';
import {type Line, type Span, span} from './span.ts';

// ASCII and the signs that the console itself draws: one cell each. The rest is asked of string-width, which is slow.
const ONE_CELL_EACH = /^[ -~·×±–—…←-↓▁-▟─-╿■□▲▶▼◀○●✓✗⏎‖⚠]*$/;
const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Cells that the text takes on a terminal. */
export function widthOf(text: string): number {
  return ONE_CELL_EACH.test(text) ? text.length : stringWidth(text);
}

/** Cells that the line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, part) => sum + widthOf(part.text), 0);
}

/** The text in at most `width` cells; what does not fit ends in `…`. A wide character is never cut in half. */
export function clip(text: string, width: number): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const {segment} of graphemes.segment(text)) {
    const wide = widthOf(segment);
    if (used + wide > width - 1) break;
    kept += segment;
    used += wide;
  }
  return `${kept}…`;
}

/** The text in at most `width` cells; what does not fit is left out in the middle, because partitions differ at their end. */
export function clipMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const all = Array.from(graphemes.segment(text), ({segment}) => segment);
  const tail = Math.floor((width - 1) / 2);
  let end = '';
  for (let segment = all.pop(); segment !== undefined; segment = all.pop()) {
    if (widthOf(segment + end) > tail) break;
    end = segment + end;
  }
  return `${clip(text, width - widthOf(end))}${end}`;
}

/** The text in exactly `width` cells, filled up with spaces on the right. */
export function padEnd(text: string, width: number): string {
  const clipped = clip(text, width);
  return clipped + ' '.repeat(Math.max(0, width - widthOf(clipped)));
}

/** The text in exactly `width` cells, filled up with spaces on the left. */
export function padStart(text: string, width: number): string {
  const clipped = clip(text, width);
  return ' '.repeat(Math.max(0, width - widthOf(clipped))) + clipped;
}

/** The line in at most `width` cells. */
export function clipLine(line: Line, width: number): Line {
  const kept: Span[] = [];
  let left = width;
  for (const part of line) {
    const wide = widthOf(part.text);
    if (wide > left) {
      if (left > 0) kept.push(span(clip(part.text, left), part.tone));
      return kept;
    }
    kept.push(part);
    left -= wide;
  }
  return line;
}

/** The line in exactly `width` cells. */
export function padLine(line: Line, width: number): Line {
  const clipped = clipLine(line, width);
  const missing = width - lineWidth(clipped);
  return missing > 0 ? [...clipped, span(' '.repeat(missing))] : clipped;
}

/** `left` and `right` at the two edges of `width` cells; `left` gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth === 0) return clipLine(left, width);
  if (rightWidth >= width) return clipLine(right, width);
  return [...padLine(left, width - rightWidth - 1), span(' '), ...right];
}

/** A part of a line, and how much it is wanted there. */
export interface Part {
  readonly line: Line;
  readonly keep: number;
}

/** The parts that fit into `width` cells, in their order: as long as they do not, the one that is wanted least goes. */
export function fit(parts: readonly Part[], width: number): readonly Part[] {
  if (parts.length <= 1 || parts.reduce((sum, {line}) => sum + lineWidth(line), 0) <= width) return parts;
  const least = parts.reduce((low, part) => (part.keep < low.keep ? part : low));
  return fit(
    parts.filter((part) => part !== least),
    width,
  );
}
