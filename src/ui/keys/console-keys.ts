import {type BindingShape, EVERYWHERE, PANE} from './binding-shape.ts';
import {nothingBehind, readOnlyForGood} from './why-off.ts';

/** The keys of the console itself. */
export const CONSOLE_KEYS = [
  {
    id: 'back',
    keys: ['esc'],
    label: 'back',
    help: 'Back: closes what covers the panes, then drops the filter, then the zoom. Never quits.',
    group: 'Console',
    where: EVERYWHERE,
    footer: 40,
    off: nothingBehind,
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
    also: 'quit exit detach close',
    help: 'Leave the console. The supervisor and the lanes go on; longhaul attach comes back.',
    group: 'Console',
    where: EVERYWHERE,
    footer: 98,
  },
  {id: 'help', keys: ['?'], label: 'help', help: 'All keys.', group: 'Console', where: EVERYWHERE, footer: 77},
  {id: 'faster', keys: ['+'], label: 'faster', help: 'Refresh more often.', group: 'Console', where: PANE, footer: 0},
  {id: 'slower', keys: ['-'], label: 'slower', help: 'Refresh less often.', group: 'Console', where: PANE, footer: 0},
] as const satisfies readonly BindingShape[];
