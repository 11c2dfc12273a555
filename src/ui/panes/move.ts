import type {ActionContext} from '../binding/context.ts';
import {changeView} from '../store/console-store.ts';
import type {Pane, RowSource} from './pane.ts';
import {selectedId, shownRows} from './rows.ts';

/** Moves the cursor of a pane by so many rows; it stops at the ends. */
export function moveCursor(ctx: ActionContext, pane: RowSource & Pick<Pane, 'cursor'>, by: number): void {
  const state = ctx.store.getState();
  const ids = shownRows(state, pane).map(({id}) => id);
  const now = ids.indexOf(selectedId(state, pane) ?? '');
  const to = Math.max(0, Math.min(ids.length - 1, Math.max(0, now) + by));
  // At the newest row the cursor goes on with what happens.
  const next = pane.cursor === 'newest' && to === 0 ? null : ids[to];
  if (next !== undefined) changeView(ctx.store, {selected: {...state.view.selected, [pane.id]: next}});
}
