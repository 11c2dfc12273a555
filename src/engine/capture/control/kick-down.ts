import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {isDrained} from '../../../domain/run/cutover/cutover.ts';
import type {StepContext} from '../../step.ts';
import type {LiveCapture, SlotStatus} from '../capture.ts';
import {facing} from '../../back/mirrored.ts';
import {captureOf, type OwnCapture} from '../own-capture.ts';
import {goingOf, orGoOn} from './go-on-anyhow.ts';
import {ownSessions} from './own-sessions.ts';

/** How often it is asked, how long a slot has to be down, and how long after one kick the next may come. */
export interface KickTimes {
  readonly everyMs: number;
  readonly downMs: number;
  readonly againMs: number;
}

const TIMES: KickTimes = {everyMs: 2000, downMs: 10_000, againMs: 60_000};

/**
 * Starts again, until the run's signal is aborted, what is down while both servers answer, of an engine that sleeps by itself for minutes after an outage. One that fails at
 * a transaction is not helped by it, and told by an alarm. Nothing is kicked whose slot is gone, which the engine might make again, on a source that is another, or once a cutover has drained it: that ends change
 * capture itself, and what begins again would be applied to a side that is being opened.
 */
export async function kickWhatIsDown(ctx: StepContext, times: KickTimes = TIMES): Promise<void> {
  const {own, giveBack} = ownSessions(ctx, 'kick');
  let since: ReadonlyMap<string, Since> = new Map();
  while (!ctx.signal.aborted) {
    try {
      since = await kickOnce(own, since, times);
    } catch (error) {
      // The probes tell of a server that is away.
      if (!(error instanceof LonghaulError)) throw error;
    }
    await ctx.sleep(times.everyMs).catch(() => undefined);
  }
  await giveBack();
}

/** Since when a slot is down, and when it was kicked last; milliseconds of the steady clock. */
export interface Since {
  readonly downMs: number | null;
  readonly kickedMs: number | null;
}

async function kickOnce(
  given: StepContext,
  since: ReadonlyMap<string, Since>,
  times: KickTimes,
): Promise<ReadonlyMap<string, Since>> {
  // Behind the hand-over what comes from the target may sleep as well.
  const ctx = facing(given);
  const {cdcStarted, status, capture} = ctx.state();
  const own = captureOf(ctx);
  const planKick = own?.live.planKick ?? null;
  if (own === null || planKick === null || cdcStarted === null || status === 'aborted' || capture.sourceLost !== null)
    return new Map();
  const seen = await readSeen(ctx, own);
  // Asked last: while the servers were read the drain may have ended.
  if (isDrained(given.state())) return new Map();
  const judged = judgeDown(seen, since, {nowMs: ctx.steady(), ...times});
  for (const slot of judged.kick) await kick(ctx, {planKick, live: own.live}, slot);
  return judged.since;
}

/** While all of them run the source is not asked: it is asked every two seconds, for weeks. */
async function readSeen(ctx: StepContext, {live, slots}: OwnCapture): Promise<Parameters<typeof judgeDown>[0]> {
  const target = await ctx.session('target');
  const states = (await live.readStates?.(target, slots)) ?? null;
  if (states !== null && !states.some(({state}) => state === 'down'))
    return states.map((one) => ({...one, lagBytes: null}));
  return live.status({source: await ctx.session('source'), target}, slots);
}

async function kick(
  ctx: StepContext,
  {planKick, live}: {readonly planKick: NonNullable<LiveCapture['planKick']>; readonly live: LiveCapture},
  slot: string,
): Promise<void> {
  await ctx.record({type: 'command.received', by: 'supervisor', command: {type: 'kick-cdc', slot}});
  await orGoOn(goingOf(ctx, live, slot), await planKick(ctx, slot));
}

/** Which slots are to be kicked by a reading, and what is to be remembered of all. Pure. */
export function judgeDown(
  seen: readonly Pick<SlotStatus, 'slot' | 'state' | 'lagBytes'>[],
  since: ReadonlyMap<string, Since>,
  {nowMs, downMs, againMs}: Omit<KickTimes, 'everyMs'> & {readonly nowMs: number},
): {readonly kick: readonly string[]; readonly since: ReadonlyMap<string, Since>} {
  const next = seen.map(({slot, state, lagBytes}): [string, Since] => {
    const known = since.get(slot);
    const down = state === 'down' && lagBytes !== null ? (known?.downMs ?? nowMs) : null;
    const kickedMs = known?.kickedMs ?? null;
    const isDue = down !== null && nowMs - down >= downMs && (kickedMs === null || nowMs - kickedMs >= againMs);
    return [slot, {downMs: down, kickedMs: isDue ? nowMs : kickedMs}];
  });
  return {
    kick: next.flatMap(([slot, {kickedMs}]) => (kickedMs === nowMs ? [slot] : [])),
    since: new Map(next),
  };
}
