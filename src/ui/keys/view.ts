import type {WhyOff} from '../binding/binding.ts';
import type {ActionContext} from '../binding/context.ts';
import type {Pane} from '../panes/pane.ts';
import {paneOf, PANES} from '../panes/panes.ts';
import {orderOf, selectedId} from '../panes/rows.ts';
import {changeView, openOverlay, say} from '../store/console-store.ts';

/** Gives the whole screen to the pane, and back. */
export function toggleZoom({store}: ActionContext): void {
  changeView(store, {zoomed: !store.getState().view.zoomed});
}

/** The next order of the pane's rows. */
export function nextOrder({store}: ActionContext): void {
  const {view} = store.getState();
  const pane = paneOf(view.pane);
  const names = pane.orders?.map(({name}) => name) ?? [];
  const next = names[(names.indexOf(orderOf(view, pane)?.name ?? '') + 1) % names.length];
  if (next === undefined) {
    say(store, `only ${namesOf((one) => one.orders !== undefined)} have more than one order`, 'dim');
    return;
  }
  changeView(store, {orders: {...view.orders, [pane.id]: next}});
  say(store, `${pane.name} by ${next}`);
}

/** Opens the filter's line for the pane. */
export function openFilter({store}: ActionContext): void {
  const {pane, filters} = store.getState().view;
  const before = filters[pane] ?? '';
  openOverlay(store, {kind: 'filter', pane, typed: before, before});
}

/** Why the rows of the pane cannot be filtered. */
export const noFilter: WhyOff = ({view}) =>
  paneOf(view.pane).words === undefined
    ? `this pane has no filter: ${namesOf((one) => one.words !== undefined)} have`
    : null;

/** `lanes, slots and events`. */
function namesOf(which: (pane: Pane) => boolean): string {
  const names = PANES.filter(which).map(({name}) => name);
  return names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/** Opens everything that is known of the selected row. */
export function openDetail({store}: ActionContext): void {
  const state = store.getState();
  const {pane} = state.view;
  const id = selectedId(state, paneOf(pane));
  if (id === null) say(store, 'this pane is empty', 'dim');
  else openOverlay(store, {kind: 'detail', pane, id, top: 0});
}
