import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Actor, AgainHow} from '../../../domain/run/event.ts';
import {claimedSentinels} from '../../../domain/run/claimed.ts';
import {formatRelation, parseRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {failureOf} from '../../run/run-steps.ts';
import type {StepContext} from '../../step.ts';
import {tablesToCompare} from '../compare-tables.ts';
import {readSides, type ComparedPair, type Sides, type TableToCompare} from '../read-sides.ts';
import {converge, scanLive} from './converge.ts';
import {cutPieces} from './pieces.ts';
import {gatherResults, type AgainCompared, type Results} from './results.ts';
import {compareInSlices} from './slices.ts';
import {takeBackForSure} from './take-back.ts';
import {whyNoFence} from './why-no-fence.ts';

/** A comparison that is asked for. */
export interface AgainOrder {
  readonly by: Actor;
  /** With their schemas, `public.users`; empty for all. */
  readonly tables: readonly string[];
  /** Whether nothing is to be held, be it that it could. */
  readonly converging: boolean;
  /** Hears of each table. */
  readonly hear?: (compared: AgainCompared, done: number, of: number) => Promise<void>;
  /** Pieces are cut for so many bytes. */
  readonly pieceBytes?: number;
}

/** What a comparison has come to. */
export interface AgainCame {
  readonly how: AgainHow;
  readonly compared: readonly AgainCompared[];
}

/**
 * Compares every row of every table while change capture runs: with replica and target held at one commit where they can be, else by converging. Journals its begin, each
 * table and its end; what was held goes on, however it ends.
 */
export async function compareAgain(ctx: StepContext, order: AgainOrder): Promise<AgainCame> {
  try {
    await takeBackForSure(ctx, order.by);
    const tables = chosenOf(await tablesToCompare(ctx), order.tables);
    const why = order.converging ? 'converging was asked for' : await whyNoFence(ctx);
    const how: AgainHow = why === null ? 'fence' : 'converging';
    const isOnAgain = goesOn(ctx, order, how);
    if (!isOnAgain) await ctx.record({type: 'again.begun', by: order.by, how, tables: tables.length});
    const compared = await compareThem(ctx, order, {tables: isOnAgain ? withoutDone(ctx, tables) : tables, how});
    await noteOwed(ctx, compared);
    await ctx.record({type: 'again.ended', by: order.by, failure: null});
    return {how, compared};
  } catch (error) {
    // A supervisor that ends leaves it to the next one, which goes on with it.
    if (!ctx.signal.aborted) await ctx.record({type: 'again.ended', by: order.by, failure: failureOf(error)});
    throw error;
  }
}

/** What is equal is owed no comparison any more; what differs is owed one until it is mended. */
async function noteOwed(ctx: StepContext, compared: readonly AgainCompared[]): Promise<void> {
  const equal = compared.filter(({rows, undecided}) => rows === null && undecided === 0).map(({table}) => table);
  if (equal.length > 0) await ctx.record({type: 'comparison.made', tables: equal});
  const differing = compared.filter(({rows}) => rows !== null).map(({table}) => table);
  if (differing.length > 0)
    await ctx.record({
      type: 'comparison.owed',
      tables: differing,
      why: 'it was compared while change capture runs, and differs',
    });
}

/** A comparison of all tables that a supervisor has left goes on with those that it had not come to. */
function goesOn(ctx: StepContext, order: AgainOrder, how: AgainHow): boolean {
  const {again} = ctx.state();
  return (
    again !== null && again.endedAt === null && again.how === how && again.by === order.by && order.tables.length === 0
  );
}

function withoutDone(ctx: StepContext, tables: readonly TableToCompare[]): TableToCompare[] {
  const done = new Set(ctx.state().again?.done);
  return tables.filter(({table}) => !done.has(formatRelation(table)));
}

/** Sentinels are what it is done with, and the probes count them. Pure. */
export function notSentinels(known: readonly TableToCompare[]): TableToCompare[] {
  return known.filter(({table}) => table.schema !== SENTINEL_SCHEMA);
}

/** Those of these names, all without. Throws `usage` for a name that is none of them. Pure. */
export function chosenOf(known: readonly TableToCompare[], names: readonly string[]): TableToCompare[] {
  const all = notSentinels(known);
  if (names.length === 0) return all;
  return names.map((name) => {
    const table = parseRelation(name);
    const found = all.find((one) => table !== null && sameName(one.table, table));
    if (found !== undefined) return found;
    throw new LonghaulError({
      code: 'usage',
      message: `${name} is no table that is loaded`,
      remedy:
        'name it with its schema, as longhaul status --json lists the tables of the units: longhaul compare --again public.users',
    });
  });
}

function sameName(one: RelationName, other: RelationName): boolean {
  return quoteRelation(one) === quoteRelation(other);
}

async function compareThem(
  ctx: StepContext,
  {hear, pieceBytes}: AgainOrder,
  {tables, how}: {readonly tables: readonly TableToCompare[]; readonly how: AgainHow},
): Promise<readonly AgainCompared[]> {
  const lanes = ctx.config.compare.lanes ?? ctx.config.load.lanes;
  const sides = await readSides(ctx, tables, lanes);
  const pieces = await cutPieces(await ctx.session('replica'), sides.pairs, pieceBytes);
  const compared: AgainCompared[] = [];
  const results = gatherResults(pieces, async (one) => {
    compared.push(one);
    const {rows, ...counts} = one;
    await ctx.record({type: 'again.compared', how, ...counts, ...(rows === null ? {} : {rowsThatDiffer: rows})});
    await hear?.(one, compared.length, tables.length);
  });
  const capture = how === 'fence' ? captureOf(ctx) : null;
  const left = capture === null ? pieces : await compareInSlices(ctx, {capture, sides, pieces, lanes, results});
  await convergeAll(ctx, {sides, pieces: left, lanes, results});
  return compared;
}

async function convergeAll(
  ctx: StepContext,
  {
    sides,
    pieces,
    lanes,
    results,
  }: {
    readonly sides: Sides;
    readonly pieces: readonly ComparedPair[];
    readonly lanes: number;
    readonly results: Results;
  },
): Promise<void> {
  if (pieces.length === 0) return;
  const scanning = scanLive(ctx, sides, lanes);
  const {showValues} = ctx.config.compare;
  const slots = captureOf(ctx)?.slots ?? claimedSentinels(ctx.state().claimed);
  const own = {
    ctx,
    slots,
    isInOrder: captureOf(ctx) !== null && captureOf(ctx)?.live.isInOrder !== false,
    dialect: sides.dialect,
    showValues,
    scanning,
  };
  const queue = [...pieces];
  const work = async (): Promise<void> => {
    for (let pair = queue.shift(); pair !== undefined; pair = queue.shift()) {
      ctx.signal.throwIfAborted();
      await results.piece(await converge(own, pair));
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({length: lanes}, work));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    await scanning.close();
  }
}
