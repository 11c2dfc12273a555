import type {ActionContext} from '../binding/context.ts';
import {scrollLog} from '../log/move.ts';
import {moveCursor} from '../panes/move.ts';
import type {Pane} from '../panes/pane.ts';
import {paneOf, PANES} from '../panes/panes.ts';
import {changeView, replaceOverlay} from '../store/console-store.ts';

/** Further than any list is long. */
const TO_THE_END = 1_000_000;

/** Moves the cursor of the pane that has the keys, or scrolls what covers the panes, by so many rows. */
export function move(ctx: ActionContext, by: number): void {
  const {view} = ctx.store.getState();
  if (view.overlays.length > 0) scrollOverlay(ctx, by);
  else moveCursor(ctx, paneOf(view.pane), by);
}

/** Scrolls what covers the panes; it stops at the ends. */
export function scrollOverlay(ctx: ActionContext, by: number): void {
  const overlay = ctx.store.getState().view.overlays.at(-1);
  if (overlay?.kind === 'log') scrollLog(ctx, by);
  if (overlay === undefined || !('top' in overlay)) return;
  const last = ctx.terminal.lastTop(overlay);
  replaceOverlay(ctx.store, {...overlay, top: Math.max(0, Math.min(last, Math.min(overlay.top, last) + by))});
}

/** To the first row, or the last. */
export function moveToEnd(ctx: ActionContext, which: 'first' | 'last'): void {
  const overlay = ctx.store.getState().view.overlays.at(-1);
  if (overlay?.kind === 'log' && which === 'last') replaceOverlay(ctx.store, {...overlay, follow: true});
  else move(ctx, which === 'first' ? -TO_THE_END : TO_THE_END);
}

/** Rows of a page on this terminal. */
export function pageOf(ctx: ActionContext): number {
  return Math.max(1, Math.floor(ctx.store.getState().view.rows / 2));
}

/** Gives the keys to a pane; a zoomed one gives its place to it. */
export function goToPane(ctx: ActionContext, to: Pane): void {
  const {pane, selected} = ctx.store.getState().view;
  const left = paneOf(pane);
  // Its rows show what happens again.
  const follows = left.cursor === 'newest' && left !== to;
  changeView(ctx.store, {pane: to.id, selected: follows ? {...selected, [left.id]: null} : selected});
}

/** To the next pane, or the one before. */
export function stepPane(ctx: ActionContext, by: 1 | -1): void {
  const now = PANES.indexOf(paneOf(ctx.store.getState().view.pane));
  goToPane(ctx, PANES[(now + by + PANES.length) % PANES.length] ?? PANES[0]);
}
