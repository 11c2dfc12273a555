import {Resvg} from '@resvg/resvg-js';
import type {IBufferCell, Terminal} from '@xterm/headless';

const CELL = {width: 8.43, height: 18, size: 14};
const COLOURS = ['#1d2021', '#fb6a5b', '#9fca56', '#e8b339', '#6fa8dc', '#c38cd9', '#5cc4c4', '#d8d4cb'];
const PLAIN = '#d8d4cb';
const PAPER = '#1d2021';

/** What a terminal shows, as a PNG. */
export function drawTerminal(terminal: Terminal): Uint8Array {
  const {cols, rows} = terminal;
  const width = cols * CELL.width + 16;
  const height = rows * CELL.height + 16;
  const lines = Array.from({length: rows}, (_, y) => drawRow(terminal, y));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" rx="6" fill="${PAPER}"/><g font-family="DejaVu Sans Mono" font-size="${CELL.size}" xml:space="preserve">${lines.join('')}</g></svg>`;
  const picture = new Resvg(svg, {font: {loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono'}});
  return picture.render().asPng();
}

// Every cell at its place, so that no font moves what comes after it.
function drawRow(terminal: Terminal, y: number): string {
  const buffer = terminal.buffer.active;
  const line = buffer.getLine(buffer.viewportY + y);
  const cells: string[] = [];
  for (let x = 0; x < terminal.cols; x += 1) {
    const cell = line?.getCell(x);
    if (cell === undefined || cell.getChars().trim() === '') continue;
    cells.push(
      `<text x="${(8 + x * CELL.width).toFixed(2)}" y="${8 + y * CELL.height + 14}"${style(cell)}>${escape(cell.getChars())}</text>`,
    );
  }
  return cells.join('');
}

function style(cell: IBufferCell): string {
  const colour = cell.isFgPalette() ? (COLOURS[cell.getFgColor() % 8] ?? PLAIN) : PLAIN;
  return ` fill="${colour}"${cell.isBold() ? ' font-weight="bold"' : ''}${cell.isDim() ? ' fill-opacity="0.6"' : ''}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
