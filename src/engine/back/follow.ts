import {claimedBack} from '../../domain/run/back/claimed-back.ts';
import {captureOf} from '../capture/own-capture.ts';
import {writeSentinels} from '../../pg/capture/sentinels.ts';
import {endCutoverSessions} from '../run/own-statements.ts';
import {failureOf} from '../run/run-steps.ts';
import type {StepContext} from '../step.ts';
import {mirrored} from './mirrored.ts';
import {reverseOf} from './reverse-of.ts';

const AGAIN_MS = 2_000;

/**
 * Lets the changes of the side that was opened come to the other one, which by now takes no writes, where a way back is wanted. What was opened keeps all changes until then, so that it is tried until
 * it has worked or the walk is ended. May be repeated.
 */
export async function followPatiently(ctx: StepContext): Promise<void> {
  while (!ctx.signal.aborted) {
    try {
      // Of a jump box that is gone: they would keep the changes from being applied.
      await endCutoverSessions(ctx, 'source', ['fence']);
      const reverse = reverseOf(ctx);
      // Of a way back that was never begun, or was taken off, nothing follows.
      if (reverse === null || claimedBack(ctx.state().claimed, 'back-slot').length === 0) return;
      for (const action of await reverse.planFollow(ctx)) await action.execute();
      await beatOnce(mirrored(ctx));
      return;
    } catch (error) {
      if (ctx.signal.aborted) return;
      const what = `what is left to do for the other side is tried again and again: ${failureOf(error).message}`;
      await ctx.record({type: 'step.progressed', step: 'start-reverse', done: 0, total: 1, what});
      await ctx.sleep(AGAIN_MS).catch(() => undefined);
    }
  }
}

/** What was written last into the sentinels of this way went with its former slots, and would count as being on its way for ever. */
async function beatOnce(ctx: StepContext): Promise<void> {
  const {slots = []} = captureOf(ctx) ?? {};
  if (slots.length > 0) await (await ctx.session('source')).run(writeSentinels(slots));
}
