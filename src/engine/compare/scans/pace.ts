import {scanRateOf, type ConfiguredRates} from '../../../domain/run/run-state.ts';
import {lostSession} from '../../../pg/session/server-error.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {StepContext} from '../../step.ts';
import type {TellPhase} from '../../waiting/under-way.ts';
import type {Side} from '../read-sides.ts';
import {whileHeld} from './held.ts';

/** Throws where the connection of one of these is gone. */
export function mustBeConnected(...sessions: readonly Pick<Session, 'lost' | 'role'>[]): void {
  const lost = sessions.find((session) => session.lost);
  if (lost !== undefined) throw lostSession(lost.role);
}

/** How often a scan that waits for its turn asks again: the rate may be another by then. */
const EVERY_MS = 200;

/** Waits until a scan of so many bytes may begin on this side, says for what it waits, and throws meanwhile what `mustStillDo` throws. */
export type Pace = (side: Side, bytes: number, waiting: Waiting) => Promise<void>;

/** Who waits for his turn: at a low rate that takes minutes, in which his server may be lost. */
export interface Waiting {
  readonly tell: TellPhase;
  /** Throws where nothing would come of the scan any more. */
  readonly mustStillDo: () => void;
}

/**
 * Lets scans begin while nothing is held, and so that all of them together read no more in a second, on each side, than the comparison may. One that has begun
 * reads as fast as its server does; the next waits the longer. `mustGoOn`: others wait for their end, so that no hold counts.
 */
export function createPace(
  ctx: Pick<StepContext, 'state' | 'sleep' | 'steady'> & {readonly config: ConfiguredRates},
  mustGoOn = false,
): Pace {
  const owed: Record<Side, {bytes: number; atMs: number}> = {
    replica: {bytes: 0, atMs: 0},
    target: {bytes: 0, atMs: 0},
  };
  const mayBegin = (side: Side): boolean => {
    const rate = scanRateOf(ctx.state(), ctx.config);
    const {bytes, atMs} = owed[side];
    const nowMs = ctx.steady();
    const left = rate === null ? 0 : Math.max(0, bytes - ((nowMs - atMs) / 1000) * rate);
    owed[side] = {bytes: left, atMs: nowMs};
    return left === 0;
  };
  return async (side, bytes, {tell, mustStillDo}) => {
    for (;;) {
      mustStillDo();
      if (!mustGoOn) await whileHeld(ctx, tell);
      if (mayBegin(side)) break;
      tell('rate limit');
      await ctx.sleep(EVERY_MS);
    }
    owed[side].bytes += bytes;
    tell(null);
  };
}
