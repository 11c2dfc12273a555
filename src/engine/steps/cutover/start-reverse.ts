import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import {claimedBack} from '../../../domain/run/back/claimed-back.ts';
import {NOT_WANTED, reverseOf} from '../../back/reverse-of.ts';
import {executeAll} from '../../make-action.ts';
import type {Step} from '../../step.ts';

/** Turns change capture round while nobody writes: from here on the target keeps what will be written there. */
export const startReverse: Step<'start-reverse'> = {
  id: 'start-reverse',
  phase: 'cutover',
  title: 'keep on the target what is written there for the source',
  why: 'what is written on the target before its slots are there does not come back to the source',
  source: 'facts/cutover.md, §5.2',
  confirm: 'no',

  async check(ctx) {
    if (reverseOf(ctx) === null) return NOT_WANTED;
    // What is kept by now may have rows already: made anew, it would lose them.
    const isKept = isTargetOpened(ctx.state().cutover) && claimedBack(ctx.state().claimed, 'back-slot').length > 0;
    return {done: isKept ? {served: 'the other side is open'} : null, findings: []};
  },
  plan: async (ctx) => (await reverseOf(ctx)?.planStart(ctx)) ?? [],

  async run(ctx) {
    const began = ctx.steady();
    await executeAll((await reverseOf(ctx)?.planStart(ctx)) ?? []);
    return {
      slots: claimedBack(ctx.state().claimed, 'back-slot'),
      tookMs: Math.round(ctx.steady() - began),
    };
  },
};
