import {boxed, type FrameOptions, ruled} from '../screen/frame.ts';
import type {Spot} from '../screen/layout.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {PANE_TITLES, PANES, type PaneId} from '../store/pane.ts';
import {eventsView} from '../panes/events.ts';
import {timeOfDay} from '../view-model/iso-time.ts';
import {lanesView} from '../panes/lanes.ts';
import {silentServers} from '../panes/readings.ts';
import {selectedId} from '../view-model/selection.ts';
import {slotsView} from '../panes/slots.ts';
import {stepsView} from '../panes/steps.ts';
import {storageView} from '../panes/storage.ts';
import {drawEvents} from './panes/events.ts';
import {drawLanes, lanesNote} from './panes/lanes.ts';
import type {Look} from './look.ts';
import {drawSlots} from './panes/slots.ts';
import {drawSteps} from './panes/steps.ts';
import {drawStorage} from './panes/storage.ts';

/** One pane with its frame, exactly as large as its spot. */
export function drawPane(state: ConsoleState, spot: Spot, style: {boxed: boolean; symbols: Symbols}): Line[] {
  const {pane, width, height} = spot;
  const {view} = state;
  const focused = view.pane === pane && view.overlays.length === 0;
  const look: Look = {
    width: style.boxed ? width - 2 : width,
    height: style.boxed ? height - 2 : height - 1,
    selected: focused ? selectedId(state, pane) : view.selected[pane],
    focused,
    marks: view.marks,
    symbols: style.symbols,
  };
  const {lines, note, empty} = contentOf(state, pane, look);
  const filter = view.filters[pane] === '' ? '' : `filter ${view.filters[pane]} · `;
  const body = empty && filter !== '' ? [[span(' nothing has these words; Esc drops the filter', 'dim')]] : lines;
  const frame: FrameOptions = {
    title: `${PANES.indexOf(pane) + 1} ${PANE_TITLES[pane]}`,
    note: filter + note,
    width,
    height,
    focused,
    symbols: style.symbols,
  };
  return style.boxed ? boxed(body, frame) : ruled(body, frame);
}

/** Said where the slots are those of a while ago. */
function notSeen(live: ConsoleState['live']): string {
  const source = silentServers(live).find(({server}) => server === 'source');
  return source === undefined ? '' : `as of ${source.since === null ? '?' : timeOfDay(source.since)} · `;
}

interface Content {
  readonly lines: Line[];
  readonly note: string;
  /** Whether there is no row. */
  readonly empty: boolean;
}

function contentOf(state: ConsoleState, pane: PaneId, look: Look): Content {
  const {live, view, nowMs} = state;
  const filter = view.filters[pane];
  switch (pane) {
    case 'steps': {
      const steps = stepsView(live, nowMs);
      return {lines: drawSteps(steps, look), note: `${steps.done} of ${steps.rows.length} done`, empty: false};
    }
    case 'lanes': {
      const lanes = lanesView(live, nowMs, {order: view.laneOrder, filter});
      const order = view.laneOrder === 'lane' ? '' : `by ${view.laneOrder} · `;
      const marks = view.marks.size === 0 ? '' : `${view.marks.size} marked · `;
      const {lines, part} = drawLanes(lanes, look);
      const note = live.run.units.length === 0 ? '' : marks + part + order + lanesNote(lanes);
      return {lines, note, empty: lanes.rows.length === 0};
    }
    case 'slots': {
      const slots = slotsView(live, {order: view.slotOrder, filter});
      const {lines, part} = drawSlots(slots, look);
      const note = `${notSeen(live)}${part}${slots.length} by ${view.slotOrder}`;
      return {lines, note, empty: slots.length === 0};
    }
    case 'storage':
      return {lines: drawStorage(storageView(live), look), note: '', empty: false};
    case 'events': {
      const events = eventsView(live.events, filter);
      return {lines: drawEvents(events, look), note: 'newest first, UTC', empty: events.length === 0};
    }
  }
}
