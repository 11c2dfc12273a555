import {claimedBack, claimedBackSubscriptions} from '../../../domain/run/back/claimed-back.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {NOT_WANTED, reverseOf} from '../../back/reverse-of.ts';
import {engineOf} from '../../capture/engines.ts';
import {executeAll} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Makes what of the way back may be there before the writes are stopped. */
export const prepareReverse: Step<'prepare-reverse'> = {
  id: 'prepare-reverse',
  phase: 'cutover',
  title: 'prepare the way back',
  why: 'what is made now is not made while writes are stopped, and shows that the source reaches the target',
  source: 'facts/cutover.md, §5',
  confirm: 'no',

  async check(ctx) {
    const reverse = reverseOf(ctx);
    if (reverse === null) return NOT_WANTED;
    const findings = await reverse.check(ctx);
    const isWhole = findings.length === 0 && (await reverse.planPrepare(ctx)).length === 0;
    return {done: isWhole ? await evidenceOf(ctx) : null, findings};
  },

  plan: async (ctx) => (await reverseOf(ctx)?.planPrepare(ctx)) ?? [],

  async run(ctx) {
    await executeAll((await reverseOf(ctx)?.planPrepare(ctx)) ?? []);
    return evidenceOf(ctx);
  },

  async undo(ctx) {
    const actions = await engineOf(ctx.config).reverse?.planRemoval(ctx);
    await executeAll(actions ?? []);
    return {ended: (actions ?? []).map(({text}) => text)};
  },
};

async function evidenceOf(ctx: StepContext): Promise<Evidence<'prepare-reverse'>> {
  const {claimed} = ctx.state();
  const slots = await reverseOf(ctx)?.readSlots?.(ctx);
  return {
    publications: claimedBack(claimed, 'back-publication'),
    subscriptions: claimedBackSubscriptions(claimed),
    ...(slots === undefined ? {} : {slots}),
  };
}
