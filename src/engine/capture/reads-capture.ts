import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Session} from '../../pg/session/session.ts';
import type {StepContext} from '../step.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {SlotStatus} from './capture.ts';
import {engineOf} from './engines.ts';
import {captureOf} from './own-capture.ts';

/**
 * Gives what asks both servers how change capture comes on, by connections of its own, which are kept until the run's signal is aborted; null for an engine that is started by somebody
 * else. None is asked before it was started.
 */
export function readsCapture(
  ctx: Pick<StepContext, 'config' | 'state' | 'signal'>,
  open: (role: ServerRole) => Promise<Session>,
): (() => Promise<readonly SlotStatus[]>) | null {
  if (engineOf(ctx.config).live === null) return null;
  const kept = new Map<ServerRole, Session>();
  ctx.signal.addEventListener('abort', () => {
    for (const one of kept.values()) void one.close();
  });
  const session = async (role: ServerRole): Promise<Session> => {
    const known = kept.get(role);
    if (known !== undefined && !known.lost) return known;
    const fresh = await open(role);
    kept.set(role, fresh);
    if (!ctx.signal.aborted) return fresh;
    await fresh.close();
    throw new LonghaulError({code: 'failed', message: 'the supervisor ends', remedy: 'nothing is to be done'});
  };
  return async () => {
    const capture = ctx.state().cdcStarted === null ? null : captureOf(ctx);
    if (capture === null) return [];
    return capture.live.status(
      {source: await session('source'), target: await session('target'), config: ctx.config},
      capture.slots,
    );
  };
}
