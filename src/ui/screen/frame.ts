import {type Line, type Tone, span} from './span.ts';
import type {Symbols} from './symbols.ts';
import {clip, clipLine, lineWidth, padLine, widthOf} from './width.ts';

/** What is drawn around a pane. */
export interface FrameOptions {
  readonly title: string;
  /** At the right end of the title's line; a long one is cut for the title's sake, a short one is kept whole. */
  readonly note: string;
  readonly width: number;
  /** Rows of the whole, with the frame. */
  readonly height: number;
  /** Whether the keys go to this pane; shown by a sign as well as by a tone. */
  readonly focused: boolean;
  readonly symbols: Symbols;
}

/** Cells around a note: a blank at both ends, and the rule beside them. */
const NOTE_EDGE = 4;
/** Less of a note than this tells nothing. */
const SHORTEST_NOTE = 3;

/** A pane of exactly `height` rows under a rule that bears its title: for small screens. */
export function ruled(body: readonly Line[], options: FrameOptions): Line[] {
  const {width, height, symbols} = options;
  const rule = titleLine(options, {left: symbols.horizontal, right: symbols.horizontal, width});
  return [rule, ...filled(body, height - 1).map((line) => clipLine(line, width))];
}

/** A pane of exactly `height` rows in a box: for large screens. */
export function boxed(body: readonly Line[], options: FrameOptions): Line[] {
  const {width, height, symbols, focused} = options;
  const tone: Tone = focused ? 'accent' : 'dim';
  const side = span(symbols.vertical, tone);
  const {topLeft, topRight, bottomLeft, bottomRight} = symbols.corners;
  return [
    titleLine(options, {left: topLeft, right: topRight, width}),
    ...filled(body, height - 2).map((line) => [side, ...padLine(line, width - 2), side]),
    [span(bottomLeft + symbols.horizontal.repeat(Math.max(0, width - 2)) + bottomRight, tone)],
  ];
}

/** Exactly `height` lines: cut, or filled up with empty ones. */
export function filled(lines: readonly Line[], height: number): Line[] {
  const wanted = Math.max(0, height);
  const kept = lines.slice(0, wanted);
  return [...kept, ...Array.from({length: wanted - kept.length}, (): Line => [span(' ')])];
}

function titleLine(options: FrameOptions, edge: {left: string; right: string; width: number}): Line {
  const {symbols, focused} = options;
  const tone: Tone = focused ? 'accent' : 'dim';
  const inner = edge.width - 2;
  const noteWidth = options.note === '' ? 0 : widthOf(options.note) + NOTE_EDGE;
  // A short note (a sign, a clock) is worth more than the end of a long title.
  const titleWidth = noteWidth <= inner / 2 ? inner - noteWidth : inner;
  const title = clip(`${focused ? symbols.running : ''} ${options.title} `.replace(/^ {2}/, ' '), titleWidth);
  const room = inner - widthOf(title);
  const note = noteWidth === 0 || room < SHORTEST_NOTE + NOTE_EDGE ? '' : ` ${clip(options.note, room - NOTE_EDGE)} `;
  const fill = Math.max(0, room - widthOf(note) - (note === '' ? 0 : 1));
  const line: Line = [
    span(edge.left, tone),
    span(title, focused ? 'accent' : 'strong'),
    span(symbols.horizontal.repeat(fill), tone),
    span(note, 'plain'),
    span((note === '' ? '' : symbols.horizontal) + edge.right, tone),
  ];
  return lineWidth(line) > edge.width ? clipLine(line, edge.width) : line;
}
