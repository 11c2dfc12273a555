import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {doublingMs} from '../../domain/base/doubling.ts';
import {isoTime} from '../../domain/base/iso-time.ts';
import {formatDuration} from '../../domain/base/units.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {serverAway, withoutStatement} from '../../pg/session/server-error.ts';
import {otherSide} from '../back/mirrored.ts';
import type {StepContext} from '../step.ts';

/** A server that is away is asked again after so long, then seldom: each connection that hangs may stay there. */
const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

/** One that the work itself brings down comes back each time, and is not to be brought down for ever. */
const MOST_TIMES = 20;

/** Who hears what is waited for, again and again meanwhile. */
export type TellWaiting = (what: string) => Promise<void>;

/**
 * Does work that finds again by itself what it has done, and does it anew where a server went away meanwhile, once that answers: it is waited for as long as
 * `timeouts.outage` says. What was never reached is not waited for: whoever has begun the work sits there. Rejects when the run is stopped.
 */
export async function throughOutages<T>(ctx: StepContext, tell: TellWaiting, work: () => Promise<T>): Promise<T> {
  let since: Since = {atMs: 0, at: ''};
  for (let times = 1; ; times += 1) {
    const beganMs = ctx.steady();
    try {
      return await work();
    } catch (error) {
      const server = ofContext(ctx, serverAway(error));
      if (server === null || times > MOST_TIMES || ctx.connectedMs(server) === null || ctx.signal.aborted) throw error;
      const atMs = ctx.steady();
      // One that is lost again at once was not back; what has worked for as long has lost it anew.
      if (times === 1 || atMs - beganMs > ctx.config.timeouts.outageMs) since = {atMs, at: isoTime(ctx.now())};
      await untilItAnswers(ctx, {server, since, failure: error, tell});
    }
  }
}

/** The server as this context calls it. */
function ofContext({isBack}: Pick<StepContext, 'isBack'>, server: ServerRole | null): ServerRole | null {
  return server !== null && isBack === true ? otherSide(server) : server;
}

/** When a server was lost: by the steady clock, and as it is written down. */
interface Since {
  readonly atMs: number;
  readonly at: string;
}

interface Waiting {
  readonly server: ServerRole;
  readonly since: Since;
  readonly failure: unknown;
  readonly tell: TellWaiting;
}

/** Throws what it failed with where the time is over. */
async function untilItAnswers(ctx: StepContext, {server, since, failure, tell}: Waiting): Promise<void> {
  const {outageMs} = ctx.config.timeouts;
  for (let asked = 1; ; asked += 1) {
    const awayMs = ctx.steady() - since.atMs;
    if (awayMs >= outageMs) throw awayTooLong(failure, outageMs);
    await tell(
      `the ${server} has not answered since ${since.at.slice(11, 19)} UTC: waiting for it, at most ${formatDuration(outageMs)} (timeouts.outage): ${wordsOf(failure)}`,
    );
    await ctx.sleep(Math.min(doublingMs(asked, FIRST_MS, LONGEST_MS), outageMs - awayMs));
    if (await answers(ctx, server)) return;
  }
}

async function answers(ctx: StepContext, server: ServerRole): Promise<boolean> {
  try {
    const session = await ctx.open(server, 'outage');
    await session.close();
    return true;
  } catch (error) {
    // What is refused now, a password maybe, time does not heal.
    if (serverAway(error) === null) throw error;
    return false;
  }
}

/** The failure of who has waited for a server as long as he may: nobody waits for it once more. Pure. */
export function awayTooLong(failure: unknown, outageMs: number): unknown {
  if (!(failure instanceof LonghaulError)) return failure;
  return new LonghaulError({
    code: 'unreachable',
    message: `${failure.message}; it was waited for ${formatDuration(outageMs)}, timeouts.outage`,
    remedy: failure.remedy,
    cause: failure,
  });
}

function wordsOf(failure: unknown): string {
  return failure instanceof Error ? withoutStatement(failure.message) : String(failure);
}
