import type {Config} from '../../../config/config.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {pinSession} from '../../../pg/compare/pin-session.ts';
import {sumRows} from '../../../pg/compare/table-sums.ts';
import {holdSnapshot} from '../../../pg/cutover/snapshot.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import type {Session} from '../../../pg/session/session.ts';
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

/** A comparison that nobody has begun yet. */
export function createFinalComparison(): FinalComparison<StepContext> {
  let known: Known | null = null;
  let sessions: Session[] = [];
  let ready: readonly Pair[] = [];
  let compared: FinalResult[] = [];
  let waiting: ComparedPair[] = [];
  let left = new Set<string>();
  let failure: unknown = null;
  let ended: EndedEarly | null = null;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;

  async function work(ctx: StepContext, {dialect}: Sides, lane: Pair): Promise<void> {
    for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
      const result = await compareTable(pair, {...lane, dialect, limitMs: ctx.config.timeouts.scanMs});
      compared.push(result);
      left.delete(result.table);
    }
  }

  async function close(): Promise<void> {
    waiting = [];
    const all = sessions;
    sessions = [];
    ready = [];
    await Promise.all(all.map(async (one) => one.close()));
  }

  async function stop(): Promise<void> {
    await close();
    await running;
  }

  async function end(ctx: StepContext, early: EndedEarly): Promise<void> {
    if (!isRunning) return stop();
    ended ??= early;
    await close();
    await endScans(ctx);
    await running;
  }

  async function prepare(ctx: StepContext): Promise<Known> {
    await stop();
    const sides = await readKnown(ctx);
    compared = [];
    failure = null;
    ended = null;
    left = new Set(sides.pairs.map(({table}) => formatRelation(table)));
    ready = await openPairs(ctx, sides, sessions);
    known = sides;
    return sides;
  }

  async function begin(ctx: StepContext): Promise<void> {
    const sides = known ?? (await prepare(ctx));
    // Of a table whose rows are hidden from our role the target would have to be changed.
    const settled = new Set(compared.map(({table}) => table));
    waiting = sides.pairs.filter(({hides, table}) => !hides && !settled.has(formatRelation(table)));
    const living = ready.every(({source, target}) => !source.lost && !target.lost);
    const pairs = living && ready.length > 0 ? ready : await openPairs(ctx, sides, sessions);
    await holdSnapshots(pairs);
    const over = new AbortController();
    isRunning = true;
    running = Promise.all(pairs.map(async (lane) => work(ctx, sides, lane)))
      .then(() => undefined)
      .catch((error: unknown) => {
        if (ended === null) failure = error;
        waiting = [];
      })
      .finally(async () => {
        isRunning = false;
        over.abort();
        // Nobody waits for the snapshots any more, whatever else is done behind the hand-over.
        await close();
        if (failure !== null) await endScans(ctx);
      });
    void endInTime(stoppedBy(ctx, over.signal), async (why) => end(ctx, {by: 'run', why}));
  }

  return {
    prepare: async (ctx) => void (await prepare(ctx)),
    settle: (results) => {
      compared.push(...results.filter(({table}) => left.delete(table)));
    },
    begin,
    progress: () => ({
      compared: [...compared],
      left: [...left],
      written: known?.written ?? {tables: [], bytes: 0},
      failure,
      ended,
    }),
    over: async () => running,
    end,
    stop,
  };
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
async function endInTime(ctx: StepContext, end: (why: string) => Promise<void>): Promise<void> {
  const isOver = await ctx.sleep(heldForMs(ctx.config)).then(
    () => true,
    () => false,
  );
  if (isOver) await end(`cutover.compare_limit (${formatDuration(ctx.config.cutover.compareLimitMs)}) was over`);
}

async function holdSnapshots(pairs: readonly Pair[]): Promise<void> {
  await Promise.all(pairs.flatMap(({source, target}) => [source.run(holdSnapshot()), target.run(holdSnapshot())]));
}

interface Comparing extends Pair {
  readonly dialect: Sides['dialect'];
  readonly limitMs: number;
}

async function compareTable(
  {table, columns, key, problem}: ComparedPair,
  {dialect, source, target, limitMs}: Comparing,
): Promise<FinalResult> {
  const statement = sumRows({table, columns, key: key ?? columns, sample: null}, dialect, null);
  const limits = {timeoutMs: limitMs};
  const [own, there] = await Promise.all([source.one(statement, limits), target.one(statement, limits)]);
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
