import {
  alreadyPaused,
  goesOnAlready,
  noCommands,
  noLane,
  noQueue,
  noRow,
  nothingPaused,
  nothingRuns,
  nothingWaits,
  notPaused,
  readOnlyForGood,
  type WhyOff,
} from './why-off.ts';

/** Where a binding works: over the panes, in a scrolling text (help, detail, findings), in a log. */
export type Where = 'panes' | 'text' | 'log';

/** A group of the help. */
export type Group = 'Look' | 'Lanes' | 'Run' | 'Log' | 'Console';

interface BindingShape {
  readonly id: string;
  /** Empty: only in the palette. */
  readonly keys: readonly string[];
  /** For footer and palette, a word or two. */
  readonly label: string;
  /** For help and docs/keys.md, one sentence. */
  readonly help: string;
  readonly group: Group;
  readonly where: readonly Where[];
  /** Footers show the highest first; 0 is not in a footer. */
  readonly footer: number;
  readonly off?: WhyOff;
}

const EVERYWHERE = ['panes', 'text', 'log'] as const;
const PANE = ['panes'] as const;
const LOG = ['log'] as const;

const running = noLane(['running'], 'the lane is not running');
const paused = noLane(['paused'], 'the lane is not paused');
const failed = noLane(['failed'], 'the lane has not failed');
const atWork = noLane(['running', 'paused', 'failed'], 'the lane is neither at work nor failed');

