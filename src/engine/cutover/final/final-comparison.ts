import type {Config} from '../../../config/config.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import type {Limits, Session} from '../../../pg/session/session.ts';
import {readSides, type ComparedPair, type Sides} from '../../compare/read-sides.ts';
import type {StepContext} from '../../step.ts';
import {planEndOfFinalScans} from '../../run/own-statements.ts';
import {stoppedBy} from '../../run/stopped-by.ts';
import type {EndedEarly, FailedTable, FinalComparison, FinalResult, WrittenSince} from './final.ts';
import {LANES, onSource, openPairs, type Pair} from './lanes.ts';
import {holdSnapshots, readTable, type ReadingLane} from './read-table.ts';
import {orderOfReading, type Ordered, type Reading} from './window.ts';
import {readTablesAhead} from './written-since.ts';

/** What the last comparison reads, in its order. */
interface Known extends Sides {
  readonly written: WrittenSince;
}

/** A comparison as it is, from one cutover to the next. */
interface Comparison {
  known: Known | null;
  /** Open now; those of `ready` wait for the snapshots. */
  sessions: Session[];
  ready: readonly Pair[];
  compared: FinalResult[];
  waiting: Reading<ComparedPair>[];
  left: Set<string>;
  counted: Set<string>;
  failed: FailedTable[];
  failure: unknown;
  ended: EndedEarly | null;
  running: Promise<void>;
  isRunning: boolean;
}

/** A comparison that nobody has begun yet. */
export function createFinalComparison(): FinalComparison<StepContext> {
  const at: Comparison = {
    known: null,
    sessions: [],
    ready: [],
    compared: [],
    waiting: [],
    left: new Set(),
    counted: new Set(),
    failed: [],
    failure: null,
    ended: null,
    running: Promise.resolve(),
    isRunning: false,
  };
  return {
    prepare: async (ctx) => void (await prepare(at, ctx)),
    settle: (results) => {
      at.compared.push(...results.filter(({table}) => at.left.delete(table)));
    },
    begin: async (ctx) => begin(at, ctx),
    progress: () => ({
      compared: [...at.compared],
      left: [...at.left],
      counted: [...at.counted].filter((table) => at.left.has(table)),
      failed: [...at.failed],
      written: at.known?.written ?? {tables: [], bytes: 0},
      failure: at.failure,
      ended: at.ended,
    }),
    over: async () => at.running,
    end: async (ctx, early) => end(at, ctx, early),
    stop: async () => stop(at),
  };
}

async function prepare(at: Comparison, ctx: StepContext): Promise<Known> {
  await stop(at);
  const known = await readKnown(ctx);
  at.compared = [];
  at.counted = new Set();
  at.failed = [];
  at.failure = null;
  at.ended = null;
  at.left = new Set(known.pairs.map(({table}) => formatRelation(table)));
  at.ready = await openPairs(ctx, known, at.sessions);
  at.known = known;
  return known;
}

async function begin(at: Comparison, ctx: StepContext): Promise<void> {
  const known = at.known ?? (await prepare(at, ctx));
  const {compareForMs} = ctx.config.cutover;
  at.waiting = orderOfReading(openTables(at, known), compareForMs);
  const living = at.ready.every(({source, target}) => !source.lost && !target.lost);
  const pairs = living && at.ready.length > 0 ? at.ready : await openPairs(ctx, known, at.sessions);
  const countUntilMs = ctx.steady() + compareForMs;
  await Promise.all(pairs.map(async (pair) => holdSnapshots(pair, limitsOf(ctx))));
  const over = new AbortController();
  at.isRunning = true;
  at.running = compareAll(at, ctx, {known, pairs, countUntilMs}).finally(() => over.abort());
  void endInTime(stoppedBy(ctx, over.signal), async (why) => end(at, ctx, {by: 'run', why}));
}

/** What is still to be compared, but for tables whose rows are hidden from our role, for which the target would have to be changed. */
function openTables(at: Comparison, {pairs, written}: Known): Ordered<ComparedPair> {
  const open = pairs.filter(({hides, table}) => !hides && at.left.has(formatRelation(table)));
  const first = new Set(written.tables);
  const isWritten = ({table}: ComparedPair): boolean => first.has(formatRelation(table));
  return {written: open.filter(isWritten), others: open.filter((one) => !isWritten(one))};
}

