import type {UnitState} from '../../domain/run/run-state.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {PANES, type PaneId} from '../store/pane.ts';
import type {View} from '../store/view.ts';
import {eventsView} from '../panes/events.ts';
import {isShown, lanesView} from '../panes/lanes.ts';
import {slotsView} from '../panes/slots.ts';
import {stepsView} from '../panes/steps.ts';
import {storageView} from '../panes/storage.ts';

/** Ids of the rows of a pane as they stand below each other. */
export function rowIds({live, view, nowMs}: ConsoleState, pane: PaneId): readonly string[] {
  const filter = view.filters[pane];
  switch (pane) {
    case 'steps':
      return stepsView(live, nowMs).rows.map((row) => row.id);
    case 'lanes':
      return lanesView(live, nowMs, {order: view.laneOrder, filter}).rows.map((row) => row.id);
    case 'slots':
      return slotsView(live, {order: view.slotOrder, filter}).map((row) => row.name);
    case 'storage':
      return storageView(live).map((row) => row.id);
    case 'events':
      return eventsView(live.events, filter).map((row) => row.id);
  }
}

/** The id that Enter and the lane keys act on; null in an empty pane. */
export function selectedId(state: ConsoleState, pane: PaneId): string | null {
  const chosen = state.view.selected[pane];
  if (chosen !== null) return chosen;
  if (pane === 'steps') return stepsView(state.live, state.nowMs).current;
  return rowIds(state, pane)[0] ?? null;
}

/**
 * The look with the lanes' selection held fast: the row under the cursor must not change when the order does, or a key would hit
 * another lane than the one that was read. What is gone from the list gives way to the first row; a unit that is in has no mark.
 */
export function pinSelection(state: ConsoleState): View {
  const {view} = state;
  const selected = {...view.selected};
  for (const pane of PANES) {
    // The checklist and the events follow what happens until the operator moves in them.
    if (selected[pane] === null && pane !== 'lanes') continue;
    const ids = rowIds(state, pane);
    if (selected[pane] === null || !ids.includes(selected[pane]))
      selected[pane] = pane === 'lanes' ? (ids[0] ?? null) : null;
  }
  const open = state.live.run.units.filter((unit) => unit.state.status !== 'committed' && view.marks.has(unit.id));
  const marks = open.length === view.marks.size ? view.marks : new Set(open.map(({id}) => id));
  const same = marks === view.marks && PANES.every((pane) => selected[pane] === view.selected[pane]);
  return same ? view : {...view, selected, marks};
}

/** The units that a lane key acts on: the marked ones that are shown, else the selected one. What a filter hides is not acted on. */
export function unitsToActOn(state: ConsoleState): readonly UnitState[] {
  const {live, view} = state;
  const shown = live.run.units.filter((unit) => isShown(unit, view.filters.lanes));
  const marked = shown.filter(({id}) => view.marks.has(id));
  if (marked.length > 0) return marked;
  const id = selectedId(state, 'lanes');
  return shown.filter((unit) => unit.id === id);
}
