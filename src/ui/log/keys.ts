import {type Binding, LOG} from '../binding/binding.ts';
import {openOverlay} from '../store/console-store.ts';
import {toggleFollow, toggleWrap} from './move.ts';
import {openLess} from './read.ts';
import {nextMatch, previousMatch} from './search.ts';

const IN_LOG = {group: 'Log', where: LOG} as const;

/** The keys of a log. */
export const LOG_KEYS: readonly Binding[] = [
  {
    ...IN_LOG,
    id: 'log-follow',
    keys: ['F'],
    label: 'follow',
    help: "Follow the log's end, or stop following.",
    footer: 90,
    run: toggleFollow,
  },
  {
    ...IN_LOG,
    id: 'log-wrap',
    keys: ['w'],
    label: 'wrap',
    help: 'Wrap long lines, or cut them.',
    footer: 89,
    run: toggleWrap,
  },
  {
    ...IN_LOG,
    id: 'log-next',
    keys: ['n'],
    label: 'next',
    help: 'Next match, upwards from the end.',
    footer: 87,
    run: nextMatch,
  },
  {
    ...IN_LOG,
    id: 'log-previous',
    keys: ['N'],
    label: 'previous',
    help: 'Previous match, downwards from the one that n went to.',
    footer: 0,
    run: previousMatch,
  },
  {
    ...IN_LOG,
    id: 'log-search',
    keys: ['/'],
    label: 'search',
    help: 'Search in the log.',
    footer: 88,
    run: (ctx) => openOverlay(ctx.store, {kind: 'search', typed: ''}),
  },
  {
    ...IN_LOG,
    id: 'log-less',
    keys: ['v'],
    label: 'less',
    help: 'The whole log in less.',
    footer: 86,
    run: openLess,
  },
];
