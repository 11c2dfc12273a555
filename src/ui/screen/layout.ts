import {shareRows, type Wish} from './share-rows.ts';

/** The places of the screen. Each is called as the pane that is there unless another one of the same place has the keys. */
export type Place = 'steps' | 'lanes' | 'slots' | 'storage' | 'events';

/** A place and its cells, with the frame of its pane. */
export interface Spot {
  readonly place: Place;
  readonly width: number;
  readonly height: number;
}

/** Where the places are: columns side by side, places below each other in each. */
export type Layout =
  | {readonly kind: 'too-small'}
  | {readonly kind: 'panes'; readonly boxed: boolean; readonly columns: readonly (readonly Spot[])[]};

/** The rows that a pane has to show, without its frame. */
export interface Room {
  /** What matters now. */
  readonly need: number;
  /** All that it has to show. */
  readonly all: number;
}

/** What the pane at a place has to show on so many cells. */
export type RoomOf = (place: Place, width: number) => Room;

interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** Of the pane that has the keys. */
  readonly place: Place;
  readonly zoomed: boolean;
  readonly roomOf: RoomOf;
}

/** Rows that the status lines, the message and the footer take. */
export const FIXED_ROWS = 4;
/** Below this the console only says which size it wants. */
export const SMALLEST = {columns: 60, rows: 12} as const;

/** The cells of the panes together, and of what covers them. */
export function paneRoom({columns, rows}: Pick<LayoutInput, 'columns' | 'rows'>): {width: number; height: number} {
  return {width: columns, height: rows - FIXED_ROWS};
}

/** Whether the console only says which size it wants. */
export function isTooSmall({columns, rows}: Pick<LayoutInput, 'columns' | 'rows'>): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/**
 * Where the panes are on a terminal of this size: one column, from 120x30 two, side by side. The rows of a column are shared by what its panes
 * have to show: lanes with nothing to do give theirs to events, steps theirs to WAL and disks.
 */
export function layoutOf(input: LayoutInput): Layout {
  const {columns, rows, place, zoomed} = input;
  if (isTooSmall(input)) return {kind: 'too-small'};
  const height = rows - FIXED_ROWS;
  const boxed = columns >= 120 && rows >= 30;
  if (zoomed || height < 14) return {kind: 'panes', boxed, columns: [[{place, width: columns, height}]]};
  return {kind: 'panes', boxed, columns: boxed ? sideBySide(input, height) : [oneColumn(input, height)]};
}

/** How much of the height the lanes may need. */
export const LANES_MOST = 0.6;
/** The rule above a pane. */
const RULE = 1;
/** The lines above and below a pane in a box. */
const BOX = 2;

function oneColumn({columns: width, place, roomOf}: LayoutInput, height: number): Spot[] {
  const below: Place = place === 'storage' || place === 'events' ? place : 'slots';
  const half = Math.floor(height / 2);
  // The lanes come first: what is left of them is what the others may have.
  const [lanes = 0, low = 0, steps = 0] = shareRows(
    [
      framed(roomOf('lanes', width), {frame: RULE, least: 2, most: half + 2}),
      framed(roomOf(below, width), {
        frame: RULE,
        least: 4,
        most: Math.floor(height * (below === 'slots' ? 0.25 : 0.4)),
      }),
      framed(roomOf('steps', width), {frame: RULE, least: 4, most: place === 'steps' ? half : 4}),
    ],
    height,
  );
  return [
    {place: 'steps', width, height: steps},
    {place: 'lanes', width, height: lanes},
    {place: below, width, height: low},
  ];
}

function sideBySide({columns, roomOf}: LayoutInput, height: number): Spot[][] {
  const left =
    columns >= 160 ? Math.min(66, Math.floor(columns * 0.33)) : Math.min(56, Math.max(47, Math.floor(columns * 0.38)));
  const right = columns - left;
  const column = (width: number, places: readonly (readonly [place: Place, least: number, most: number])[]): Spot[] => {
    const wishes = places.map(([place, least, most]) =>
      framed(roomOf(place, width - BOX), {frame: BOX, least, most: Math.floor(height * most)}),
    );
    return shareRows(wishes, height).map((rows, index) => ({
      place: places[index]?.[0] ?? 'events',
      width,
      height: rows,
    }));
  };
  return [
    column(left, [
      ['steps', 8, 0.6],
      ['storage', 8, 1],
    ]),
    column(right, [
      ['lanes', 3, LANES_MOST],
      ['slots', 4, 0.3],
      ['events', 5, 1],
    ]),
  ];
}

interface Limits {
  /** Rows of the frame. */
  readonly frame: number;
  readonly least: number;
  /** What is needed counts up to here; more is only given where nobody else needs it. */
  readonly most: number;
}

function framed({need, all}: Room, {frame, least, most}: Limits): Wish {
  return {least, need: Math.min(need + frame, most), all: all + frame};
}
