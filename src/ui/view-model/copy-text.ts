import type {ConsoleState} from '../store/console-store.ts';
import {detailView} from '../panes/detail.ts';
import {findingsView} from '../panes/findings.ts';
import {linesOf} from '../panes/log-rows.ts';
import {selectedId} from './selection.ts';

/** What `y` copies: what covers the panes, else all facts of the selected row. */
export function copyText(state: ConsoleState): string {
  const overlay = state.view.overlays.at(-1);
  switch (overlay?.kind) {
    case 'log':
      return linesOf(overlay)
        .map((line) => `${line}\n`)
        .join('');
    case 'findings':
      return findingsView(state.live)
        .map((row) => `${row.kind}: ${row.subject}: ${row.seen}\n  ${row.remedy}\n`)
        .join('');
    case 'detail':
      return factsText(state, overlay.pane, overlay.id);
    case 'help':
    case 'palette':
    case 'filter':
    case 'search':
    case 'dialog':
      return '';
    case undefined: {
      const id = selectedId(state, state.view.pane);
      return id === null ? '' : factsText(state, state.view.pane, id);
    }
  }
}

function factsText(state: ConsoleState, pane: ConsoleState['view']['pane'], id: string): string {
  return detailView(state, pane, id)
    .facts.map(({label, text}) => `${label.padEnd(12)} ${text}\n`)
    .join('');
}
