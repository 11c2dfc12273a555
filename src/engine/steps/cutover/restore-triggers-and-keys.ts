import {planAfterDrain, planAhead, readWaitingObjects} from '../../cutover/waiting-objects.ts';
import {executeAll} from '../../make-action.ts';
import type {Step} from '../../step.ts';

/** Brings back what has waited until nothing is applied any more; the rest came back before the writes were stopped. */
export const restoreTriggersAndKeys: Step<'restore-triggers-and-keys'> = {
  id: 'restore-triggers-and-keys',
  phase: 'cutover',
  title: 'bring back triggers and foreign keys',
  why: 'the application writes to the target next, and rests on what its triggers do and its keys forbid',
  source: 'facts/cutover.md, §4',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),

  async plan(ctx) {
    const waiting = await readWaitingObjects(ctx);
    return [...planAhead(ctx, waiting), ...planAfterDrain(ctx, waiting)];
  },

  async run(ctx) {
    const began = ctx.steady();
    const waiting = await readWaitingObjects(ctx);
    await executeAll([...planAhead(ctx, waiting), ...planAfterDrain(ctx, waiting)]);
    const {keys, readingKeys, triggers, firing, states} = waiting;
    return {
      foreignKeys: keys.length + readingKeys.length,
      triggers: triggers.length + firing.length + states.length,
      tookMs: Math.round(ctx.steady() - began),
    };
  },
};
