import type {ActionContext} from '../actions/context.ts';
import {say} from '../store/console-store.ts';
import {insertText} from './type-into.ts';

/** What is pasted is text where something is being typed, and no key anywhere else: a stray paste must not pause a lane. */
export function paste(ctx: ActionContext, text: string): void {
  const overlay = ctx.store.getState().view.overlays.at(-1);
  const taken = overlay !== undefined && insertText(ctx, overlay, text.replaceAll(/\p{Cc}/gu, ''));
  if (!taken) say(ctx.store, 'what is pasted is no key: type it', 'warn');
}
