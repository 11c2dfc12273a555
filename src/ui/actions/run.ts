import {say, openOverlay} from '../store/console-store.ts';
import type {Dialog} from '../store/overlay.ts';
import {screenText} from '../screen/screen-text.ts';
import type {ActionContext} from './context.ts';
import {order} from './order.ts';

/** Puts a question over the panes. */
export function ask(ctx: ActionContext, dialog: Dialog | null): void {
  if (dialog === null) say(ctx.store, 'no step waits for you', 'dim');
  else openOverlay(ctx.store, {kind: 'dialog', dialog, typed: '', top: 0, wrong: false});
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
