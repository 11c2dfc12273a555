import {say} from '../store/console-store.ts';
import {copyText} from '../view-model/copy-text.ts';
import type {ActionContext} from './context.ts';

/**
 * Copies to the operator's clipboard through the terminal, over ssh as well.
 * Source: OSC 52, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h3-Operating-System-Commands
 */
export function copySelected(ctx: ActionContext): void {
  const text = copyText(ctx.store.getState());
  if (text === '') {
    say(ctx.store, 'nothing to copy', 'dim');
    return;
  }
  ctx.terminal.send(`\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`);
  say(ctx.store, `copied ${text.length} characters, where the terminal allows it (tmux: set -g set-clipboard on)`);
}
