import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Actor, AgainHow} from '../../../domain/run/event.ts';
import {claimedSentinels} from '../../../domain/run/claimed.ts';
import type {AgainState} from '../../../domain/run/again/again-state.ts';
import type {OwedComparison} from '../../../domain/run/capture/capture-state.ts';
import {
  formatRelation,
  parseRelation,
  quoteRelation,
  sameRelation,
  type RelationName,
} from '../../../domain/pg/relation.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {readPartlyCarried} from '../../cutover/rest/partly-carried.ts';
import {failureOf} from '../../run/run-steps.ts';
import type {StepContext} from '../../step.ts';
import {tablesToCompare} from '../compare-tables.ts';
import {readSides, type ComparedPair, type Sides, type TableToCompare} from '../read-sides.ts';
import {allOver} from '../../waiting/all-over.ts';
import {throughOutages} from '../../waiting/outage.ts';
import {telling} from '../scans/scanning.ts';
import {converge, scanLive} from './converge.ts';
import {cutPieces, expectPieces, type ExpectedPieces} from './pieces.ts';
import {gatherResults, type AgainCompared, type AgainProgress, type Results} from './results.ts';
import {compareInSlices} from './slices.ts';
import {createSourceMarks, type SourceMarks} from '../../cutover/final/written-since.ts';
import {takeBackForSure, tellWaiting} from './take-back.ts';
import {whyNoFence} from './why-no-fence.ts';

/** A comparison that is asked for. */
export interface AgainOrder {
  readonly by: Actor;
  /** With their schemas, `public.users`; empty for all. */
  readonly tables: readonly string[];
  /** Whether nothing is to be held, be it that it could. */
  readonly converging: boolean;
  /** Hears how far it is, piece by piece. */
  readonly hear?: (progress: AgainProgress) => Promise<void>;
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
  const compared: AgainCompared[] = [];
  try {
    return await throughOutages(ctx, tellWaiting(ctx, order.by), async () => compareOnce(ctx, order, compared));
  } catch (error) {
    // A supervisor that ends leaves it to the next one, which goes on with it.
    if (!ctx.signal.aborted) await ctx.record({type: 'again.ended', by: order.by, failure: failureOf(error)});
    throw error;
  }
}

/** Goes on with what one before it has left, whose tables are in `compared` as well. */
async function compareOnce(ctx: StepContext, order: AgainOrder, compared: AgainCompared[]): Promise<AgainCame> {
  await takeBackForSure(ctx, order.by);
  const partly = new Set((await readPartlyCarried(ctx)).map(({table}) => quoteRelation(table)));
  // They may differ now, and are compared and copied again by the cutover.
  const chosen = chosenOf(await tablesToCompare(ctx), order.tables);
  const isLeftOut = ({table}: TableToCompare): boolean => order.tables.length === 0 && partly.has(quoteRelation(table));
  const tables = chosen.filter((one) => !isLeftOut(one));
  const leftOut = chosen.filter((one) => isLeftOut(one)).map(({table}) => table);
  const why = order.converging ? 'converging was asked for' : await whyNoFence(ctx);
  const how: AgainHow = why === null ? 'fence' : 'converging';
  const isOnAgain = goesOn(ctx.state().again, order, how);
  if (!isOnAgain) {
    compared.length = 0;
    await ctx.record({
      type: 'again.begun',
      by: order.by,
      how,
      tables: tables.length,
      ...(leftOut.length === 0 ? {} : {leftOut}),
    });
  }
  const left = isOnAgain ? withoutDone(ctx, tables) : tables;
  await compareThem(ctx, order, {tables: left, how, partly, compared});
  await noteMade(ctx, compared);
  await ctx.record({type: 'again.ended', by: order.by, failure: null});
  return {how, compared};
}

