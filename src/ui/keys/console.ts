import type {WhyOff} from '../binding/binding.ts';
import type {ActionContext} from '../binding/context.ts';
import {changeView, closeOverlay, openOverlay, say} from '../store/console-store.ts';

/** Back by one: what covers the panes, then the filter, then the marks, then the zoom. */
export function goBack({store}: ActionContext): void {
  const {view} = store.getState();
  if (view.overlays.length > 0) closeOverlay(store);
  else if (filterOf(view) !== '') changeView(store, {filters: {...view.filters, [view.pane]: ''}});
  else if (view.marks.size > 0) changeView(store, {marks: new Set()});
  else if (view.zoomed) changeView(store, {zoomed: false});
  else if (view.toast !== null) changeView(store, {toast: null});
}

/** Why there is nothing to go back from. */
export const nothingBehind: WhyOff = ({view}) =>
  view.overlays.length > 0 || filterOf(view) !== '' || view.marks.size > 0 || view.zoomed || view.toast !== null
    ? null
    : 'there is nothing to close: q leaves';

function filterOf({
  filters,
  pane,
}: {
  readonly filters: Readonly<Record<string, string>>;
  readonly pane: string;
}): string {
  return filters[pane] ?? '';
}

/** Opens the help, or closes it where it lies on top. */
export function toggleHelp({store}: ActionContext): void {
  if (store.getState().view.overlays.at(-1)?.kind === 'help') closeOverlay(store);
  else openOverlay(store, {kind: 'help', top: 0});
}

const TICKS = [250, 500, 1000, 2000, 5000] as const;

/** Refreshes more often (-1) or less often (1). */
export function changeTick({store}: ActionContext, by: 1 | -1): void {
  const {tickMs} = store.getState().view;
  const now = TICKS.findIndex((ms) => ms === tickMs);
  const next = TICKS[Math.max(0, Math.min(TICKS.length - 1, now + by))] ?? 500;
  changeView(store, {tickMs: next});
  say(store, `refreshed every ${next} ms`);
}

/** Turns read-only on or off. */
export function toggleReadOnly({store}: ActionContext): void {
  const {readOnly} = store.getState().view;
  changeView(store, {readOnly: !readOnly});
  say(store, readOnly ? 'keys that change something work again' : 'read-only: no key changes anything', 'warn');
}

/** Why read-only cannot be changed. */
export const readOnlyForGood: WhyOff = ({view}) =>
  view.readOnlyForGood ? 'attached with --read-only; attach again without it' : null;
