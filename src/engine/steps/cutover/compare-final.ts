import type {Step} from '../../step.ts';

/** Compares as much as the time allows while both sides are at F. */
export const compareFinal: Step<'compare-final'> = {
  id: 'compare-final',
  phase: 'cutover',
  title: 'compare once more, while nothing moves',
  why: 'it is the last moment at which both sides are the same by rights, and the first at which each difference is a loss',
  source: 'facts/cutover.md, §6.3',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async () => [],
  run: async () => ({counted: [], byRow: [], left: [], tookMs: 0}),
};
