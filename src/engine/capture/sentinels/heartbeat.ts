import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {writeSentinels} from '../../../pg/capture/sentinels.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {StepContext} from '../../step.ts';
import {facing} from '../../back/mirrored.ts';
import {captureOf} from '../own-capture.ts';

/** Often enough that an idle slot tells of itself, and moves on; half a million rows a year. */
const EVERY_MS = 60_000;

/**
 * Writes a sentinel into every slot's table once a minute from the start of change capture on, after the hand-over into those of the way back, until the run's signal is aborted. A source that does not
 * answer is asked again a minute later.
 */
export async function beatSentinels(ctx: StepContext): Promise<void> {
  let session: Session | null = null;
  while (!ctx.signal.aborted) {
    const now = facing(ctx);
    const capture = ctx.state().cdcStarted === null ? null : captureOf(now);
    // Handed over without a way back, there is none.
    if (capture !== null && ctx.state().status !== 'aborted') {
      try {
        const from = now === ctx ? 'source' : 'target';
        if (session?.role !== from || session.lost) {
          await session?.close();
          session = await ctx.open(from, 'sentinels');
        }
        await session.run(writeSentinels(capture.slots));
      } catch (error) {
        // The probes tell of a source that is away, and of tables that somebody has dropped.
        if (!(error instanceof LonghaulError)) throw error;
      }
    }
    await ctx.sleep(EVERY_MS).catch(() => undefined);
  }
  await session?.close();
}
