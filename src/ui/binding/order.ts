import type {Command} from '../../domain/run/command.ts';
import {screenText} from '../screen/screen-text.ts';
import {say} from '../store/console-store.ts';
import type {ActionContext} from './context.ts';

/** The client gives up before that and says so. */
const UNTIL_ANSWERED_MS = 120_000;

/** Gives the supervisor a command and says what it answers; `onDone` replaces its answer where that says less than the operator needs. */
export async function order(ctx: ActionContext, command: Command, onDone: string | null = null): Promise<boolean> {
  say(ctx.store, `${command.type} …`, 'dim', UNTIL_ANSWERED_MS);
  const reply = await ctx.client.send(command);
  if (reply.ok) say(ctx.store, onDone ?? screenText(reply.message), 'good');
  else say(ctx.store, `refused: ${screenText(reply.message)}. ${screenText(reply.remedy)}`, 'bad');
  return reply.ok;
}
