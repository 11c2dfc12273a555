import {type Line, type Span, span} from '../screen/span.ts';
import {clipLine, padEnd, padStart} from '../screen/width.ts';
import {partShown, windowAround} from '../screen/window.ts';
import type {Canvas, Column, Pane, PaneRow} from './pane.ts';

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
  const headed =
    columns.some(({heading}) => heading !== undefined) &&
    (canvas.height >= HEADED_HEIGHT || rows.length < canvas.height);
  const middle = canvas.focused ? canvas.selected : (pane.current?.(rows) ?? canvas.selected);
  const selected = rows.findIndex((row) => row.id === middle);
  const window = windowAround(rows.length, selected, headed ? canvas.height - 1 : canvas.height);
  const lines = rows.slice(window.top, window.bottom).map((row, index) => {
    const above = index === 0 ? null : (rows[window.top + index - 1] ?? null);
    return drawRow(row, columns, {canvas, above});
  });
  return {
    lines: headed ? [headings(columns, canvas.width), ...lines] : lines,
    part: partShown(window, rows.length),
  };
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
