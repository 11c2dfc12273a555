import type {WhyOff} from '../binding/binding.ts';
import type {ActionContext} from '../binding/context.ts';
import {cutoverText, cutoverView} from '../cutover/view.ts';
import {linesOf} from '../log/rows.ts';
import {paneOf} from '../panes/panes.ts';
import {selectedId} from '../panes/rows.ts';
import {type ConsoleState, say} from '../store/console-store.ts';
import {completeFindings} from '../view-model/findings.ts';

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

/** Why there is nothing to copy. */
export const nothingToCopy: WhyOff = ({view}) =>
  view.overlays.at(-1)?.kind === 'help' ? 'the keys are in docs/keys.md' : null;

/** What covers the panes, else all facts of the selected row. */
function copyText(state: ConsoleState): string {
  const overlay = state.view.overlays.at(-1);
  switch (overlay?.kind) {
    case 'log':
      return linesOf(overlay)
        .map((line) => `${line}\n`)
        .join('');
    case 'findings':
      return completeFindings(state)
        .map((row) => `${row.kind}: ${row.subject}: ${row.seen}\n  ${row.remedy}\n`)
        .join('');
    case 'cutover':
      return state.complete(cutoverText(cutoverView(state.live, state.nowMs, state.view.readOnly)));
    case 'detail':
      return factsText(state, overlay.pane, overlay.id);
    case 'help':
    case 'palette':
    case 'filter':
    case 'search':
    case 'dialog':
      return '';
    case undefined: {
      const {pane} = state.view;
      const id = selectedId(state, paneOf(pane));
      return id === null ? '' : factsText(state, pane, id);
    }
  }
}

function factsText(state: ConsoleState, pane: string, id: string): string {
  return paneOf(pane)
    .detail(state, id)
    .facts.map(({label, text}) => `${label.padEnd(12)} ${state.complete(text)}\n`)
    .join('');
}
