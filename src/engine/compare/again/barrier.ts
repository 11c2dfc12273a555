import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {writeSentinels} from '../../../pg/capture/sentinels.ts';
import {readArrived, readNewestSentinels, type Sentinel} from '../../../pg/compare/again-fence.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';

/** Waits until the target has every sentinel that the source has now: of each slot its own newest, which another one's heartbeat may be behind. */
export async function waitForSentinels(ctx: StepContext, source: Session, slots: readonly string[]): Promise<void> {
  await waitForThem(ctx, 'target', await source.run(readNewestSentinels(slots)));
}

/** Waits until a server has what the source has now: a sentinel that is written behind it is there. */
export async function waitForNow(ctx: StepContext, on: 'target' | 'replica', slots: readonly string[]): Promise<void> {
  const source = await ctx.session('source');
  const {n} = await source.one(writeSentinels(slots));
  const written = slots.map((slot) => ({slot, n}));
  await waitForThem(ctx, on, written);
}

async function waitForThem(ctx: StepContext, on: 'target' | 'replica', sentinels: readonly Sentinel[]): Promise<void> {
  if (sentinels.length === 0) return;
  const limitMs = ctx.config.timeouts.pauseMs;
  const missing = async (): Promise<string[]> => {
    const there = await (await ctx.session(on)).run(readArrived(sentinels));
    return sentinels.map(({slot}) => slot).filter((slot) => !there.some((one) => one.slot === slot));
  };
  if ((await waitUntil(ctx, limitMs, async () => ((await missing()).length === 0 ? true : null))) !== null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `a sentinel is not on the ${on} after ${formatDuration(limitMs)}: ${(await missing()).join(', ')}`,
    remedy:
      'see in the slots pane why it is late, wait until it has caught up, then compare again; timeouts.pause is how long it is waited for',
  });
}
