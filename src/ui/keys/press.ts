import {labelOf, type Where} from '../binding/binding.ts';
import type {ActionContext} from '../binding/context.ts';
import {screenText} from '../screen/screen-text.ts';
import {say} from '../store/console-store.ts';
import {isTooSmall} from '../screen/layout.ts';
import type {Overlay, Question} from '../store/overlay.ts';
import type {View} from '../store/view.ts';
import {bindingOf} from './bindings.ts';
import {run} from '../binding/run.ts';
import {typeInto} from './type-into.ts';

/** Does what a key does at this moment: types into what asks for text, else runs its binding or says why it is off. */
function press(ctx: ActionContext, key: string): void {
  const state = ctx.store.getState();
  const overlay = state.view.overlays.at(-1);
  if (overlay !== undefined && typeInto(ctx, overlay, key)) return;
  const where = whereOf(overlay);
  const binding = bindingOf(key, where);
  if (binding === null) {
    // Somebody who is in a hurry to leave tries it first; nothing that it could stop is in here.
    if (key === 'ctrl-c') say(ctx.store, 'q leaves the console; the loads keep running', 'warn');
    else if (key.length === 1) say(ctx.store, `${screenText(key)} does nothing here; ? shows all keys`, 'dim');
    return;
  }
  const off = binding.off?.(state) ?? null;
  if (off === null) run(ctx, binding);
  else say(ctx.store, `${labelOf(binding, state)}: ${off}`, 'warn');
}

/** Where the keys go while this lies on top. */
export function whereOf(overlay: Overlay | undefined): Where {
  if (overlay === undefined) return 'panes';
  return overlay.kind === 'log' ? 'log' : 'text';
}

/**
 * Several keys that came at once. Once they have opened a question that y alone answers, the rest is dropped: what was typed
 * ahead was not an answer to what was not yet on the screen.
 */
export function pressAll(ctx: ActionContext, keys: readonly string[]): void {
  const {view} = ctx.store.getState();
  // On a screen that shows nothing no key may act; leaving is still possible.
  if (isTooSmall(view)) {
    if (keys.includes('q')) ctx.terminal.quit();
    return;
  }
  const seen = questionOn(view);
  for (const key of keys) {
    const asked = questionOn(ctx.store.getState().view);
    if (asked !== null && asked !== seen) return;
    press(ctx, key);
  }
}

/** The question on top that y alone answers. */
function questionOn({overlays}: View): Question | null {
  const top = overlays.at(-1);
  return top?.kind === 'dialog' && top.dialog.expect === null ? top.question : null;
}
