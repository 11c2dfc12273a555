import type {Step} from '../../step.ts';

/** Brings back what waited for the cutover. */
export const restoreTriggersAndKeys: Step<'restore-triggers-and-keys'> = {
  id: 'restore-triggers-and-keys',
  phase: 'cutover',
  title: 'bring back triggers and foreign keys',
  why: 'the application writes to the target next, and what its triggers do, and its keys forbid, it rests on',
  source: 'facts/cutover.md, §4',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async () => [],
  run: async () => ({foreignKeys: 0, triggers: 0, views: 0, tookMs: 0}),
};
