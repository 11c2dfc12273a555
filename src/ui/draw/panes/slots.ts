import {formatBytes} from '../../../domain/base/units.ts';
import {spark} from '../../screen/chart.ts';
import {type Line, type Span, span} from '../../screen/span.ts';
import type {Symbols} from '../../screen/symbols.ts';
import {clipLine, padEnd, padStart} from '../../screen/width.ts';
import {partShown, windowAround} from '../../screen/window.ts';
import type {SlotRow} from '../../panes/slots.ts';
import {cursorOf} from '../cursor.ts';
import type {Look} from '../look.ts';

/** A pane of so many rows begins with headings in any case, a lower one where every slot has room below them. */
const HEADED_HEIGHT = 10;

/**
 * The slots' rows: sign and name, spark line, retained, rate, status and positions, as far as the width goes. `part` tells which rows
 * they are where others are hidden.
 */
export function drawSlots(rows: readonly SlotRow[], look: Look): {lines: Line[]; part: string} {
  if (rows.length === 0) return {lines: [[span(' no slots seen yet', 'dim')]], part: ''};
  const selected = rows.findIndex((row) => row.name === look.selected);
  const isHeaded = look.height >= HEADED_HEIGHT || rows.length < look.height;
  const window = windowAround(rows.length, selected, isHeaded ? look.height - 1 : look.height);
  const lines = rows.slice(window.top, window.bottom).map((row) => drawSlot(row, look));
  return {
    lines: [...(isHeaded ? [headings(look)] : []), ...lines].map((line) => clipLine(line, look.width)),
    part: partShown(window, rows.length),
  };
}

function headings(look: Look): Line {
  const wide = look.width >= POSITIONS_WIDTH;
  const text = [
    padEnd('   slot', wide ? 25 : 18),
    look.width >= PLUGIN_WIDTH ? padEnd(' plugin', 17) : '',
    look.width >= NAMED_WIDTH ? padEnd('', 7) : '',
    padEnd('', wide ? 9 : 7),
    padStart('retained', 8),
    padStart('growth', 11),
    padEnd('  status', 12),
    wide ? padStart('restart', 17) : '',
    padStart('confirmed', wide ? 17 : 15),
  ];
  return [span(text.join(''), 'dim')];
}

// What a pane of so many cells has room for, beside what every pane has.
const NAMED_WIDTH = 78;
const POSITIONS_WIDTH = 106;
const PLUGIN_WIDTH = 123;

function drawSlot(row: SlotRow, look: Look): Line {
  const wide = look.width >= POSITIONS_WIDTH;
  const cells: Span[] = [
    cursorOf(row.name, look),
    signOf(row, look.symbols),
    span(padEnd(row.name, wide ? 22 : 15), row.ours ? 'plain' : 'dim'),
    ...(look.width >= PLUGIN_WIDTH ? [span(padEnd(` ${row.plugin}`, 17), 'dim')] : []),
    ...(look.width >= NAMED_WIDTH ? [span(padEnd(row.active ? ' active' : ' idle', 7), 'dim')] : []),
    span(` ${spark(row.history, wide ? 8 : 6, look.symbols)}`, 'accent'),
    span(padStart(formatBytes(row.retainedBytes), 8)),
    span(padStart(growth(row.bytesPerSecond), 11)),
    span(padEnd(`  ${statusOf(row)}`, 12), row.lost ? 'bad' : row.status === 'unreserved' ? 'warn' : 'dim'),
    ...(wide ? [span(padStart(row.restartLsn, 17), 'dim')] : []),
    // Where a slot of others stands is for those.
    span(padStart(row.ours ? row.confirmedLsn : 'not ours', wide ? 17 : 15), row.ours ? 'plain' : 'dim'),
  ];
  return cells;
}

/** Lost, about to be, read by somebody, or read by nobody. */
function signOf(row: SlotRow, symbols: Symbols): Span {
  if (row.lost) return span(`${symbols.failed} `, 'bad');
  if (row.status === 'unreserved') return span(`${symbols.warning} `, 'warn');
  return row.active ? span(`${symbols.live} `, 'good') : span(`${symbols.pending} `, 'dim');
}

function statusOf(row: SlotRow): string {
  return row.lost ? `LOST ${row.status === 'lost' ? '' : row.status}`.trimEnd() : row.status;
}

/** Growth with its sign: `+3.1 MB/s`; dots until it is known. */
export function growth(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return '...';
  return `${bytesPerSecond >= 0 ? '+' : ''}${formatBytes(bytesPerSecond)}/s`;
}
