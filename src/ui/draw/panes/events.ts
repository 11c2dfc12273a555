import {type Line, span} from '../../screen/span.ts';
import {clipLine} from '../../screen/width.ts';
import {windowAround} from '../../screen/window.ts';
import type {EventRow} from '../../panes/events.ts';
import {cursorOf} from '../cursor.ts';
import type {Look} from '../look.ts';

/** The events' rows, newest first. */
export function drawEvents(rows: readonly EventRow[], look: Look): Line[] {
  if (rows.length === 0) return [[span(' no events yet', 'dim')]];
  const selected = rows.findIndex((row) => row.id === look.selected);
  const {top, bottom} = windowAround(rows.length, selected, look.height);
  return rows
    .slice(top, bottom)
    .map((row) =>
      clipLine([cursorOf(row.id, look), span(`${row.time} `, 'dim'), span(row.text, row.tone)], look.width),
    );
}
