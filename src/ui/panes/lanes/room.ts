import {isLarge, LANES_MOST, paneRoom, type Room} from '../../screen/layout.ts';
import type {ConsoleState} from '../../store/console-store.ts';
import {selectedId, shownRows} from '../rows.ts';
import {BOX_HEIGHT, boxesBeside, MIN_OTHERS} from './boxes.ts';
import {LANE_ROWS} from './source.ts';

/**
 * The rows that the lanes have use for: a box for each that carries or has failed, or a line where that is too much, and some of the queue. What is
 * committed wants none, but for the one under the cursor. While units wait, a lane that is just between two of them keeps its place, so that the panes do not jump.
 */
export function laneRoom(state: ConsoleState, width: number): Room {
  const {live, view} = state;
  const rows = shownRows(state, LANE_ROWS);
  const queued = rows.filter(({status}) => status === 'queued').length;
  const committed = rows.filter(({status}) => status === 'committed').length;
  const open = rows.length - committed;
  const lanes = Math.max(open - queued, Math.min(live.run.lanes, open));
  const waiting = open - lanes;
  const beside = isLarge(view) ? boxesBeside(lanes, width) : 0;
  const boxes = beside === 0 ? Infinity : Math.ceil(lanes / beside) * BOX_HEIGHT;
  const most = paneRoom(view).height * LANES_MOST - 2;
  const others = Math.min(MIN_OTHERS, waiting);
  const taken = boxes + others <= most ? boxes : lanes;
  const selected = rows.find(({id}) => id === selectedId(state, LANE_ROWS));
  const own = lanes > 0 && selected?.status === 'committed' ? 1 : 0;
  return {need: Math.max(1, taken + others + own), all: Math.max(1, taken + waiting + own)};
}
