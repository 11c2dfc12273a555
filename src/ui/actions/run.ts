import {say, openOverlay} from '../store/console-store.ts';
import type {Question} from '../store/overlay.ts';
import {dialogOf} from '../dialogs/question.ts';
import {screenText} from '../screen/screen-text.ts';
import type {ActionContext} from './context.ts';
import {askForPlan} from '../dialogs/ask-for-plan.ts';
import {order} from './order.ts';

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

/** Asks for the word that the waiting step wants. */
export function askToConfirm(ctx: ActionContext): void {
  const waiting = ctx.store.getState().live.run.steps.find(({state}) => state.status === 'waiting');
  if (waiting !== undefined) ask(ctx, {about: 'confirm-step', step: waiting.id});
}

/** Holds the queue, or lets it go on. */
export async function toggleHold(ctx: ActionContext): Promise<void> {
  await order(ctx, {type: ctx.store.getState().live.run.held ? 'release-hold' : 'hold'});
}

/** Writes the report and says where it is. */
export async function writeReport(ctx: ActionContext): Promise<void> {
  const {writeReport: write} = ctx.outside;
  if (write === null) {
    say(ctx.store, 'no report from here: longhaul status --json has all figures', 'warn');
    return;
  }
  try {
    say(ctx.store, `report: ${screenText(await write())}`, 'good');
  } catch (error) {
    say(ctx.store, `no report: ${screenText(error instanceof Error ? error.message : String(error))}`, 'bad');
  }
}
