import {drawRows} from '../panes/draw-rows.ts';
import type {Canvas, Pane} from '../panes/pane.ts';
import {numberOf, titleOf} from '../panes/panes.ts';
import {selectedId, shownRows} from '../panes/rows.ts';
import {boxed, type FrameOptions, ruled} from '../screen/frame.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import type {ConsoleState} from '../store/console-store.ts';

interface Style {
  readonly boxed: boolean;
  readonly symbols: Symbols;
}

/** A pane with its frame, in exactly so many cells. */
export function drawPane(
  state: ConsoleState,
  pane: Pane,
  {width, height, ...style}: Style & {readonly width: number; readonly height: number},
): Line[] {
  const {view} = state;
  const focused = view.pane === pane.id && view.overlays.length === 0;
  const canvas: Canvas = {
    width: style.boxed ? width - 2 : width,
    height: style.boxed ? height - 2 : height - 1,
    selected: focused ? selectedId(state, pane) : (view.selected[pane.id] ?? null),
    focused,
    marks: view.marks,
    symbols: style.symbols,
  };
  const rows = shownRows(state, pane);
  const {lines, part} = drawRows(pane, rows, canvas);
  const filter = view.filters[pane.id] ?? '';
  const nothing = rows.length === 0 && filter !== '';
  const body: Line[] = nothing ? [[span(' nothing has these words; Esc drops the filter', 'dim')]] : lines;
  const frame: FrameOptions = {
    title: `${numberOf(pane)} ${titleOf(pane)}`,
    note: (filter === '' ? '' : `filter ${filter} · `) + pane.note(state, {rows, part}),
    width,
    height,
    focused,
    symbols: style.symbols,
  };
  return style.boxed ? boxed(body, frame) : ruled(body, frame);
}
