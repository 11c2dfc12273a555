import {screenText} from '../screen/screen-text.ts';
import {cdcNotExpected} from '../../domain/pg/hand-over.ts';
import {openDifferences} from '../../domain/run/difference.ts';
import {needsOf} from '../../domain/run/needs.ts';
import {isStanding} from '../../domain/run/run-state.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {laneStatus, type LaneRow} from '../panes/lanes.ts';
import {selectedId, unitsToActOn} from '../view-model/selection.ts';

/** Says why a key does nothing now; null when it works. */
export type WhyOff = (state: ConsoleState) => string | null;

/** Why no command can be given at all. */
export const noCommands: WhyOff = ({live, view}) => {
  if (view.readOnlyForGood) return 'this console was attached read-only';
  if (view.readOnly) return 'read-only: ctrl-r ends it';
  if (live.link.status === 'lost') return `no connection to the supervisor; ${live.link.remedy}`;
  if (live.link.status === 'refused') return `the supervisor refuses this console; ${screenText(live.link.remedy)}`;
  if (live.link.status === 'connecting') return 'there is no connection to the supervisor yet';
  return live.run.supervisor === null ? 'the supervisor has ended: longhaul run starts it again' : null;
};

/** Why none of the chosen lanes can be acted on: the lanes pane has no keys, or none of them has the status. */
export function noLane(statuses: readonly LaneRow['status'][], otherwise: string): WhyOff {
  return (state) => {
    const never = noCommands(state);
    if (never !== null) return never;
    if (state.view.pane !== 'lanes') return 'choose a lane first: 2';
    if (state.live.run.units.length === 0) return 'there is no lane';
    if (unitsToActOn(state).some((unit) => statuses.includes(laneStatus(unit)))) return null;
    return state.view.marks.size === 0 ? otherwise : `${otherwise}; nor any other that is marked, Esc takes the marks`;
  };
}

/** Why the lane under the cursor cannot be cancelled; marks do not count, because its name is typed. */
export const notAtWork: WhyOff = (state) => {
  const never = noCommands(state);
  if (never !== null) return never;
  if (state.view.pane !== 'lanes') return 'choose a lane first: 2';
  const id = selectedId(state, 'lanes');
  const unit = state.live.run.units.find((one) => one.id === id);
  const open = unit !== undefined && ['running', 'paused', 'failed'].includes(laneStatus(unit));
  return open ? null : 'the lane under the cursor is neither at work nor failed';
};

/** Why there is no lane under the cursor. */
export const noRow: WhyOff = (state) => {
  if (state.view.pane !== 'lanes') return 'choose a lane first: 2';
  return selectedId(state, 'lanes') === null ? 'there is no lane' : null;
};

/** Why no lane can be paused. */
export const nothingRuns: WhyOff = (state) =>
  noCommands(state) ?? (hasUnit(state, (paused) => !paused) ? null : 'no lane is running');

/** Why no lane can be resumed. */
export const nothingPaused: WhyOff = (state) =>
  noCommands(state) ?? (hasUnit(state, (paused) => paused) ? null : 'no lane is paused');

/** Why the queue can be neither held nor released. */
export const noQueue: WhyOff = (state) =>
  noCommands(state) ??
  (state.live.run.units.some((unit) => unit.state.status !== 'committed') ? null : 'nothing is waiting to be loaded');

/** Why there is nothing to confirm. */
export const nothingWaits: WhyOff = (state) =>
  noCommands(state) ??
  (state.live.run.steps.some((step) => step.state.status === 'waiting') ? null : 'no step waits for you');

/** Why the run need not be told to go on. */
export const goesOnAlready: WhyOff = (state) => {
  const never = noCommands(state);
  if (never !== null) return never;
  const {run} = state.live;
  if (run.status === 'done' || run.status === 'aborted') return `the run is ${run.status}`;
  if (run.steps.some((step) => step.state.status === 'waiting')) return 'a step waits for you: c shows it';
  return isStanding(run) ? null : 'the run is walking already';
};

/** Why there is nothing to accept. */
export const nothingDiffers: WhyOff = (state) =>
  noCommands(state) ?? (openDifferences(state.live.run).length > 0 ? null : 'nothing differs that is not accepted');

/** Why there is nothing to release. */
export const noSlots: WhyOff = (state) =>
  (state.live.link.status === 'connected'
    ? noCommands(state)
    : 'no connection to the supervisor: longhaul release, in another window, does it without') ??
  (needsOf(state.live.run).slots === null ? 'this run has no slots' : null);

/** Why it is not to be said that change capture has begun. */
export const noCdc: WhyOff = (state) => noCommands(state) ?? cdcNotExpected(state.live.run);

/** Why replay cannot be paused by hand. */
export const alreadyPaused: WhyOff = (state) =>
  noCommands(state) ?? (state.live.run.replayPaused ? 'replay is paused already' : null);

/** Why replay cannot be resumed by hand. */
export const notPaused: WhyOff = (state) =>
  noCommands(state) ?? (state.live.run.replayPaused ? whyPaused(state.live.run) : 'replay is not paused by this run');

function whyPaused(run: ConsoleState['live']['run']): string | null {
  const {replica} = needsOf(run);
  return replica === null ? null : `P would be lost: ${replica}`;
}

/** Why there is nothing to copy. */
export const nothingToCopy: WhyOff = ({view}) =>
  view.overlays.at(-1)?.kind === 'help' ? 'the keys are in docs/keys.md' : null;

/** Why the rows of the pane cannot be filtered. */
export const noFilter: WhyOff = ({view}) =>
  view.pane === 'steps' || view.pane === 'storage' ? 'this pane has no filter: lanes, slots and events have' : null;

/** Why there is nothing to go back from. */
export const nothingBehind: WhyOff = ({view}) =>
  view.overlays.length > 0 ||
  view.filters[view.pane] !== '' ||
  view.marks.size > 0 ||
  view.zoomed ||
  view.toast !== null
    ? null
    : 'there is nothing to close: q leaves';

/** Why no file is written. */
export const writesNothing: WhyOff = ({view}) => (view.readOnly ? 'read-only: longhaul report prints it' : null);

/** Why read-only cannot be changed. */
export const readOnlyForGood: WhyOff = ({view}) =>
  view.readOnlyForGood ? 'attached so; attach again without --read-only' : null;

function hasUnit({live}: ConsoleState, wanted: (paused: boolean) => boolean): boolean {
  return live.run.units.some(({state}) => state.status === 'running' && wanted(state.paused !== null));
}
