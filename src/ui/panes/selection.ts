import type {ConsoleState} from '../store/console-store.ts';
import type {View} from '../store/view.ts';
import {PANES} from './panes.ts';
import {shownRows} from './rows.ts';

/**
 * The view with the selection held on its rows: the row under the cursor must not change when the order does, or a key would hit
 * another lane than the one that was read. A row that is gone gives way to the first one; a unit that is in has no mark.
 */
export function pinSelection(state: ConsoleState): View {
  const {view} = state;
  const selected = {...view.selected};
  for (const pane of PANES) {
    const before = selected[pane.id] ?? null;
    // Where the cursor is not held, it follows what happens until the operator moves it.
    if (before === null && pane.cursor !== 'held') continue;
    const rows = shownRows(state, pane);
    if (before === null || !rows.some(({id}) => id === before))
      selected[pane.id] = pane.cursor === 'held' ? (rows[0]?.id ?? null) : null;
  }
  const open = state.live.run.units.filter((unit) => unit.state.status !== 'committed' && view.marks.has(unit.id));
  const marks = open.length === view.marks.size ? view.marks : new Set(open.map(({id}) => id));
  const same = marks === view.marks && PANES.every(({id}) => (selected[id] ?? null) === (view.selected[id] ?? null));
  return same ? view : {...view, selected, marks};
}
