import {claimedBack} from '../../domain/run/back/claimed-back.ts';
import {failureOf} from '../run/run-steps.ts';
import type {StepContext} from '../step.ts';
import {reverseOf} from './reverse-of.ts';

const AGAIN_MS = 2_000;

/**
 * Lets the changes of the side that was opened come to the other one, which by now takes no writes; nothing where no way back is wanted. What was opened keeps all of them until then, so that it is
 * tried until it has worked or the walk is ended. May be repeated.
 */
export async function followPatiently(ctx: StepContext): Promise<void> {
  const reverse = reverseOf(ctx);
  // Of a way back that was never begun, or was taken off, nothing follows.
  if (reverse === null || claimedBack(ctx.state().claimed, 'back-slot').length === 0) return;
  while (!ctx.signal.aborted) {
    try {
      for (const action of await reverse.planFollow(ctx)) await action.execute();
      return;
    } catch (error) {
      if (ctx.signal.aborted) return;
      const what = `to bring what is written now to the source is tried again and again: ${failureOf(error).message}`;
      await ctx.record({type: 'step.progressed', step: 'start-reverse', done: 0, total: 1, what});
      await ctx.sleep(AGAIN_MS).catch(() => undefined);
    }
  }
}
