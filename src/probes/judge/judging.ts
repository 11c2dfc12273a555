import type {Alarm} from '../../domain/reading/alarm.ts';
import {isoTime} from '../../domain/base/iso-time.ts';
import {rm} from 'node:fs/promises';
import type {PastAttempt} from '../../domain/reading/estimate-load.ts';
import {estimateGrowth} from '../../domain/reading/growth.ts';
import {lineFacts} from '../../domain/reading/line-facts.ts';
import type {Reading, ReadingBody} from '../../domain/reading/reading.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {createAlarmKeeper} from './alarm-keeper.ts';
import {judgeAlarms} from './alarms.ts';
import {createAskedTime} from '../watch/asked-time.ts';
import {staleAfterMs} from '../watch/back-off.ts';
import {foretellingSeldom} from './capture/foretell-catch-up.ts';
import {forecast} from './filling/forecasts.ts';
import {remember, type History} from './history.ts';
import {formatMetrics} from '../out/open-metrics.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import {readingsFileAt, seldom} from '../out/readings-file.ts';
import {replaceFile} from '../out/replace-file.ts';
import {recall} from './recall.ts';
import {createTroubles} from './troubles.ts';
import type {WatchContext} from '../watch/watch-context.ts';
import {within} from '../watch/within.ts';

const KEEP_EVERY_MS = 10_000;

/** How long ending waits for the operator's script. */
const SETTLE_MS = 5000;

/** What becomes of the readings. */
export interface Judging {
  /** Takes a reading and how long it took. */
  readonly hear: (body: ReadingBody, tookMs: number) => void;
  stop(): Promise<void>;
}

/** What readings come from, and who hears them. */
export interface JudgingOptions {
  readonly probes: readonly {
    readonly name: string;
    readonly everyMs: number;
    readonly atMostShare?: number;
    readonly server?: ServerRole;
  }[];
  readonly tell: (reading: Reading) => void;
  /** Readings of the supervisors before, oldest first. */
  readonly past: readonly Reading[];
}

/** Takes every reading: keeps it, passes it on, and at every interval makes forecasts and alarms of what is known. */
export function startJudging(ctx: WatchContext, {probes, tell, past: before}: JudgingOptions): Judging {
  const file = readingsFileAt(ctx.readingsFile);
  const isKept = seldom(KEEP_EVERY_MS);
  const staleAfter = new Map(probes.map((probe) => [probe.name, staleAfterMs(probe)]));
  const sinceMs = ctx.steady();
  const troubles = createTroubles();
  const keeper = createAlarmKeeper(ctx, (why) => troubles.note('alarms.command', why));
  const readPast = pastOfLoad(ctx);
  const ofPrimary = new Set(probes.flatMap(({name, server}) => (server === 'source' ? [name] : [])));
  const asked = createAskedTime(sinceMs);
  const foretell = foretellingSeldom();
  let history: History = recall(before, ctx.state(), {nowMs: ctx.now(), steadyMs: sinceMs});

  const keep = (body: ReadingBody): void => {
    const reading: Reading = {...body, at: isoTime(ctx.now())};
    history = remember(history, reading, {state: ctx.state(), atMs: ctx.steady()});
    tell(reading);
    if (isKept(reading)) void troubles.attempt('readings file', file.append(reading));
  };

  async function judge(): Promise<void> {
    const [nowMs, steadyMs] = [ctx.now(), ctx.steady()];
    const past = await readPast();
    const {caughtUpWalBytes = 0} = ctx;
    const known = {history, state: ctx.state(), past, caughtUpWalBytes, foretell};
    for (const body of forecast({...known, nowMs, steadyMs, staleAfterMs: staleAfter})) keep(body);
    keep({
      probe: 'primary',
      walBytesPerSecond: estimateGrowth(history.wal)?.perSecond ?? null,
      askedShare: asked.share(steadyMs),
    });
    const {thresholds} = ctx;
    const observed = {history, state: ctx.state(), thresholds, nowMs, steadyMs, sinceMs, staleAfterMs: staleAfter};
    const due = judgeAlarms({...observed, troubles: troubles.seen});
    keep({probe: 'alarms', seen: byId(due, 'seen'), remedies: byId(due, 'remedy')});
    await troubles.attempt('journal', keeper.keep(due));
    const facts = lineFacts(ctx.state(), history.newest.values());
    await troubles.attempt('line file', replaceFile(ctx.lineFile, JSON.stringify(facts), 0o600));
    if (ctx.metricsFile !== null) {
      // node_exporter's collector is another user; nothing in it is secret.
      const metrics = formatMetrics({history, state: ctx.state(), wallMs: ctx.wall(), steadyMs});
      await troubles.attempt('metrics file', replaceFile(ctx.metricsFile, metrics, 0o644));
    }
  }

  let judged: Promise<void> | null = null;
  const timer = setInterval(() => {
    judged ??= troubles.attempt('forecasts', judge()).finally(() => (judged = null));
  }, ctx.intervalMs);
  return {
    hear: (body, tookMs) => {
      const name = readingKey(body).replace(/^failed:/, '');
      if (ofPrimary.has(name)) asked.add({atMs: ctx.steady(), tookMs});
      keep(body);
    },
    stop: async () => {
      clearInterval(timer);
      await judged;
      // What nobody writes any more must not be taken for what is.
      await rm(ctx.lineFile, {force: true}).catch(() => undefined);
      if (ctx.metricsFile !== null) await rm(ctx.metricsFile, {force: true}).catch(() => undefined);
      // The script is a separate process; what it was not told yet is in the journal.
      await within(SETTLE_MS, 'alarms.command', keeper.settled()).catch(() => undefined);
    },
  };
}

/** The journal is read once for every load that is planned: the end of an attempt is the beginning of the next. */
function pastOfLoad(ctx: Pick<WatchContext, 'state' | 'readPast'>): () => Promise<PastAttempt | null> {
  let known: {readonly boundary: string | null; readonly attempt: PastAttempt | null} | null = null;
  return async () => {
    const boundary = ctx.state().loadBoundary;
    if (known === null || known.boundary !== boundary) known = {boundary, attempt: await ctx.readPast()};
    return known.attempt;
  };
}

function byId(alarms: readonly Alarm[], what: 'seen' | 'remedy'): Record<string, string> {
  return Object.fromEntries(alarms.map((alarm) => [alarm.id, alarm[what]]));
}
