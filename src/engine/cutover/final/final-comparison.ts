import type {Config} from '../../../config/config.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {pinSession} from '../../../pg/compare/pin-session.ts';
import {sumRows} from '../../../pg/compare/table-sums.ts';
import {backToSnapshot, holdSnapshot, markSnapshot} from '../../../pg/cutover/snapshot.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import type {Limits, Session} from '../../../pg/session/session.ts';
import {tablesToCompare} from '../../compare/compare-tables.ts';
import {readSides, type ComparedPair, type Sides} from '../../compare/read-sides.ts';
import type {StepContext} from '../../step.ts';
import {planEndOfFinalScans} from '../../run/own-statements.ts';
import {stoppedBy} from '../../run/stopped-by.ts';
import type {EndedEarly, FinalComparison, FinalResult, WrittenSince} from './final.ts';
import {writtenSince} from './written-since.ts';

/** Scans of the last comparison at once on each server. */
export const LANES = 2;

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
  waiting: ComparedPair[];
  left: Set<string>;
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
  at.failure = null;
  at.ended = null;
  at.left = new Set(known.pairs.map(({table}) => formatRelation(table)));
  at.ready = await openPairs(ctx, known, at.sessions);
  at.known = known;
  return known;
}

async function begin(at: Comparison, ctx: StepContext): Promise<void> {
  const known = at.known ?? (await prepare(at, ctx));
  // Of a table whose rows are hidden from our role the target would have to be changed.
  const settled = new Set(at.compared.map(({table}) => table));
  at.waiting = known.pairs.filter(({hides, table}) => !hides && !settled.has(formatRelation(table)));
  const living = at.ready.every(({source, target}) => !source.lost && !target.lost);
  const pairs = living && at.ready.length > 0 ? at.ready : await openPairs(ctx, known, at.sessions);
  await holdSnapshots(pairs, limitsOf(ctx));
  const over = new AbortController();
  at.isRunning = true;
  at.running = compareAll(at, ctx, {known, pairs}).finally(() => over.abort());
  void endInTime(stoppedBy(ctx, over.signal), async (why) => end(at, ctx, {by: 'run', why}));
}

async function compareAll(
  at: Comparison,
  ctx: StepContext,
  {known, pairs}: {readonly known: Known; readonly pairs: readonly Pair[]},
): Promise<void> {
  try {
    await Promise.all(pairs.map(async (lane) => work(at, ctx, {...lane, dialect: known.dialect})));
  } catch (error) {
    if (at.ended === null) at.failure = error;
  } finally {
    at.isRunning = false;
    // Nobody waits for the snapshots any more, whatever else is done behind the hand-over.
    await close(at);
    if (at.failure !== null) await endScans(ctx);
  }
}

async function work(at: Comparison, ctx: StepContext, lane: Omit<Comparing, 'limits'>): Promise<void> {
  for (let pair = at.waiting.shift(); pair !== undefined; pair = at.waiting.shift()) {
    const result = await compareTable(pair, {...lane, limits: limitsOf(ctx)});
    at.compared.push(result);
    at.left.delete(result.table);
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

/** The smallest first, so that of most tables it is known soon; before all those that were written to, for what has changed may be lost. */
async function readKnown(ctx: StepContext): Promise<Known> {
  const tables = (await tablesToCompare(ctx)).filter(({table}) => table.schema !== SENTINEL_SCHEMA).toReversed();
  const first = await writtenSince(ctx, tables);
  const known = new Set(first);
  const sides = await readSides(onSource(ctx), [...first, ...tables.filter((one) => !known.has(one))], LANES);
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

async function holdSnapshots(pairs: readonly Pair[], limits: Limits): Promise<void> {
  const hold = async (session: Session): Promise<void> => {
    await session.run(holdSnapshot());
    await session.run(markSnapshot(), limits);
  };
  await Promise.all(pairs.flatMap(({source, target}) => [hold(source), hold(target)]));
}

interface Comparing extends Pair {
  readonly dialect: Sides['dialect'];
  readonly limits: Limits;
}

async function compareTable(
  {table, columns, key, problem}: ComparedPair,
  {dialect, source, target, limits}: Comparing,
): Promise<FinalResult> {
  const statement = sumRows({table, columns, key: key ?? columns, sample: null}, dialect, null);
  const [own, there] = await Promise.all([source.one(statement, limits), target.one(statement, limits)]);
  await Promise.all([source.run(backToSnapshot(), limits), target.run(backToSnapshot(), limits)]);
  const differs = own.rows !== there.rows || own.sum !== there.sum || problem !== null;
  return {table: formatRelation(table), differs, sourceRows: own.rows, targetRows: there.rows};
}

/** A lane's sessions, a session on each side, both with the settings of the comparison. */
export interface Pair {
  readonly source: Session;
  readonly target: Session;
}

/** A pair of sessions for each lane, named by their purpose. All that were opened are in `opened`, whatever fails. */
export async function openPairs(
  ctx: StepContext,
  {dialect}: Pick<Sides, 'dialect'>,
  opened: Session[],
  purpose = 'final',
): Promise<Pair[]> {
  return Promise.all(
    Array.from({length: LANES}, async (_, lane) => {
      const open = async (role: 'source' | 'target'): Promise<Session> => {
        const session = await ctx.open(role, `${purpose}-${lane}`);
        opened.push(session);
        await session.run(pinSession(session.version, dialect));
        return session;
      };
      const [source, target] = await Promise.all([open('source'), open('target')]);
      return {source, target};
    }),
  );
}

/** What compares the replica compares the source here: nobody writes there. */
export function onSource(ctx: StepContext): StepContext {
  return {...ctx, session: async (role) => ctx.session(role === 'replica' ? 'source' : role)};
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
