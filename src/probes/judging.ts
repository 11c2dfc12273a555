import type {PastAttempt} from '../domain/eta.ts';
import type {Reading, ReadingBody} from '../domain/reading.ts';
import {createAlarmKeeper} from './alarm-keeper.ts';
import {judgeAlarms} from './alarms.ts';
import {staleAfterMs} from './back-off.ts';
import {forecast} from './forecasts.ts';
import {NOTHING_SEEN, remember, type History} from './history.ts';
import {writeMetrics} from './metrics-file.ts';
import {readingsFileAt} from './readings-file.ts';
import type {WatchContext} from './watch-context.ts';

/** What becomes of the readings. */
export interface Judging {
  hear(body: ReadingBody): void;
  stop(): Promise<void>;
}

/** What readings come from, and who hears them. */
export interface JudgingOptions {
  readonly probes: readonly {readonly name: string; readonly everyMs: number; readonly atMostShare?: number}[];
  readonly tell: (reading: Reading) => void;
}

/** Takes every reading: keeps it, passes it on, and at every interval makes forecasts and alarms of what is known. */
export function startJudging(ctx: WatchContext, {probes, tell}: JudgingOptions): Judging {
  const file = readingsFileAt(ctx.readingsFile);
  const stale = new Map(probes.map((probe) => [probe.name, staleAfterMs(probe)]));
  const sinceMs = ctx.now();
  let history: History = NOTHING_SEEN;
  let broken = new Set<string>();

  const stamped = (body: ReadingBody): Reading => ({...body, at: new Date(ctx.now()).toISOString()});
  const show = (reading: Reading): void => {
    history = remember(history, reading, ctx.state());
    tell(reading);
  };
  /** A file that cannot be written is told once, until it can be again; it stops no probe. */
  const attempt = async (what: string, work: Promise<void>): Promise<void> => {
    try {
      await work;
      broken.delete(what);
    } catch (error) {
      if (!broken.has(what)) show(stamped({probe: 'failed', of: what, message: String(error)}));
      broken.add(what);
    }
  };
  const hear = (body: ReadingBody): void => {
    const reading = stamped(body);
    show(reading);
    void attempt('readings file', file.append(reading));
  };
  const keeper = createAlarmKeeper(ctx, hear);

  /** The journal is read once for every load that is planned: its end is a new attempt's beginning. */
  let known: {readonly boundary: string | null; readonly attempt: PastAttempt | null} | null = null;
  const pastAttempts = async (): Promise<PastAttempt | null> => {
    const boundary = ctx.state().loadBoundary;
    if (known === null || known.boundary !== boundary) known = {boundary, attempt: await ctx.readPast()};
    return known.attempt;
  };

  async function judge(): Promise<void> {
    const nowMs = ctx.now();
    const past = await pastAttempts();
    for (const body of forecast({history, state: ctx.state(), past, nowMs})) hear(body);
    const look = {history, state: ctx.state(), thresholds: ctx.thresholds, nowMs, sinceMs, staleAfterMs: stale};
    await attempt('alarms', keeper.keep(judgeAlarms(look)));
    if (ctx.metricsFile !== null) {
      await attempt('metrics file', writeMetrics(ctx.metricsFile, {history, state: ctx.state(), nowMs}));
    }
  }

  let judged: Promise<void> | null = null;
  const timer = setInterval(() => {
    judged ??= attempt('forecasts', judge()).finally(() => (judged = null));
  }, ctx.intervalMs);
  return {
    hear,
    stop: async () => {
      clearInterval(timer);
      await judged;
      await keeper.settled();
    },
  };
}
