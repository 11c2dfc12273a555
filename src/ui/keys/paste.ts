import type {ActionContext} from '../actions/context.ts';
import {say} from '../store/console-store.ts';
import type {Overlay} from '../store/overlay.ts';
import {pressAll} from './press.ts';

/** What is pasted is text where something is being typed, and no key anywhere else: a stray paste must not pause a lane. */
export function paste(ctx: ActionContext, text: string): void {
  const overlay = ctx.store.getState().view.overlays.at(-1);
  if (overlay !== undefined && isTyped(overlay)) pressAll(ctx, Array.from(text.replaceAll(/\p{Cc}/gu, '')));
  else say(ctx.store, 'what is pasted is no key: type it', 'warn');
}

function isTyped(overlay: Overlay): boolean {
  switch (overlay.kind) {
    case 'filter':
    case 'search':
    case 'palette':
      return true;
    case 'dialog':
      return overlay.dialog.expect !== null;
    case 'log':
    case 'help':
    case 'findings':
    case 'detail':
      return false;
  }
}
