import {setTimeout as wait} from 'node:timers/promises';
import type {StepContext} from '../step.ts';

/**
 * The context of one walk: its waits end with the run's signal, and with the walk's own, and no server gives it a session any more. A step of
 * ten thousand statements ends with the one in hand, instead of connecting anew for the next.
 */
export function stoppedBy(ctx: StepContext, own: AbortSignal): StepContext {
  const signal = AbortSignal.any([ctx.signal, own]);
  return {
    ...ctx,
    signal,
    sleep: async (ms) => wait(ms, undefined, {signal}),
    session: async (role) => {
      signal.throwIfAborted();
      return ctx.session(role);
    },
    open: async (role, purpose) => {
      signal.throwIfAborted();
      return ctx.open(role, purpose);
    },
  };
}