interface Comparing {
  readonly known: Known;
  readonly pairs: readonly Pair[];
  /** A table is counted only in the time in which writes are stopped; afterwards every row of it is compared anyway. */
  readonly countUntilMs: number;
}

async function compareAll(
  at: Comparison,
  ctx: StepContext,
  {known: {dialect}, pairs, countUntilMs}: Comparing,
): Promise<void> {
  const how = {dialect, limits: limitsOf(ctx), isOpened: () => isTargetOpened(ctx.state().cutover)};
  const mayCount = (): boolean => ctx.steady() < countUntilMs;
  try {
    await Promise.all(pairs.map(async (lane) => work(at, {...lane, ...how}, mayCount)));
  } catch (error) {
    if (at.ended === null) at.failure = error;
  } finally {
    at.isRunning = false;
    // Nobody waits for the snapshots any more, whatever else is done behind the hand-over.
    await close(at);
    if (at.failure !== null) await endScans(ctx);
  }
}

async function work(at: Comparison, lane: ReadingLane, mayCount: () => boolean): Promise<void> {
  for (let next = at.waiting.shift(); next !== undefined; next = at.waiting.shift()) {
    const table = formatRelation(next.pair.table);
    if (!at.left.has(table) || (next.how === 'count' && !mayCount())) continue;
    const result = await readTable(next, lane, (why, error) => {
      at.left.delete(table);
      at.failed.push({table, why, error});
    });
    if (result === null) continue;
    if (next.how === 'count' && !result.differs) at.counted.add(table);
    else if (at.left.delete(table)) at.compared.push(result);
  }
}

async function end(at: Comparison, ctx: StepContext, early: EndedEarly): Promise<void> {
  if (!at.isRunning) return stop(at);
  at.ended ??= early;
  await close(at);
  await endScans(ctx);
  await at.running;
}

async function stop(at: Comparison): Promise<void> {
  await close(at);
  await at.running;
}

async function close(at: Comparison): Promise<void> {
  at.waiting = [];
  const all = at.sessions;
  at.sessions = [];
  at.ready = [];
  await Promise.all(all.map(async (one) => one.close()));
}

async function readKnown(ctx: StepContext): Promise<Known> {
  const {tables, written: first} = await readTablesAhead(ctx);
  const sides = await readSides(onSource(ctx), tables, LANES);
  const bytes = first.reduce((sum, one) => sum + one.bytes, 0);
  return {...sides, written: {tables: first.map(({table}) => formatRelation(table)), bytes}};
}

/** A server does not notice that nobody waits for its scan any more, and would hold the snapshot to the end of that. */
async function endScans(ctx: StepContext): Promise<void> {
  await Promise.all(planEndOfFinalScans(ctx).map(async (action) => action.execute()));
}

/** For how long snapshots are held at most, in milliseconds: what is compared before the hand-over is never cut off. Pure. */
export function heldForMs({cutover}: Pick<Config, 'cutover'>): number {
  return Math.max(cutover.compareForMs, cutover.compareLimitMs);
}

/** The snapshots of what is compared keep vacuum from its work, on a target that production writes to. */
async function endInTime(ctx: StepContext, endIt: (why: string) => Promise<void>): Promise<void> {
  const isOver = await ctx.sleep(heldForMs(ctx.config)).then(
    () => true,
    () => false,
  );
  if (isOver) await endIt(`cutover.compare_limit (${formatDuration(ctx.config.cutover.compareLimitMs)}) was over`);
}

/**
 * Who waits to read keeps nobody waiting, and who gives up takes the snapshot of all that is left with him: so without a limit. The same for all that is done in the snapshot, for what is set behind its
 * mark goes with what is let go of.
 */
function limitsOf({config}: Pick<StepContext, 'config'>): Limits {
  return {timeoutMs: config.timeouts.scanMs, lockTimeoutMs: 0};
}

/** The error of tables that differ, though both sides have the same by rights. Pure. */
export function tablesDiffer(results: readonly FinalResult[]): LonghaulError {
  const words = results.map(
    ({table, sourceRows, targetRows}) => `${table} (source ${sourceRows} rows, target ${targetRows})`,
  );
  return new LonghaulError({
    code: 'failed',
    message: `${results.length === 1 ? '1 table differs' : `${results.length} tables differ`} though everything has arrived: ${words.join('; ')}`,
    remedy: 'longhaul compare names the rows; mend them on the target, then longhaul cutover',
  });
}
