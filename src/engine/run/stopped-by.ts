import {setTimeout as wait} from 'node:timers/promises';
import type {StepContext} from '../step.ts';

/** The context of one walk: its waits end with the run's signal, and with the walk's own. */
export function stoppedBy(ctx: StepContext, own: AbortSignal): StepContext {
  const signal = AbortSignal.any([ctx.signal, own]);
  return {...ctx, signal, sleep: async (ms) => wait(ms, undefined, {signal})};
}