/** What is equal is owed no comparison any more; what differs is owed one, from when it was found on, until it is mended. */
async function noteMade(ctx: StepContext, compared: readonly AgainCompared[]): Promise<void> {
  const equal = compared.filter(({rows, undecided}) => rows === null && undecided === 0).map(({table}) => table);
  const {again, capture} = ctx.state();
  const tables = settled(equal, capture.owed, again?.startedAt ?? null);
  if (tables.length > 0) await ctx.record({type: 'comparison.made', tables});
}

/** Those of these equal tables that are owed none any more: what came to be owed after the comparison had begun, it may have read before. Pure. */
export function settled(
  equal: readonly RelationName[],
  owed: readonly OwedComparison[],
  startedAt: string | null,
): RelationName[] {
  const later = owed.filter(({since}) => startedAt === null || since > startedAt);
  return equal.filter((table) => !later.some((one) => sameRelation(one.table, table)));
}

/** A comparison of all tables that a supervisor has left goes on with those that it had not come to, where it is the step's: an operator's own begins anew. Pure. */
export function goesOn(
  again: AgainState | null,
  {by, tables}: Pick<AgainOrder, 'by' | 'tables'>,
  how: AgainHow,
): boolean {
  if (by !== 'compare-again' || tables.length > 0) return false;
  return again !== null && again.endedAt === null && again.how === how && again.by === by;
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
    const found = all.find((one) => table !== null && sameRelation(one.table, table));
    if (found !== undefined) return found;
    throw new LonghaulError({
      code: 'usage',
      message: `${name} is no table that is loaded`,
      remedy:
        'name it with its schema, as longhaul status --json lists the tables of the units: longhaul compare --again public.users',
    });
  });
}

/** `partly`: which of them change capture does not bring whole, by their quoted names. */
interface ThoseCompared {
  readonly tables: readonly TableToCompare[];
  readonly how: AgainHow;
  readonly partly: ReadonlySet<string>;
  /** Takes what was compared. */
  readonly compared: AgainCompared[];
}

async function compareThem(
  ctx: StepContext,
  {hear, pieceBytes}: AgainOrder,
  {tables, how, partly, compared}: ThoseCompared,
): Promise<void> {
  const lanes = ctx.config.compare.lanes ?? ctx.config.load.lanes;
  const sides = await readSides(ctx, tables, lanes);
  const pieces = await cutPieces(await ctx.session('replica'), sides.pairs, pieceBytes);
  const expected = expectPieces(ctx, pieces);
  const marks = createSourceMarks(ctx);
  const hearTable = async (one: AgainCompared): Promise<void> => {
    compared.push(one);
    const {rows, ...counts} = one;
    const differing = rows === null ? {} : {rowsThatDiffer: rows};
    await ctx.record({type: 'again.compared', how, ...counts, ...differing, ...marks.of(one.table)});
    // The comparison may not come to its end.
    if (rows !== null && !partly.has(quoteRelation(one.table)))
      await ctx.record({
        type: 'comparison.owed',
        tables: [one.table],
        why: 'it was compared while change capture runs, and differs',
      });
  };
  const results = gatherResults(pieces, {table: hearTable, progress: async (progress) => hear?.(progress)});
  const capture = how === 'fence' ? captureOf(ctx) : null;
  const left =
    capture === null
      ? pieces
      : await compareInSlices(ctx, {capture, sides, pieces, lanes, results, expected, before: marks.before});
  await convergeAll(ctx, {sides, pieces: left, lanes, results, expected, before: marks.before});
}

async function convergeAll(
  ctx: StepContext,
  {
    sides,
    pieces,
    lanes,
    results,
    expected,
    before,
  }: {
    readonly sides: Sides;
    readonly pieces: readonly ComparedPair[];
    readonly lanes: number;
    readonly results: Results;
    readonly expected: ExpectedPieces;
    readonly before: SourceMarks['before'];
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
      await before([pair]);
      const compared = await expected
        .take(pair)
        .during(null, async (tell) => converge({...own, scanning: telling(scanning, tell)}, pair));
      await results.piece(compared);
    }
  };
  try {
    await allOver(Array.from({length: lanes}, work));
  } finally {
    await scanning.close();
  }
}
