import {openOverlay} from '../store/console-store.ts';
import type {Question} from '../store/overlay.ts';
import {askForPlan} from '../dialogs/ask-for-plan.ts';
import {dialogOf} from '../dialogs/question.ts';
import type {ActionContext} from './context.ts';

/** Puts a question over the panes; nothing where there is nothing to ask. */
export function ask(ctx: ActionContext, question: Question): void {
  const dialog = dialogOf(ctx.store.getState(), question);
  if (dialog === null) return;
  openOverlay(ctx.store, {
    kind: 'dialog',
    question,
    dialog,
    typed: '',
    top: 0,
    wrong: false,
    status: 'asked',
    planned: null,
  });
  void askForPlan(ctx);
}
