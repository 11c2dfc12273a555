import {type Binding, EVERYWHERE, PANE} from '../binding/binding.ts';
import {PANES} from '../panes/panes.ts';
import {copySelected, nothingToCopy} from './copy.ts';
import {goToPane, move, moveToEnd, pageOf, stepPane} from './move.ts';
import {nextOrder, noFilter, openDetail, openFilter, toggleZoom} from './view.ts';

const VIEW = {group: 'View', where: PANE} as const;
const MOVE = {group: 'View', where: EVERYWHERE, footer: 0} as const;

// A number for every pane.
const PANE_KEYS: readonly Binding[] = PANES.map((pane, index) => ({
  id: `pane-${index + 1}`,
  keys: [String(index + 1)],
  label: pane.name,
  ...(pane.also === undefined ? {} : {also: pane.also}),
  help: `Go to ${pane.name}.`,
  group: 'View',
  where: PANE,
  footer: 0,
  run: (ctx) => goToPane(ctx, pane),
}));

/** The keys that only change what is seen. */
export const VIEW_KEYS: readonly Binding[] = [
  {
    ...VIEW,
    id: 'detail',
    keys: ['enter'],
    label: 'detail',
    help: 'Everything that is known about the selected row.',
    footer: 88,
    run: openDetail,
  },
  {
    ...VIEW,
    id: 'zoom',
    keys: ['z'],
    label: 'zoom',
    help: 'Give the whole screen to the pane, and back.',
    footer: 80,
    run: toggleZoom,
  },
  {
    ...VIEW,
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    help: 'Show only the rows of the pane that contain what is typed; Enter keeps it, Esc drops it.',
    footer: 78,
    off: noFilter,
    run: openFilter,
  },
  {
    ...VIEW,
    id: 'sort',
    keys: ['o'],
    label: 'sort',
    help: "Next order of the pane's rows, where it has more than one.",
    footer: 30,
    run: nextOrder,
  },
  {
    id: 'copy',
    keys: ['y'],
    label: 'copy',
    help: 'Copy the selected row, or what covers the panes, to the clipboard (OSC 52).',
    group: 'View',
    where: EVERYWHERE,
    footer: 20,
    off: nothingToCopy,
    run: copySelected,
  },
  {
    ...VIEW,
    id: 'previous-pane',
    keys: ['shift-tab'],
    label: 'previous pane',
    help: 'Previous pane.',
    footer: 0,
    run: (ctx) => stepPane(ctx, -1),
  },
  {
    ...MOVE,
    id: 'page-down',
    keys: ['pgdn', 'ctrl-f'],
    label: 'page down',
    help: 'One page down.',
    run: (ctx) => move(ctx, pageOf(ctx)),
  },
  {
    ...MOVE,
    id: 'page-up',
    keys: ['pgup', 'ctrl-b'],
    label: 'page up',
    help: 'One page up.',
    run: (ctx) => move(ctx, -pageOf(ctx)),
  },
  {
    ...MOVE,
    id: 'top',
    keys: ['g', 'home'],
    label: 'top',
    help: 'To the first row.',
    run: (ctx) => moveToEnd(ctx, 'first'),
  },
  {
    ...MOVE,
    id: 'bottom',
    keys: ['G', 'end'],
    label: 'bottom',
    help: 'To the last row.',
    run: (ctx) => moveToEnd(ctx, 'last'),
  },
  {
    ...VIEW,
    id: 'next-pane',
    keys: ['tab'],
    label: 'pane',
    help: 'Next pane.',
    footer: 79,
    run: (ctx) => stepPane(ctx, 1),
  },
  ...PANE_KEYS,
  {...MOVE, id: 'down', keys: ['j', 'down'], label: 'down', help: 'One row down.', run: (ctx) => move(ctx, 1)},
  {...MOVE, id: 'up', keys: ['k', 'up'], label: 'up', help: 'One row up.', run: (ctx) => move(ctx, -1)},
];
