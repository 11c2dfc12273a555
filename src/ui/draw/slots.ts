import {formatBytes} from '../../domain/units.ts';
import {spark} from '../screen/chart.ts';
import {type Line, type Span, span} from '../screen/span.ts';
import {clipLine, padEnd, padStart} from '../screen/width.ts';
import {windowAround} from '../screen/window.ts';
import type {SlotRow} from '../view-model/slots.ts';
import {cursorOf} from './cursor.ts';
import type {Look} from './look.ts';

/** The slots' rows: name, spark line, retained, rate, positions and status, as far as the width goes. */
export function drawSlots(rows: readonly SlotRow[], look: Look): Line[] {
  if (rows.length === 0) return [[span(' no slots seen yet', 'dim')]];
  const selected = rows.findIndex((row) => row.name === look.selected);
  const {top, bottom} = windowAround(rows.length, selected, look.height);
  return rows.slice(top, bottom).map((row) => clipLine(drawSlot(row, look), look.width));
}

function drawSlot(row: SlotRow, look: Look): Line {
  const wide = look.width >= 110;
  const cells: Span[] = [
    cursorOf(row.name, look),
    span(padEnd(row.name, wide ? 26 : 18), row.ours ? 'plain' : 'dim'),
    ...(wide
      ? [span(padEnd(` ${row.plugin}`, 18), 'dim'), span(padEnd(row.active ? 'active' : 'idle', 7), 'dim')]
      : []),
    span(` ${spark(row.history, wide ? 8 : 6, look.symbols)}`, 'accent'),
    span(padStart(formatBytes(row.retainedBytes), 8)),
    span(padStart(growth(row.bytesPerSecond), 11)),
    ...(wide ? [span(padStart(row.restartLsn, 19), 'dim')] : []),
    span(padStart(row.confirmedLsn, wide ? 19 : 16)),
    span(`  ${row.status}`, row.lost ? 'bad' : row.status === 'unreserved' ? 'warn' : 'dim'),
  ];
  return row.ours ? cells : [...cells, span('  not ours', 'dim')];
}

/** Growth with its sign: `+3.1 MB/s`; dots until it is known. */
export function growth(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return '...';
  return `${bytesPerSecond >= 0 ? '+' : ''}${formatBytes(bytesPerSecond)}/s`;
}
