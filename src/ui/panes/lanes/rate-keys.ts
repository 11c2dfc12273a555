import {type Binding, PANE} from '../../binding/binding.ts';
import {order} from '../../binding/order.ts';
import {unless} from '../../binding/why-off.ts';
import {allCommitted, rateOf} from '../../../domain/run/run-state.ts';
import type {Live} from '../../store/live.ts';
import {readingOfEta} from '../../view-model/readings.ts';

/** The keys that let the lanes carry less or more. */
export const RATE_KEYS: readonly Binding[] = (['slower', 'faster'] as const).map((which): Binding => ({
  group: 'Lanes',
  where: PANE,
  id: which === 'slower' ? 'lower-rate' : 'higher-rate',
  keys: [which === 'slower' ? '{' : '}'],
  label: which,
  also: 'rate throttle limit speed bandwidth pv',
  help:
    which === 'slower'
      ? 'Let all lanes together carry less in a second: a step down from the limit, or from their pace where there is none.'
      : 'Let all lanes together carry more in a second; beyond 10 GB there is no limit.',
  footer: 29,
  off: unless(
    ({live}) => whyNoRate(live) ?? (which === 'faster' && limitOf(live) === null ? 'there is no limit' : null),
  ),
  run: async (ctx) => {
    const {live} = ctx.store.getState();
    await order(ctx, {type: 'set-rate', bytesPerSecond: nextRate(limitOf(live), paceOf(live), which)});
  },
}));

function whyNoRate({run, facts}: Live): string | null {
  if (run.loadBoundary === null || allCommitted(run)) return 'nothing is being loaded';
  return facts?.rate.off ?? null;
}

function limitOf({run, facts}: Live): number | null {
  return rateOf(run, facts?.rate.configured ?? null);
}

/** All lanes together by the last reading; null where nothing is known yet. */
function paceOf(live: Live): number | null {
  return readingOfEta(live)?.eta.bytesPerSecond ?? null;
}

const MB = 1024 ** 2;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].map((step) => step * MB);

/** The next step of 1, 2, 5, 10, … MB/s in that direction; from no limit down it begins at the pace, from the highest step up there is no limit. Pure. */
export function nextRate(limit: number | null, pace: number | null, which: 'slower' | 'faster'): number | null {
  if (which === 'faster') return STEPS.find((step) => limit !== null && step > limit) ?? null;
  const from = limit ?? pace ?? Infinity;
  return STEPS.findLast((step) => step < from) ?? MB;
}
