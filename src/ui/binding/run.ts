import type {Binding} from './binding.ts';
import type {ActionContext} from './context.ts';
import {screenText} from '../screen/screen-text.ts';
import {say} from '../store/console-store.ts';

/** Does what a key does; whether it may was asked before. */
export function run(ctx: ActionContext, {id, run: act}: Binding): void {
  Promise.resolve(act(ctx)).catch((error: unknown) => {
    say(ctx.store, `bug in ${id}: ${screenText(error instanceof Error ? error.message : String(error))}`, 'bad');
  });
}
