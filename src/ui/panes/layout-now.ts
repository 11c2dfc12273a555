import {type Layout, layoutOf, type Room} from '../screen/layout.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Pane} from './pane.ts';
import {paneAt, paneOf} from './panes.ts';
import {shownRows} from './rows.ts';

/** Where the panes are now. */
export function layoutNow(state: ConsoleState): Layout {
  const {columns, rows, pane, zoomed} = state.view;
  return layoutOf({
    columns,
    rows,
    zoomed,
    place: paneOf(pane).place,
    roomOf: (place, width) => roomOf(state, paneAt(place, state), width),
  });
}

/** The rows that a pane has to show: what it says itself, else all of its rows, below their headings. */
function roomOf(state: ConsoleState, pane: Pane, width: number): Room {
  const own = pane.room?.(state, width);
  if (own !== undefined) return own;
  const rows = shownRows(state, pane).length;
  return {need: rows, all: rows};
}

/** The same function, which gives the same object as long as it comes to the same. */
export function keptLayout(): (state: ConsoleState) => Layout {
  let last: {readonly layout: Layout; readonly text: string} | null = null;
  return (state) => {
    const layout = layoutNow(state);
    const text = JSON.stringify(layout);
    if (last?.text !== text) last = {layout, text};
    return last.layout;
  };
}
