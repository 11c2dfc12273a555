import type {Binding} from '../binding/binding.ts';
import type {Place, Room} from '../screen/layout.ts';
import type {Line, Span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Live} from '../store/live.ts';
import type {Detail} from '../view-model/facts.ts';

/** A row of a pane; its id is also what the cursor, the marks and the detail know it by. */
export interface PaneRow {
  readonly id: string;
}

/** An order of a pane's rows. */
export interface Order<Row extends PaneRow> {
  /** `rate`: said when it is chosen. */
  readonly name: string;
  compare(a: Row, b: Row): number;
}

/** Where the rows of a pane come from. */
export interface RowSource<Row extends PaneRow = PaneRow> {
  readonly id: string;
  /** All of them, from what was heard. */
  rows(live: Live, nowMs: number): readonly Row[];
  /** The text of a row that a filter searches; a pane without it has no filter. */
  words?(row: Row): string;
  /** The orders that `o` goes through, the usual one first; a pane without them keeps the order of its rows. */
  readonly orders?: readonly Order<Row>[];
  /** The row that matters now, where the operator has chosen none; without it, the first. */
  current?(rows: readonly Row[]): string | null;
}

/** What a pane is drawn on: the cells inside its frame, the selected row and the signs. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Null when nothing is selected. */
  readonly selected: string | null;
  readonly focused: boolean;
  /** Whether panes are in boxes, side by side: a large screen. */
  readonly boxed: boolean;
  readonly marks: ReadonlySet<string>;
  readonly symbols: Symbols;
}

/** A cell inside a frame, from 0. */
export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** A column of a pane's rows. */
export interface Column<Row extends PaneRow> {
  /** Above the column, where the pane has a row left for headings. */
  readonly heading?: string;
  /** Cells; null is the last column, which takes what is left. */
  readonly width: number | null;
  readonly align?: 'right';
  /** `above` is the row above it on the screen. */
  cell(row: Row, on: {readonly above: Row | null; readonly symbols: Symbols}): Span | Line;
}

/** A pane of the console, whole: a new one is a file with one of these and a line in panes.ts. */
export interface Pane<Row extends PaneRow = PaneRow> extends RowSource<Row> {
  /** `slots`: in running text; with a capital in its title. */
  readonly name: string;
  /** Other words for it that find it in the palette. */
  readonly also?: string;
  /** What it shows, for docs/keys.md. */
  readonly about: string;
  /** Where it is on the screen; of several panes in one place, the first of panes.ts is there until another gets the keys. */
  readonly place: Place;
  /** Whether it has its place now, before the pane that is usually there and where no other of that place has the keys. */
  isWanted?(state: ConsoleState): boolean;
  /** Said where it has no row yet. */
  readonly empty: string;
  /** At the right end of the title's line, on at most `room` cells. `part` says which rows are on the screen where not all are: `rows 3-14 · `. */
  note(
    state: ConsoleState,
    shown: {readonly rows: readonly Row[]; readonly part: string; readonly room: number},
  ): string;
  /** The columns that fit. */
  columns(canvas: Canvas, rows: readonly Row[]): readonly Column<Row>[];
  /** Draws the rows otherwise than one a line; null where they are to be one a line after all. */
  draw?(rows: readonly Row[], canvas: Canvas): Line[] | null;
  /** The row at a cell of what `draw` has drawn; null where none is. */
  rowAt?(rows: readonly Row[], canvas: Canvas, at: Cell): string | null;
  /** How many rows of the screen it has use for, on so many cells; without it, one for each of its rows. */
  room?(state: ConsoleState, width: number): Room;
  /** Everything that is known of a row. */
  detail(state: ConsoleState, id: string): Detail;
  /** The detail is a table, where all of it fits. */
  readonly detailIsTable?: true;
  /** `held`: on its row, whatever the order becomes. `newest`: goes on with what happens until the operator moves it. */
  readonly cursor?: 'held' | 'newest';
  /** The keys that act on its rows. */
  readonly keys?: readonly Binding[];
}
