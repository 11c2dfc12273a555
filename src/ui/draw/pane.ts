import {drawRows, rowAt} from '../panes/draw-rows.ts';
import type {Canvas, Cell, Pane} from '../panes/pane.ts';
import {numberOf, titleOf} from '../panes/panes.ts';
import {selectedId, shownRows} from '../panes/rows.ts';
import {boxed, type FrameOptions, ruled} from '../screen/frame.ts';
import {type Line, span} from '../screen/span.ts';
import {widthOf} from '../screen/width.ts';
import type {Symbols} from '../screen/symbols.ts';
import type {ConsoleState} from '../store/console-store.ts';

/** Cells of a title's line that are neither title nor note: edges, blanks, the sign of the pane that has the keys. */
const BESIDE_NOTE = 9;

interface Style {
  readonly boxed: boolean;
  readonly symbols: Symbols;
}

type Framed = Style & {readonly width: number; readonly height: number};

/** What a pane is drawn on, inside its frame. */
export function canvasOf(state: ConsoleState, pane: Pane, {width, height, boxed: inBox, symbols}: Framed): Canvas {
  const {view} = state;
  const focused = view.pane === pane.id && view.overlays.length === 0;
  return {
    width: inBox ? width - 2 : width,
    height: inBox ? height - 2 : height - 1,
    selected: focused ? selectedId(state, pane) : (view.selected[pane.id] ?? null),
    focused,
    boxed: inBox,
    marks: view.marks,
    symbols,
  };
}

/** The id of the row at a cell of the pane with its frame; null where none is. */
export function rowAtCell(
  state: ConsoleState,
  pane: Pane,
  {at, ...framed}: Framed & {readonly at: Cell},
): string | null {
  const inner = framed.boxed ? {x: at.x - 1, y: at.y - 1} : {x: at.x, y: at.y - 1};
  return rowAt(pane, shownRows(state, pane), {canvas: canvasOf(state, pane, framed), at: inner});
}

/** A pane with its frame, in exactly so many cells. */
export function drawPane(state: ConsoleState, pane: Pane, {width, height, ...style}: Framed): Line[] {
  const {view} = state;
  const canvas = canvasOf(state, pane, {width, height, ...style});
  const {focused} = canvas;
  const rows = shownRows(state, pane);
  const {lines, part} = drawRows(pane, rows, canvas);
  const filter = view.filters[pane.id] ?? '';
  const nothing = rows.length === 0 && filter !== '';
  const body: Line[] = nothing ? [[span(' nothing has these words; Esc drops the filter', 'dim')]] : lines;
  const title = `${numberOf(pane)} ${titleOf(pane)}`;
  const filtered = filter === '' ? '' : `filter ${filter} · `;
  const room = width - widthOf(title) - widthOf(filtered) - BESIDE_NOTE;
  const frame: FrameOptions = {
    title,
    note: filtered + pane.note(state, {rows, part, room}),
    width,
    height,
    focused,
    symbols: style.symbols,
  };
  return style.boxed ? boxed(body, frame) : ruled(body, frame);
}
