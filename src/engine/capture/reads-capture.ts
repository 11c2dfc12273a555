import {isTurnedRound, mirroredState} from '../../domain/run/back/mirror.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Session} from '../../pg/session/session.ts';
import type {StepContext} from '../step.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Figure} from '../../domain/reading/figure.ts';
import type {Servers, SlotStatus} from './capture.ts';
import {engineOf} from './engines.ts';
import {readGuards} from './guard/read-guards.ts';
import {captureOf, type OwnCapture} from './own-capture.ts';

/** What change capture that Longhaul has started is asked by. */
export interface CaptureReads {
  readonly readCapture: () => Promise<readonly SlotStatus[]>;
  readonly readGuards: () => Promise<readonly Figure[]>;
}

/**
 * Gives what asks both servers how change capture comes on, by connections of its own, which are kept until the run's signal is aborted; null for an engine that is started by somebody
 * else. None is asked before it was started.
 */
export function readsCapture(
  ctx: Pick<StepContext, 'config' | 'state' | 'signal'>,
  open: (role: ServerRole) => Promise<Session>,
): CaptureReads | null {
  if (engineOf(ctx.config).live === null) return null;
  const isTurned = (): boolean => isTurnedRound(ctx.state());
  const begun = (): OwnCapture | null => {
    const state = ctx.state();
    const seen = isTurnedRound(state) ? mirroredState(state) : state;
    return state.cdcStarted === null ? null : captureOf({config: ctx.config, state: () => seen});
  };
  const session = keeping(ctx.signal, open);
  // From the hand-over on changes come the other way.
  const servers = async (): Promise<Servers> =>
    isTurned()
      ? {source: await session('target'), target: await session('source')}
      : {source: await session('source'), target: await session('target')};
  return {
    readCapture: async () => {
      const capture = begun();
      return capture === null ? [] : capture.live.status(await servers(), capture.slots);
    },
    readGuards: async () => {
      // Behind the hand-over the target is open, and its clients write there.
      const capture = isTurned() ? null : begun();
      return capture === null ? [] : readGuards(await servers(), capture);
    },
  };
}

/** One connection to each server, however many ask at the same moment. */
function keeping(
  signal: AbortSignal,
  open: (role: ServerRole) => Promise<Session>,
): (role: ServerRole) => Promise<Session> {
  const kept = new Map<ServerRole, Promise<Session>>();
  signal.addEventListener('abort', () => {
    for (const one of kept.values()) void one.then(async (session) => session.close()).catch(() => undefined);
  });
  return async (role) => {
    if (signal.aborted)
      throw new LonghaulError({code: 'failed', message: 'the supervisor ends', remedy: 'nothing is to be done'});
    const known = await kept.get(role)?.catch(() => null);
    if (known !== undefined && known !== null && !known.lost) return known;
    const fresh = open(role);
    kept.set(role, fresh);
    return fresh;
  };
}
