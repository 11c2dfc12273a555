import type {ActionContext} from '../binding/context.ts';
import {rowAtCell} from '../draw/pane.ts';
import {goToPane, scrollOverlay} from '../keys/move.ts';
import {layoutNow} from '../panes/layout-now.ts';
import {moveCursor} from '../panes/move.ts';
import type {Pane} from '../panes/pane.ts';
import {paneAt} from '../panes/panes.ts';
import type {Spot} from '../screen/layout.ts';
import type {Symbols} from '../screen/symbols.ts';
import {changeView} from '../store/console-store.ts';
import type {MouseReport} from './reports.ts';

/** Rows that the wheel moves. */
const WHEEL = 3;
/** The status lines, above the panes. */
const ABOVE = 2;

/**
 * What the mouse does: a click gives the keys to a pane and puts the cursor on the row, the wheel moves the cursor, or scrolls what covers the panes.
 * It answers no question and acts on nothing: whatever sends its reports, a key has to be pressed.
 */
export function point(ctx: ActionContext, {did, x, y}: MouseReport, symbols: Symbols): void {
  const state = ctx.store.getState();
  if (state.view.overlays.length > 0) {
    if (did !== 'click') scrollOverlay(ctx, did === 'wheel up' ? -WHEEL : WHEEL);
    return;
  }
  const layout = layoutNow(state);
  if (layout.kind === 'too-small') return;
  const hit = spotAt(layout.columns, x, y - ABOVE);
  if (hit === null) return;
  const pane = paneAt(hit.spot.place, state);
  if (did !== 'click') {
    goToPane(ctx, pane);
    moveCursor(ctx, pane, did === 'wheel up' ? -WHEEL : WHEEL);
    return;
  }
  // The row that was on the screen, before the pane got the keys.
  const row = rowAtCell(state, pane, {...hit.spot, at: hit.at, boxed: layout.boxed, symbols});
  goToPane(ctx, pane);
  if (row !== null) select(ctx, pane, row);
}

function select({store}: ActionContext, pane: Pane, row: string): void {
  const {live, nowMs, view} = store.getState();
  // At the newest row the cursor goes on with what happens.
  const isNewest = pane.cursor === 'newest' && pane.rows(live, nowMs)[0]?.id === row;
  changeView(store, {selected: {...view.selected, [pane.id]: isNewest ? null : row}});
}

interface Hit {
  readonly spot: Spot;
  /** In the spot, with its frame. */
  readonly at: {readonly x: number; readonly y: number};
}

function spotAt(columns: readonly (readonly Spot[])[], x: number, y: number): Hit | null {
  let left = 0;
  for (const spots of columns) {
    let top = 0;
    for (const spot of spots) {
      if (x >= left && x < left + spot.width && y >= top && y < top + spot.height)
        return {spot, at: {x: x - left, y: y - top}};
      top += spot.height;
    }
    left += spots[0]?.width ?? 0;
  }
  return null;
}
