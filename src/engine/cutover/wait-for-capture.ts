import {writeSentinels} from '../../pg/capture/sentinels.ts';
import {whyBehind} from '../capture/catch-up.ts';
import {captureOf} from '../capture/own-capture.ts';
import type {StepContext} from '../step.ts';
import {waitUntil} from '../waiting/wait-until.ts';

/** The slots that are further behind than caught up allows, in words. */
export async function readBehind(ctx: StepContext): Promise<string[]> {
  const capture = captureOf(ctx);
  if (capture === null) return [];
  const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
  const slots = await capture.live.status(servers, capture.slots);
  return slots.flatMap((slot) => {
    const why = whyBehind(slot, ctx.config.cdc);
    return why === null ? [] : [`${slot.slot}: ${why}`];
  });
}

/** A worker that has just begun, or begins again in a moment, is waited for before anybody is stopped. */
const BEGINS_MS = 30_000;
const EVERY_MS = 1000;

/** Waits for a while until change capture has caught up, and tells by which slots it is behind; whether it has is a finding. */
export async function waitForCapture(ctx: StepContext, tell: (behind: string[]) => Promise<void>): Promise<void> {
  const slots = captureOf(ctx)?.slots ?? [];
  await waitUntil(
    ctx,
    BEGINS_MS,
    async () => {
      const behind = await readBehind(ctx);
      if (behind.length === 0) return true;
      await tell(behind);
      // Those that were written while change capture ended never arrive; only one behind them tells that all is here.
      if (slots.length > 0) await (await ctx.session('source')).run(writeSentinels(slots));
      return null;
    },
    EVERY_MS,
  );
}
