import {ACTIONS} from '../actions/act.ts';
import type {ActionContext} from '../actions/context.ts';
import {screenText} from '../screen/screen-text.ts';
import {say} from '../store/console-store.ts';
import type {ActionId} from './bindings.ts';

/** Runs an action by its name; whether it may was asked before. */
export function run(ctx: ActionContext, id: ActionId): void {
  Promise.resolve(ACTIONS[id](ctx)).catch((error: unknown) => {
    say(ctx.store, `bug in ${id}: ${screenText(error instanceof Error ? error.message : String(error))}`, 'bad');
  });
}
