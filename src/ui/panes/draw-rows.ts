import {type Line, type Span, span} from '../screen/span.ts';
import {clipLine, padEnd, padStart} from '../screen/width.ts';
import {partShown, type Window, windowAround} from '../screen/window.ts';
import type {Canvas, Cell, Column, Pane, PaneRow} from './pane.ts';

/** From this height on a pane has headings; a lower one has them where every row fits below them. */
const HEADED_HEIGHT = 10;

/** The rows around the selected one, under their headings if they have any. `part` says which they are where others are hidden. */
export function drawRows<Row extends PaneRow>(
  pane: Pane<Row>,
  rows: readonly Row[],
  canvas: Canvas,
): {lines: Line[]; part: string} {
  if (rows.length === 0) return {lines: [[span(` ${pane.empty}`, 'dim')]], part: ''};
  const drawn = pane.draw?.(rows, canvas) ?? null;
  if (drawn !== null) return {lines: drawn, part: ''};
  const columns = pane.columns(canvas, rows);
  const {headed, window} = laid(pane, rows, {columns, canvas});
  const lines = rows.slice(window.top, window.bottom).map((row, index) => {
    const above = index === 0 ? null : (rows[window.top + index - 1] ?? null);
    return drawRow(row, columns, {canvas, above});
  });
  return {
    lines: headed ? [headings(columns, canvas.width), ...lines] : lines,
    part: partShown(window, rows.length),
  };
}

/** The id of the row at a cell of the pane; null where none is. */
export function rowAt<Row extends PaneRow>(
  pane: Pane<Row>,
  rows: readonly Row[],
  {canvas, at}: {readonly canvas: Canvas; readonly at: Cell},
): string | null {
  if (at.x < 0 || at.x >= canvas.width || at.y < 0 || at.y >= canvas.height || rows.length === 0) return null;
  if (pane.rowAt !== undefined && pane.draw !== undefined && pane.draw(rows, canvas) !== null)
    return pane.rowAt(rows, canvas, at);
  const {headed, window} = laid(pane, rows, {columns: pane.columns(canvas, rows), canvas});
  const y = headed ? at.y - 1 : at.y;
  return y < 0 || y >= window.bottom - window.top ? null : (rows[window.top + y]?.id ?? null);
}

/** Whether there are headings, and which rows are on the screen. */
function laid<Row extends PaneRow>(
  pane: Pane<Row>,
  rows: readonly Row[],
  {columns, canvas}: {readonly columns: readonly Column<Row>[]; readonly canvas: Canvas},
): {readonly headed: boolean; readonly window: Window} {
  const headed =
    columns.some(({heading}) => heading !== undefined) &&
    (canvas.height >= HEADED_HEIGHT || rows.length < canvas.height);
  const middle = canvas.focused ? canvas.selected : (pane.current?.(rows) ?? canvas.selected);
  const selected = rows.findIndex((row) => row.id === middle);
  return {headed, window: windowAround(rows.length, selected, headed ? canvas.height - 1 : canvas.height)};
}

/** One row: the cursor, and the columns behind it. */
export function drawRow<Row extends PaneRow>(
  row: Row,
  columns: readonly Column<Row>[],
  {canvas, above}: {readonly canvas: Canvas; readonly above: Row | null},
): Line {
  const on = {above, symbols: canvas.symbols};
  const line = [cursorOf(row.id, canvas), ...columns.flatMap((column) => cellOf(column, column.cell(row, on)))];
  return clipLine(line, canvas.width);
}

function cellOf<Row extends PaneRow>({width, align}: Column<Row>, cell: Span | Line): Line {
  if (!('text' in cell)) return cell;
  if (width === null) return [cell];
  return [span(align === 'right' ? padStart(cell.text, width) : padEnd(cell.text, width), cell.tone)];
}

function headings<Row extends PaneRow>(columns: readonly Column<Row>[], width: number): Line {
  const texts = columns.map(({heading = '', width: cells, align}) => {
    if (cells === null) return heading;
    return align === 'right' ? padStart(heading, cells) : padEnd(heading, cells);
  });
  return clipLine([span(` ${texts.join('')}`, 'dim')], width);
}

/** The cell before a row: the cursor on the selected one, `+` on a marked one. */
function cursorOf(id: string, {focused, selected, marks, symbols}: Canvas): Span {
  const here = focused && id === selected;
  if (marks.has(id)) return span(here ? symbols.cursor : '+', 'accent');
  return here ? span(symbols.cursor, 'accent') : span(' ');
}
