import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import {claimedBack} from '../../../domain/run/back/claimed-back.ts';
import {readPrimaryPosition} from '../../../pg/replication/slots.ts';
import {planCaptureEnd} from '../../cutover/own-slots.ts';
import {NOT_WANTED, reverseOf} from '../../back/reverse-of.ts';
import {executeAll} from '../../make-action.ts';
import type {Action} from '../../action.ts';
import type {Step, StepContext} from '../../step.ts';

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
  plan: async (ctx) => planTurn(ctx),

  async run(ctx) {
    const began = ctx.steady();
    await executeAll(await planTurn(ctx));
    const target = await ctx.session('target');
    const {insertLsn} = await target.one(readPrimaryPosition(target.version));
    return {
      slots: claimedBack(ctx.state().claimed, 'back-slot'),
      lsn: insertLsn,
      tookMs: Math.round(ctx.steady() - began),
    };
  },
};

/** A worker at rest notices once a second that it is to end; planCaptureEnd wakes it. */
async function planTurn(ctx: StepContext): Promise<readonly Action[]> {
  const turn = await reverseOf(ctx)?.planStart(ctx);
  return turn === undefined || turn.length === 0 ? [] : [planCaptureEnd(ctx), ...turn];
}
