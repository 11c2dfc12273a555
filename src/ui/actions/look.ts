import {changeView, closeOverlay, openOverlay, say} from '../store/console-store.ts';
import {LANE_ORDERS} from '../panes/lanes.ts';
import {SLOT_ORDERS} from '../panes/slots.ts';
import {selectedId} from '../view-model/selection.ts';
import type {ActionContext} from './context.ts';

/** Back by one: what covers the panes, then the filter, then the marks, then the zoom. */
export function goBack(ctx: ActionContext): void {
  const {view} = ctx.store.getState();
  if (view.overlays.length > 0) closeOverlay(ctx.store);
  else if (view.filters[view.pane] !== '') changeView(ctx.store, {filters: {...view.filters, [view.pane]: ''}});
  else if (view.marks.size > 0) changeView(ctx.store, {marks: new Set()});
  else if (view.zoomed) changeView(ctx.store, {zoomed: false});
  else if (view.toast !== null) changeView(ctx.store, {toast: null});
}

/** The next order of the lanes or the slots. */
export function nextOrder(ctx: ActionContext): void {
  const {view} = ctx.store.getState();
  if (view.pane === 'lanes') {
    const laneOrder = LANE_ORDERS[(LANE_ORDERS.indexOf(view.laneOrder) + 1) % LANE_ORDERS.length] ?? 'lane';
    changeView(ctx.store, {laneOrder});
    say(ctx.store, `lanes by ${laneOrder}`);
  } else if (view.pane === 'slots') {
    const slotOrder = SLOT_ORDERS[(SLOT_ORDERS.indexOf(view.slotOrder) + 1) % SLOT_ORDERS.length] ?? 'retained';
    changeView(ctx.store, {slotOrder});
    say(ctx.store, `slots by ${slotOrder}`);
  } else {
    say(ctx.store, 'only lanes and slots have more than one order', 'dim');
  }
}

/** Opens the filter's line for the pane. */
export function openFilter(ctx: ActionContext): void {
  const {view} = ctx.store.getState();
  const {pane} = view;
  const before = view.filters[pane];
  openOverlay(ctx.store, {kind: 'filter', pane, typed: before, before});
}

/** Opens everything that is known of the selected row. */
export function openDetail(ctx: ActionContext): void {
  const state = ctx.store.getState();
  const {pane} = state.view;
  const id = selectedId(state, pane);
  if (id === null) say(ctx.store, 'this pane is empty', 'dim');
  else openOverlay(ctx.store, {kind: 'detail', pane, id, top: 0});
}

/** Opens the help, or closes it where it lies on top. */
export function toggleHelp(ctx: ActionContext): void {
  if (ctx.store.getState().view.overlays.at(-1)?.kind === 'help') closeOverlay(ctx.store);
  else openOverlay(ctx.store, {kind: 'help', top: 0});
}

const TICKS = [250, 500, 1000, 2000, 5000] as const;

/** Refreshes more often (-1) or less often (1). */
export function changeTick(ctx: ActionContext, by: 1 | -1): void {
  const {tickMs} = ctx.store.getState().view;
  const now = TICKS.findIndex((ms) => ms === tickMs);
  const next = TICKS[Math.max(0, Math.min(TICKS.length - 1, now + by))] ?? 500;
  changeView(ctx.store, {tickMs: next});
  say(ctx.store, `refreshed every ${next} ms`);
}

/** Turns read-only on or off. */
export function toggleReadOnly(ctx: ActionContext): void {
  const {view} = ctx.store.getState();
  changeView(ctx.store, {readOnly: !view.readOnly});
  say(
    ctx.store,
    view.readOnly ? 'keys that change something work again' : 'read-only: no key changes anything',
    'warn',
  );
}
