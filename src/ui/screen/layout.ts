import type {PaneId} from '../store/pane.ts';

/** A pane and the cells that it has, with its frame. */
export interface Spot {
  readonly pane: PaneId;
  readonly width: number;
  readonly height: number;
}

/** Where the panes are: columns side by side, panes below each other in each. */
export type Layout =
  | {readonly kind: 'too-small'}
  | {readonly kind: 'panes'; readonly boxed: boolean; readonly columns: readonly (readonly Spot[])[]};

interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  readonly pane: PaneId;
  readonly zoomed: boolean;
  /** Whether units are still to be loaded; before and after that, the checklist gets some of the lanes' room. */
  readonly hasLoad: boolean;
}

/** Rows that the status lines, the message and the footer take. */
export const FIXED_ROWS = 4;
/** Below this the console only says which size it wants. */
export const SMALLEST = {columns: 60, rows: 12} as const;

/** The room of the panes, and of what covers them. */
export function paneRoom({columns, rows}: Pick<LayoutInput, 'columns' | 'rows'>): {width: number; height: number} {
  return {width: columns, height: rows - FIXED_ROWS};
}

/** Whether the console only says which size it wants. */
export function isTooSmall({columns, rows}: Pick<LayoutInput, 'columns' | 'rows'>): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/** Where the panes are on a terminal of this size: one column, from 120x30 two, from 160x45 two with room for a box per lane. */
export function layoutOf(input: LayoutInput): Layout {
  const {columns, rows, pane, zoomed} = input;
  if (isTooSmall(input)) return {kind: 'too-small'};
  const height = rows - FIXED_ROWS;
  const boxed = columns >= 120 && rows >= 30;
  if (zoomed || height < 14) return {kind: 'panes', boxed, columns: [[{pane, width: columns, height}]]};
  if (!boxed) return {kind: 'panes', boxed, columns: [oneColumn(input, height)]};
  const large = columns >= 160 && rows >= 45;
  return {kind: 'panes', boxed, columns: large ? withLaneBoxes(columns, height) : sideBySide(columns, height)};
}

function oneColumn({columns: width, pane, hasLoad}: LayoutInput, height: number): Spot[] {
  const below: PaneId = pane === 'storage' || pane === 'events' ? pane : 'slots';
  const belowHeight = Math.max(4, Math.floor(height * (below === 'slots' ? 0.24 : 0.35)));
  const stepsHeight = pane === 'steps' || !hasLoad ? Math.floor(height * 0.5) : 4;
  return [
    {pane: 'steps', width, height: stepsHeight},
    {pane: 'lanes', width, height: height - stepsHeight - belowHeight},
    {pane: below, width, height: belowHeight},
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
      {pane: 'steps', width: left, height: height - storage},
      {pane: 'storage', width: left, height: storage},
    ],
    [
      {pane: 'lanes', width: right, height: height - slots - events},
      {pane: 'slots', width: right, height: slots},
      {pane: 'events', width: right, height: events},
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
      {pane: 'steps', width: left, height: steps},
      {pane: 'storage', width: left, height: storage},
      {pane: 'events', width: left, height: height - steps - storage},
    ],
    [
      {pane: 'lanes', width: right, height: height - slots},
      {pane: 'slots', width: right, height: slots},
    ],
  ];
}
