import {lastTop} from '../draw/overlay.ts';
import {changeView, replaceOverlay} from '../store/console-store.ts';
import {PANES, type PaneId} from '../store/pane.ts';
import {rowIds, selectedId} from '../view-model/selection.ts';
import type {ActionContext} from './context.ts';
import {scrollLog} from './log.ts';

/** Further than any list is long. */
const TO_THE_END = 1_000_000;

/** Moves the selection of the pane, or scrolls what covers the panes, by so many rows; it stops at the ends. */
export function moveSelection(ctx: ActionContext, by: number): void {
  const state = ctx.store.getState();
  const overlay = state.view.overlays.at(-1);
  if (overlay !== undefined) {
    scrollOverlay(ctx, by);
    return;
  }
  const {pane} = state.view;
  const ids = rowIds(state, pane);
  const now = ids.indexOf(selectedId(state, pane) ?? '');
  const to = Math.max(0, Math.min(ids.length - 1, Math.max(0, now) + by));
  // At the newest event the cursor goes on with what happens.
  const next = pane === 'events' && to === 0 ? null : ids[to];
  if (next !== undefined) changeView(ctx.store, {selected: {...state.view.selected, [pane]: next}});
}

/** Scrolls what covers the panes; it stops at the ends. */
export function scrollOverlay(ctx: ActionContext, by: number): void {
  const state = ctx.store.getState();
  const overlay = state.view.overlays.at(-1);
  if (overlay?.kind === 'log') scrollLog(ctx, by);
  if (overlay === undefined || !('top' in overlay)) return;
  const last = lastTop(state, overlay);
  replaceOverlay(ctx.store, {...overlay, top: Math.max(0, Math.min(last, Math.min(overlay.top, last) + by))});
}

/** To the first row, or the last. */
export function moveToEnd(ctx: ActionContext, which: 'first' | 'last'): void {
  const overlay = ctx.store.getState().view.overlays.at(-1);
  if (overlay?.kind === 'log' && which === 'last') replaceOverlay(ctx.store, {...overlay, follow: true});
  else moveSelection(ctx, which === 'first' ? -TO_THE_END : TO_THE_END);
}

/** Rows of a page on this terminal. */
export function pageOf(ctx: ActionContext): number {
  return Math.max(1, Math.floor(ctx.store.getState().view.rows / 2));
}

/** Gives the keys to a pane; a zoomed one gives its place to it. */
export function goToPane(ctx: ActionContext, pane: PaneId): void {
  const {selected} = ctx.store.getState().view;
  // Events that nobody goes through show what happens.
  changeView(ctx.store, {pane, selected: pane === 'events' ? selected : {...selected, events: null}});
}

/** To the next pane, or the one before. */
export function stepPane(ctx: ActionContext, by: 1 | -1): void {
  const now = PANES.indexOf(ctx.store.getState().view.pane);
  const next = PANES[(now + by + PANES.length) % PANES.length];
  if (next !== undefined) goToPane(ctx, next);
}
