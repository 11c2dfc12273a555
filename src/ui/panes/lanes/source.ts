import type {UnitState} from '../../../domain/run/run-state.ts';
import type {ConsoleState} from '../../store/console-store.ts';
import {type LaneRow, lanesView} from '../../view-model/lane-rows.ts';
import type {Order, RowSource} from '../pane.ts';
import {foundRows, selectedId} from '../rows.ts';

/** Every unit of the load: what runs, is paused or has failed first, then the queue, then what is committed. */
export const LANE_ROWS: RowSource<LaneRow> = {
  id: 'lanes',
  rows: (live, nowMs) => lanesView(live, nowMs).rows,
  words: ({title, status}) => `${title}\n${status}`,
  orders: [
    order('lane', (a, b) => (a.lane ?? 0) - (b.lane ?? 0)),
    order('left', (a, b) => b.leftBytes - a.leftBytes),
    order('rate', (a, b) => (b.bytesPerSecond ?? 0) - (a.bytesPerSecond ?? 0)),
    order('name', (a, b) => (a.title < b.title ? -1 : 1)),
  ],
};

const RANK: Record<LaneRow['status'], number> = {failed: 0, working: 1, running: 1, paused: 1, queued: 2, committed: 3};

function order(name: string, compare: (a: LaneRow, b: LaneRow) => number): Order<LaneRow> {
  return {name, compare: (a, b) => RANK[a.status] - RANK[b.status] || compare(a, b)};
}

/** The unit under the cursor; null where there is none. */
export function selectedUnit(state: ConsoleState): UnitState | null {
  const id = selectedId(state, LANE_ROWS);
  return state.live.run.units.find((unit) => unit.id === id) ?? null;
}

/** The units that a lane key acts on: the marked ones that are shown, else the selected one. What a filter hides is not acted on. */
export function unitsToActOn(state: ConsoleState): readonly UnitState[] {
  const {live, view} = state;
  const shown = new Set(foundRows(state, LANE_ROWS).map(({id}) => id));
  const units = live.run.units.filter(({id}) => shown.has(id));
  const marked = units.filter(({id}) => view.marks.has(id));
  if (marked.length > 0) return marked;
  const id = selectedId(state, LANE_ROWS);
  return units.filter((unit) => unit.id === id);
}
