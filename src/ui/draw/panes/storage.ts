import {bar} from '../../screen/chart.ts';
import {type Line, span} from '../../screen/span.ts';
import {clipLine, padEnd} from '../../screen/width.ts';
import {windowAround} from '../../screen/window.ts';
import type {StorageRow} from '../../panes/storage.ts';
import {cursorOf} from '../cursor.ts';
import type {Look} from '../look.ts';

/** The rows of WAL and disks. */
export function drawStorage(rows: readonly StorageRow[], look: Look): Line[] {
  if (rows.length === 0) return [[span(' nothing measured yet', 'dim')]];
  const selected = rows.findIndex((row) => row.id === look.selected);
  const {top, bottom} = windowAround(rows.length, selected, look.height);
  return rows.slice(top, bottom).map((row, index) => {
    const above = rows[top + index - 1];
    const server = index > 0 && above?.server === row.server ? '' : row.server;
    return clipLine(
      [
        cursorOf(row.id, look),
        span(`${padEnd(server, 8)}${padEnd(row.label, 10)}`, 'dim'),
        ...(row.share === null ? [] : [span(`${bar(row.share, 5, look.symbols)} `, row.bad ? 'bad' : 'accent')]),
        span(row.value, row.old ? 'dim' : row.bad ? 'bad' : 'plain'),
      ],
      look.width,
    );
  });
}
