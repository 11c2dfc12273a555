import {type BindingShape, PANE} from './binding-shape.ts';
import {noCommands, noLane, noQueue, noRow, notAtWork, nothingPaused, nothingRuns, type WhyOff} from './why-off.ts';

const running = noLane(['running'], 'the lane is not running');
const paused = noLane(['paused'], 'the lane is not paused');
const failed: WhyOff = (state) =>
  state.live.run.boundaryMoved === null
    ? noLane(['failed'], 'the lane has not failed')(state)
    : (noCommands(state) ?? 'P is lost, the load begins again: C');

/** The keys of the lanes. */
export const LANES_KEYS = [
  {
    id: 'pause-lane',
    keys: ['p'],
    label: 'pause',
    also: 'stop freeze suspend halt',
    help: 'Pause the lane, or every marked one (SIGSTOP). Its connections, its snapshot and xmin stay held.',
    group: 'Lanes',
    where: PANE,
    footer: 90,
    off: running,
  },
  {
    id: 'resume-lane',
    keys: ['r'],
    label: 'resume',
    also: 'unpause unfreeze go',
    help: 'Resume the paused lane, or every marked one.',
    group: 'Lanes',
    where: PANE,
    footer: 89,
    off: paused,
  },
  {
    id: 'retry',
    keys: ['R'],
    label: 'retry',
    also: 'again error',
    help: 'Try the failed lane again now.',
    group: 'Lanes',
    where: PANE,
    footer: 60,
    off: failed,
  },
  {
    id: 'cancel-lane',
    keys: ['K'],
    label: 'cancel',
    also: 'kill abort end delete terminate',
    help: 'Cancel the lane: type its name. None of its rows stay on the target; it waits for R.',
    group: 'Lanes',
    where: PANE,
    footer: 50,
    off: notAtWork,
  },
  {
    id: 'log',
    keys: ['l'],
    label: 'log',
    also: 'less follow wrap search error output',
    help: 'The log of the lane, newest lines at the bottom.',
    group: 'Lanes',
    where: PANE,
    footer: 85,
    off: noRow,
  },
  {
    id: 'mark',
    keys: [' '],
    label: 'mark',
    help: 'Mark or unmark the lane, and go down. It never changes the run.',
    group: 'Lanes',
    where: PANE,
    footer: 0,
    off: noRow,
  },
  {
    id: 'pause-all',
    keys: ['P'],
    label: 'pause all',
    help: "Pause every running lane: type the run's name.",
    group: 'Lanes',
    where: PANE,
    footer: 45,
    off: nothingRuns,
  },
  {
    id: 'resume-all',
    keys: ['U'],
    label: 'resume all',
    also: 'unpause',
    help: 'Resume every paused lane.',
    group: 'Lanes',
    where: PANE,
    footer: 44,
    off: nothingPaused,
  },
  {
    id: 'hold',
    keys: ['H'],
    label: 'hold',
    labelNow: ({live}) => (live.run.held ? 'end hold' : 'hold'),
    also: 'stop start queue',
    help: 'Start no new units, what runs goes on; once more, and units start again.',
    group: 'Lanes',
    where: PANE,
    footer: 40,
    off: noQueue,
  },
] as const satisfies readonly BindingShape[];
