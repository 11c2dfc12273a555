import {claimedBack} from '../../domain/run/back/claimed-back.ts';
import {isTargetOpened} from '../../domain/run/cutover/cutover.ts';
import type {Evidence} from '../../domain/run/evidence/step-evidence.ts';
import {engineOf} from '../capture/engines.ts';
import type {ReverseCapture} from '../capture/reverse-capture.ts';
import {executeAll} from '../make-action.ts';
import type {Step, StepContext} from '../step.ts';

/** How this run's change capture is turned round; null where that is not wanted, or its engine cannot. What was made is seen to whatever longhaul.yaml says by now. */
export function reverseOf({config, state}: Pick<StepContext, 'config' | 'state'>): ReverseCapture | null {
  const isMade = claimedBack(state().claimed, 'back-subscription').length > 0;
  return config.cutover.reverse || isMade ? engineOf(config).reverse : null;
}

const NOT_WANTED = {done: {served: 'no way back is wanted: cutover.reverse is no'}, findings: []};

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
    return {done: isWhole ? evidenceOf(ctx) : null, findings};
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

function evidenceOf(ctx: StepContext): Evidence<'prepare-reverse'> {
  const {claimed} = ctx.state();
  return {
    publications: claimedBack(claimed, 'back-publication'),
    subscriptions: claimedBack(claimed, 'back-subscription'),
  };
}

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
    const isOpen = isTargetOpened(ctx.state().cutover);
    return {done: isOpen ? {served: 'the other side is open'} : null, findings: []};
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
