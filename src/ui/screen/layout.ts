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

interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** Of the pane that has the keys. */
  readonly place: Place;
  readonly zoomed: boolean;
  /** Whether units are still to be loaded; before and after that, the steps get some of the lanes' rows. */
  readonly hasLoad: boolean;
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

/** Where the panes are on a terminal of this size: one column, from 120x30 two, from 160x45 two, with a box for each lane. */
export function layoutOf(input: LayoutInput): Layout {
  const {columns, rows, place, zoomed} = input;
  if (isTooSmall(input)) return {kind: 'too-small'};
  const height = rows - FIXED_ROWS;
  const boxed = columns >= 120 && rows >= 30;
  if (zoomed || height < 14) return {kind: 'panes', boxed, columns: [[{place, width: columns, height}]]};
  if (!boxed) return {kind: 'panes', boxed, columns: [oneColumn(input, height)]};
  const large = columns >= 160 && rows >= 45;
  return {kind: 'panes', boxed, columns: large ? withLaneBoxes(columns, height) : sideBySide(columns, height)};
}

function oneColumn({columns: width, place, hasLoad}: LayoutInput, height: number): Spot[] {
  const below: Place = place === 'storage' || place === 'events' ? place : 'slots';
  const belowHeight = Math.max(4, Math.floor(height * (below === 'slots' ? 0.24 : 0.35)));
  const stepsHeight = place === 'steps' || !hasLoad ? Math.floor(height * 0.5) : 4;
  return [
    {place: 'steps', width, height: stepsHeight},
    {place: 'lanes', width, height: height - stepsHeight - belowHeight},
    {place: below, width, height: belowHeight},
  ];
}

function sideBySide(columns: number, height: number): Spot[][] {
  const left = Math.min(56, Math.max(47, Math.floor(columns * 0.38)));
  const right = columns - left;
  const storage = Math.min(16, Math.floor(height * 0.42));
  const slots = Math.max(6, Math.min(12, Math.floor(height * 0.26)));
  const events = Math.max(5, Math.min(10, Math.floor(height * 0.22)));
  return [
    [
      {place: 'steps', width: left, height: height - storage},
      {place: 'storage', width: left, height: storage},
    ],
    [
      {place: 'lanes', width: right, height: height - slots - events},
      {place: 'slots', width: right, height: slots},
      {place: 'events', width: right, height: events},
    ],
  ];
}

function withLaneBoxes(columns: number, height: number): Spot[][] {
  const left = Math.min(66, Math.floor(columns * 0.33));
  const right = columns - left;
  const steps = Math.min(19, height - 20);
  const storage = 15;
  const slots = Math.max(8, Math.min(16, Math.floor(height * 0.28)));
  return [
    [
      {place: 'steps', width: left, height: steps},
      {place: 'storage', width: left, height: storage},
      {place: 'events', width: left, height: height - steps - storage},
    ],
    [
      {place: 'lanes', width: right, height: height - slots},
      {place: 'slots', width: right, height: slots},
    ],
  ];
}
