import {type BindingShape, LOG} from './binding-shape.ts';

/** The keys of a log. */
export const LOG_KEYS = [
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
  {
    id: 'log-next',
    keys: ['n'],
    label: 'next',
    help: 'Next match, upwards from the end.',
    group: 'Log',
    where: LOG,
    footer: 87,
  },
  {id: 'log-search', keys: ['/'], label: 'search', help: 'Search in the log.', group: 'Log', where: LOG, footer: 88},
  {id: 'log-less', keys: ['v'], label: 'less', help: 'The whole log in less.', group: 'Log', where: LOG, footer: 86},
] as const satisfies readonly BindingShape[];