/** Every binding, once. Footer, help, palette and docs/keys.md are made from it. */
export const BINDINGS = [
  {
    id: 'confirm-step',
    keys: ['c'],
    label: 'confirm',
    help: "Confirm the step that waits: shows the server and the SQL, and asks for the run's name.",
    group: 'Run',
    where: PANE,
    footer: 99,
    off: nothingWaits,
  },
  {
    id: 'pause-lane',
    keys: ['p'],
    label: 'pause',
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
    help: 'Cancel the lane: type its name. None of its rows stay on the target; it waits for R.',
    group: 'Lanes',
    where: PANE,
    footer: 50,
    off: atWork,
  },
  {
    id: 'log',
    keys: ['l'],
    label: 'log',
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
    help: 'Start no new units, what runs goes on; once more, and units start again.',
    group: 'Lanes',
    where: PANE,
    footer: 40,
    off: noQueue,
  },

  {
    id: 'continue',
    keys: ['C'],
    label: 'go on',
    help: 'Go on with the steps after a failure or a stop.',
    group: 'Run',
    where: PANE,
    footer: 95,
    off: goesOnAlready,
  },
  {
    id: 'findings',
    keys: ['f'],
    label: 'findings',
    help: 'Alarms and findings with their remedies.',
    group: 'Run',
    where: PANE,
    footer: 65,
  },
  {
    id: 'pause-replay',
    keys: [],
    label: 'pause replay',
    help: 'Pause replay on the replica.',
    group: 'Run',
    where: PANE,
    footer: 0,
    off: alreadyPaused,
  },
  {
    id: 'resume-replay',
    keys: [],
    label: 'resume replay',
    help: "Resume replay on the replica: type the run's name. Refused while P is needed.",
    group: 'Run',
    where: PANE,
    footer: 0,
    off: notPaused,
  },
  {
    id: 'shutdown',
    keys: [],
    label: 'end supervisor, lanes go on',
    help: 'End the supervisor; the lanes go on, and `longhaul run` takes them over again.',
    group: 'Run',
    where: PANE,
    footer: 0,
    off: noCommands,
  },
  {
    id: 'shutdown-lanes',
    keys: [],
    label: 'end supervisor and lanes',
    help: 'End the supervisor and cancel every lane; none of their rows stay.',
    group: 'Run',
    where: PANE,
    footer: 0,
    off: noCommands,
  },
  {
    id: 'write-report',
    keys: ['W'],
    label: 'report',
    help: 'Write the report of the run as it stands.',
    group: 'Run',
    where: PANE,
    footer: 0,
  },

  {
    id: 'detail',
    keys: ['enter'],
    label: 'detail',
    help: 'Everything that is known of the selected row.',
    group: 'Look',
    where: PANE,
    footer: 88,
  },
  {
    id: 'zoom',
    keys: ['z'],
    label: 'zoom',
    help: 'Give the whole screen to the pane, and back.',
    group: 'Look',
    where: PANE,
    footer: 80,
  },
  {
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    help: 'Show only the rows of the pane that contain what is typed; Enter keeps it, Esc drops it.',
    group: 'Look',
    where: PANE,
    footer: 78,
  },
  {
    id: 'sort',
    keys: ['o'],
    label: 'sort',
    help: 'Next order of the lanes or the slots.',
    group: 'Look',
    where: PANE,
    footer: 30,
  },
  {
    id: 'copy',
    keys: ['y'],
    label: 'copy',
    help: 'Copy the selected row, or what covers the panes, to the clipboard (OSC 52).',
    group: 'Look',
    where: EVERYWHERE,
    footer: 20,
  },
  {id: 'next-pane', keys: ['tab'], label: 'pane', help: 'Next pane.', group: 'Look', where: PANE, footer: 79},
  {
    id: 'previous-pane',
    keys: ['shift-tab'],
    label: 'previous pane',
    help: 'Previous pane.',
    group: 'Look',
    where: PANE,
    footer: 0,
  },
  {id: 'pane-1', keys: ['1'], label: 'steps', help: 'To the steps.', group: 'Look', where: PANE, footer: 0},
  {id: 'pane-2', keys: ['2'], label: 'lanes', help: 'To the lanes.', group: 'Look', where: PANE, footer: 0},
  {id: 'pane-3', keys: ['3'], label: 'slots', help: 'To the slots.', group: 'Look', where: PANE, footer: 0},
  {id: 'pane-4', keys: ['4'], label: 'WAL and disks', help: 'To WAL and disks.', group: 'Look', where: PANE, footer: 0},
  {id: 'pane-5', keys: ['5'], label: 'events', help: 'To the events.', group: 'Look', where: PANE, footer: 0},
  {id: 'down', keys: ['j', 'down'], label: 'down', help: 'One row down.', group: 'Look', where: EVERYWHERE, footer: 0},
  {id: 'up', keys: ['k', 'up'], label: 'up', help: 'One row up.', group: 'Look', where: EVERYWHERE, footer: 0},
  {
    id: 'page-down',
    keys: ['pgdn', 'ctrl-f'],
    label: 'page down',
    help: 'One page down.',
    group: 'Look',
    where: EVERYWHERE,
    footer: 0,
  },
  {
    id: 'page-up',
    keys: ['pgup', 'ctrl-b'],
    label: 'page up',
    help: 'One page up.',
    group: 'Look',
    where: EVERYWHERE,
    footer: 0,
  },
  {
    id: 'top',
    keys: ['g', 'home'],
    label: 'top',
    help: 'To the first row.',
    group: 'Look',
    where: EVERYWHERE,
    footer: 0,
  },
  {
    id: 'bottom',
    keys: ['G', 'end'],
    label: 'bottom',
    help: 'To the last row.',
    group: 'Look',
    where: EVERYWHERE,
    footer: 0,
  },

  {
    id: 'log-follow',
    keys: ['F'],
    label: 'follow',
    help: "Follow the log's end, or stop following.",
    group: 'Log',
    where: LOG,
    footer: 90,
  },
  {
    id: 'log-wrap',
    keys: ['w'],
    label: 'wrap',
    help: 'Wrap long lines, or cut them.',
    group: 'Log',
    where: LOG,
    footer: 89,
  },
  {id: 'log-search', keys: ['/'], label: 'search', help: 'Search in the log.', group: 'Log', where: LOG, footer: 88},
  {
    id: 'log-next',
    keys: ['n'],
    label: 'next',
    help: 'Next match, upwards from the end.',
    group: 'Log',
    where: LOG,
    footer: 87,
  },
  {id: 'log-less', keys: ['v'], label: 'less', help: 'The whole log in less.', group: 'Log', where: LOG, footer: 86},

  {
    id: 'back',
    keys: ['esc'],
    label: 'back',
    help: 'Back: closes what covers the panes, then drops the filter, then the zoom. Never quits.',
    group: 'Console',
    where: EVERYWHERE,
    footer: 40,
  },
  {
    id: 'palette',
    keys: [':'],
    label: 'palette',
    help: 'Find an action by its name.',
    group: 'Console',
    where: PANE,
    footer: 76,
  },
  {id: 'help', keys: ['?'], label: 'help', help: 'All keys.', group: 'Console', where: EVERYWHERE, footer: 77},
  {
    id: 'read-only',
    keys: ['ctrl-r'],
    label: 'read-only',
    help: 'Turn every key off that changes something, and on again.',
    group: 'Console',
    where: EVERYWHERE,
    footer: 0,
    off: readOnlyForGood,
  },
  {id: 'faster', keys: ['+'], label: 'faster', help: 'Refresh more often.', group: 'Console', where: PANE, footer: 0},
  {id: 'slower', keys: ['-'], label: 'slower', help: 'Refresh less often.', group: 'Console', where: PANE, footer: 0},
  {
    id: 'repaint',
    keys: ['ctrl-l'],
    label: 'repaint',
    help: 'Draw the whole screen anew.',
    group: 'Console',
    where: EVERYWHERE,
    footer: 0,
  },
  {
    id: 'quit',
    keys: ['q'],
    label: 'leave',
    help: 'Leave the console. The supervisor and the lanes go on; longhaul attach comes back.',
    group: 'Console',
    where: EVERYWHERE,
    footer: 98,
  },
] as const satisfies readonly BindingShape[];

/** The name of something that a key or the palette does. */
export type ActionId = (typeof BINDINGS)[number]['id'];

/** A binding. */
export type Binding = BindingShape & {readonly id: ActionId};

/** The binding of a key at a place; null when the key does nothing there. */
export function bindingOf(key: string, where: Where): Binding | null {
  const all: readonly Binding[] = BINDINGS;
  return all.find((binding) => binding.where.includes(where) && binding.keys.includes(key)) ?? null;
}
