import {ask} from '../../binding/ask.ts';
import {type Binding, PANE, type WhyOff} from '../../binding/binding.ts';
import {order} from '../../binding/order.ts';
import {noCommands, unless} from '../../binding/why-off.ts';
import {openLog} from '../../log/read.ts';
import type {ConsoleState} from '../../store/console-store.ts';
import {laneStatus} from '../../view-model/lane-rows.ts';
import {orderLanes, toggleMark} from './order-lanes.ts';
import {RATE_KEYS} from './rate-keys.ts';
import {selectedUnit} from './source.ts';
import {needsLane, noUnit} from './why-off.ts';

const LANES = {group: 'Lanes', where: PANE} as const;

/** The keys of the lanes. */
export const LANES_KEYS: readonly Binding[] = [
  {
    ...LANES,
    id: 'pause-lane',
    keys: ['p'],
    label: 'pause',
    also: 'stop freeze suspend halt',
    help: 'Pause the lane, or every marked one (SIGSTOP). It keeps its connections, its snapshot and xmin.',
    footer: 90,
    off: needsLane('running', 'the lane is not running'),
    run: async (ctx) => orderLanes(ctx, 'pause-unit'),
  },
  {
    ...LANES,
    id: 'resume-lane',
    keys: ['r'],
    label: 'resume',
    also: 'unpause unfreeze go',
    help: 'Resume the paused lane, or every marked one.',
    footer: 89,
    off: needsLane('paused', 'the lane is not paused'),
    run: async (ctx) => orderLanes(ctx, 'resume-unit'),
  },
  {
    ...LANES,
    id: 'retry',
    keys: ['R'],
    label: 'retry',
    also: 'again error',
    help: 'Try the failed lane again now.',
    footer: 60,
    off: nothingToRetry,
    run: async (ctx) => orderLanes(ctx, 'retry-unit'),
  },
  {
    ...LANES,
    id: 'cancel-lane',
    keys: ['K'],
    label: 'cancel',
    also: 'kill abort end delete terminate',
    help: 'Cancel the lane: type its name. None of its rows stay on the target; R tries it again.',
    footer: 50,
    // Marks do not count, because its name is typed.
    off: unless((state) => noUnit(state) ?? notOpen(state)),
    run: (ctx) => {
      const unit = selectedUnit(ctx.store.getState());
      if (unit !== null) ask(ctx, {about: 'cancel-unit', unit: unit.id});
    },
  },
  {
    ...LANES,
    id: 'log',
    keys: ['l'],
    label: 'log',
    also: 'less follow wrap search error output',
    help: 'The log of the lane, newest lines at the bottom.',
    footer: 85,
    off: noUnit,
    run: async (ctx) => {
      const unit = selectedUnit(ctx.store.getState());
      if (unit !== null) await openLog(ctx, unit);
    },
  },
  {
    ...LANES,
    id: 'mark',
    keys: [' '],
    label: 'mark',
    help: 'Mark or unmark the lane, and go down. It never changes the run.',
    footer: 0,
    off: noUnit,
    run: toggleMark,
  },
  {
    ...LANES,
    id: 'pause-all',
    keys: ['P'],
    label: 'pause all',
    help: "Pause every running lane: type the run's name.",
    footer: 45,
    off: unless((state) => (hasUnit(state, 'running') ? null : 'no lane is running')),
    run: (ctx) => ask(ctx, {about: 'pause-all'}),
  },
  {
    ...LANES,
    id: 'resume-all',
    keys: ['U'],
    label: 'resume all',
    also: 'unpause',
    help: 'Resume every paused lane.',
    footer: 44,
    off: unless((state) => (hasUnit(state, 'paused') ? null : 'no lane is paused')),
    run: async (ctx) => void (await order(ctx, {type: 'resume-all'})),
  },
  ...([1, -1] as const).map((step): Binding => ({
    ...LANES,
    id: step > 0 ? 'more-lanes' : 'fewer-lanes',
    keys: [step > 0 ? '>' : '<'],
    label: step > 0 ? 'a lane more' : 'a lane fewer',
    also: 'lanes number parallel jobs',
    help:
      step > 0
        ? 'Load in one lane more from now on.'
        : 'Load in one lane fewer from now on; what runs goes on to its end.',
    footer: 30,
    off: unless(({live}) => (isOpen(live.run) ? null : 'nothing is waiting to be loaded')),
    run: async (ctx) => void (await order(ctx, {type: 'set-lanes', lanes: ctx.store.getState().live.run.lanes + step})),
  })),
  ...RATE_KEYS,
  {
    ...LANES,
    id: 'hold',
    keys: ['H'],
    label: 'hold',
    labelNow: ({live}) => (live.run.held ? 'end hold' : 'hold'),
    also: 'stop start queue',
    help: 'Start no new units and no index builds, what runs keeps running; once more starts them again.',
    footer: 40,
    off: unless(({live}) => (isOpen(live.run) ? null : 'nothing is waiting to be loaded')),
    run: async (ctx) => void (await order(ctx, {type: ctx.store.getState().live.run.held ? 'release-hold' : 'hold'})),
  },
];

/** Whether units are to be loaded, or the indexes of what is in are still built beside that. */
function isOpen({units, steps}: ConsoleState['live']['run']): boolean {
  const loads = steps.some(({id, state}) => id === 'full-load' && state.status === 'running');
  return loads || units.some(({state}) => state.status !== 'committed');
}

function nothingToRetry(state: ConsoleState): ReturnType<WhyOff> {
  if (state.live.run.boundaryMoved === null) return needsLane('failed', 'the lane has not failed')(state);
  return noCommands(state) ?? 'P is lost, the load begins again: C';
}

function notOpen(state: ConsoleState): string | null {
  const unit = selectedUnit(state);
  const open = unit !== null && ['running', 'paused', 'failed'].includes(laneStatus(unit));
  return open ? null : 'the lane under the cursor is neither at work nor failed';
}

function hasUnit({live}: ConsoleState, status: 'running' | 'paused'): boolean {
  return live.run.units.some((unit) => laneStatus(unit) === status);
}
