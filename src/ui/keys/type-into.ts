import type {ActionContext} from '../binding/context.ts';
import {searchLog} from '../log/search.ts';
import {order} from '../binding/order.ts';
import {changeView, closeOverlay, replaceOverlay, say} from '../store/console-store.ts';
import type {Overlay} from '../store/overlay.ts';
import {screenText} from '../screen/screen-text.ts';
import {pinSelection} from '../panes/selection.ts';
import {scrollOverlay} from './move.ts';
import {paletteView} from './palette.ts';
import {run} from '../binding/run.ts';

/** Gives a key to what is being typed into; false when nothing is, so that the key has its binding. */
export function typeInto(ctx: ActionContext, overlay: Overlay, key: string): boolean {
  switch (overlay.kind) {
    case 'help':
    case 'findings':
    case 'cutover':
    case 'detail':
    case 'log':
      return false;
    case 'filter':
      typeFilter(ctx, overlay, key);
      return true;
    case 'search':
      typeSearch(ctx, overlay, key);
      return true;
    case 'palette':
      typePalette(ctx, overlay, key);
      return true;
    case 'dialog':
      if (overlay.status === 'over') leaveOver(ctx, key);
      else if (overlay.dialog.expect === null) answer(ctx, overlay, key);
      else typeWord(ctx, overlay, key);
      return true;
  }
}

type Of<K extends Overlay['kind']> = Extract<Overlay, {kind: K}>;

const LONGEST_TYPED = 200;

// Puts a text in one piece where one is being typed; false where none is.
function insertText(ctx: ActionContext, overlay: Overlay, text: string): boolean {
  if (!('typed' in overlay)) return false;
  if (overlay.kind === 'dialog' && (overlay.dialog.expect === null || overlay.status === 'over')) return false;
  retype(ctx, overlay, joined(overlay.typed, text));
  return true;
}

/** The text after one more key. */
function edited(typed: string, key: string): string {
  if (key === 'backspace') return Array.from(typed).slice(0, -1).join('');
  if (key === 'ctrl-u') return '';
  return Array.from(key).length === 1 ? joined(typed, key) : typed;
}

/** As names are in the rows: what cannot be measured is written out, and is found so. */
function joined(typed: string, more: string): string {
  return Array.from(screenText(typed + more))
    .slice(0, LONGEST_TYPED)
    .join('');
}

function retype(ctx: ActionContext, overlay: Extract<Overlay, {typed: string}>, typed: string): void {
  switch (overlay.kind) {
    case 'search':
      replaceOverlay(ctx.store, {...overlay, typed});
      return;
    case 'palette':
      replaceOverlay(ctx.store, {...overlay, typed, chosen: 0});
      return;
    case 'dialog':
      replaceOverlay(ctx.store, {...overlay, typed, wrong: false});
      return;
    case 'filter': {
      const {view} = ctx.store.getState();
      const filters = {...view.filters, [overlay.pane]: typed};
      changeView(ctx.store, {filters, overlays: [...view.overlays.slice(0, -1), {...overlay, typed}]});
      // The cursor goes to what is left, at once: the next key acts on it.
      changeView(ctx.store, pinSelection(ctx.store.getState()));
    }
  }
}

function typeFilter(ctx: ActionContext, overlay: Of<'filter'>, key: string): void {
  const {filters} = ctx.store.getState().view;
  if (key === 'enter') {
    closeOverlay(ctx.store);
    return;
  }
  if (key === 'esc') {
    closeOverlay(ctx.store);
    changeView(ctx.store, {filters: {...filters, [overlay.pane]: overlay.before}});
    return;
  }
  retype(ctx, overlay, edited(overlay.typed, key));
}

function typeSearch(ctx: ActionContext, overlay: Of<'search'>, key: string): void {
  if (key === 'enter') {
    closeOverlay(ctx.store);
    searchLog(ctx, overlay.typed);
  } else if (key === 'esc') closeOverlay(ctx.store);
  else retype(ctx, overlay, edited(overlay.typed, key));
}

function typePalette(ctx: ActionContext, overlay: Of<'palette'>, key: string): void {
  const rows = paletteView(ctx.store.getState(), overlay.typed);
  if (key === 'esc') closeOverlay(ctx.store);
  else if (key === 'down' || key === 'tab') {
    replaceOverlay(ctx.store, {...overlay, chosen: Math.max(0, Math.min(rows.length - 1, overlay.chosen + 1))});
  } else if (key === 'up' || key === 'shift-tab') {
    replaceOverlay(ctx.store, {...overlay, chosen: Math.max(0, overlay.chosen - 1)});
  } else if (key === 'enter') {
    const chosen = rows[overlay.chosen];
    if (chosen === undefined) {
      say(ctx.store, 'no action has that name', 'warn');
      return;
    }
    closeOverlay(ctx.store);
    if (chosen.off === null) run(ctx, chosen.binding);
    else say(ctx.store, `${chosen.label}: ${chosen.off}`, 'warn');
  } else retype(ctx, overlay, edited(overlay.typed, key));
}

// Whoever was typing goes on for a while.
function leaveOver(ctx: ActionContext, key: string): void {
  if (key === 'esc' || key === 'enter') closeOverlay(ctx.store);
}

// No is the default: only y goes on, and Enter answers nothing.
function answer(ctx: ActionContext, overlay: Of<'dialog'>, key: string): void {
  if (key === 'y' || key === 'Y') confirm(ctx, overlay);
  else if (key === 'n' || key === 'N' || key === 'esc' || key === 'q') closeOverlay(ctx.store);
  else if (!scroll(ctx, key)) replaceOverlay(ctx.store, {...overlay, wrong: true});
}

function typeWord(ctx: ActionContext, overlay: Of<'dialog'>, key: string): void {
  if (key === 'esc') closeOverlay(ctx.store);
  else if (key === 'enter') {
    if (overlay.typed === overlay.dialog.expect && overlay.typed !== '') confirm(ctx, overlay);
    else replaceOverlay(ctx.store, {...overlay, wrong: true});
  } else if (!scroll(ctx, key)) retype(ctx, overlay, edited(overlay.typed, key));
}

function scroll(ctx: ActionContext, key: string): boolean {
  const by = {up: -1, down: 1, pgup: -10, pgdn: 10}[key];
  if (by === undefined) return false;
  scrollOverlay(ctx, by);
  return true;
}

function confirm(ctx: ActionContext, overlay: Of<'dialog'>): void {
  closeOverlay(ctx.store);
  order(ctx, overlay.dialog.command).catch((error: unknown) => {
    say(ctx.store, `the command was not sent: ${error instanceof Error ? error.message : String(error)}`, 'bad');
  });
}

/** What is pasted is text where something is being typed, and no key anywhere else: a stray paste must not pause a lane. */
export function paste(ctx: ActionContext, text: string): void {
  const overlay = ctx.store.getState().view.overlays.at(-1);
  const taken = overlay !== undefined && insertText(ctx, overlay, text.replaceAll(/\p{Cc}/gu, ''));
  if (!taken) say(ctx.store, 'what is pasted is not a key: type it', 'warn');
}
