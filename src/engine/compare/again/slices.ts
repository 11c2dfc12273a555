import {fenceBroken, type Boundary} from '../../../domain/pg/boundary.ts';
import {readReplicaPosition} from '../../../pg/replication/replica.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {whyBehind} from '../../capture/catch-up.ts';
import type {OwnCapture} from '../../capture/own-capture.ts';
import {executeAll} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {executeBeside} from '../../waiting/pool.ts';
import {planSums} from '../compare-rows.ts';
import type {AroundReplica} from '../comparing.ts';
import {whileHeld} from '../scans/held.ts';
import {KEEP_NOTHING} from '../kept-sums.ts';
import type {ComparedPair, Sides} from '../read-sides.ts';
import type {TableComparison} from '../table-comparison.ts';
import {planFence} from './fence.ts';
import {piecesOfSlice, type ExpectedPieces} from './pieces.ts';
import type {Results} from './results.ts';
import {takeBackForSure} from './take-back.ts';
import {Unproved} from './unproved.ts';
import {whyNoFence} from './why-no-fence.ts';

/** What is compared under fences. */
export interface Slicing {
  readonly capture: OwnCapture;
  readonly sides: Pick<Sides, 'dialect'>;
  readonly pieces: readonly ComparedPair[];
  readonly lanes: number;
  readonly results: Results;
  readonly expected: ExpectedPieces;
  /** Hears of pieces before they are compared. */
  readonly before: (pieces: readonly ComparedPair[]) => Promise<void>;
}

/** How often a fence that is not proved is made anew. */
const TRIES = 3;

/**
 * Compares pieces while replica and target are held at one commit, slice after slice: between two of them both catch up, so that neither lag nor WAL grows for longer
 * than `cdc.compare_slice`. Gives the pieces that are left where no fence is proved.
 */
export async function compareInSlices(ctx: StepContext, slicing: Slicing): Promise<readonly ComparedPair[]> {
  let left = slicing.pieces;
  // As much as surely fits, until it is known how fast it goes.
  let budget = FIRST_BYTES * slicing.lanes;
  for (let tries = 1; left.length > 0;) {
    await whileHeld(ctx);
    // Between two slices a disk may have begun to fill, or somebody has stopped what a fence needs.
    if ((await whyNoFence(ctx)) !== null) return left;
    await waitUntilCaughtUp(ctx, slicing.capture);
    const slice = takeSlice(left, budget);
    await slicing.before(slice);
    const began = ctx.steady();
    try {
      await compareSlice(ctx, slicing, slice);
    } catch (error) {
      if (!isWorthAnother(error)) throw error;
      if (tries === TRIES) return left;
      tries += 1;
      continue;
    }
    tries = 1;
    left = left.slice(slice.length);
    const rate = bytesOf(slice) / Math.max(1, ctx.steady() - began);
    budget = Math.min(budget * MOST_GROWTH, Math.max(FIRST_BYTES, rate * ctx.config.cdc.compareSliceMs));
  }
  return left;
}

/** Somebody who held one of our tables for a moment is no reason to end. */
function isWorthAnother(error: unknown): boolean {
  const state = sqlStateOf(error);
  return error instanceof Unproved || state === SQLSTATE.lockNotAvailable || state === SQLSTATE.serializationFailure;
}

const FIRST_BYTES = 256 * 1024 ** 2;
const MOST_GROWTH = 4;

function bytesOf(pieces: readonly ComparedPair[]): number {
  return pieces.reduce((sum, {bytes}) => sum + bytes, 0);
}

/** The first pieces, as many as fit, and at least one. Pure. */
export function takeSlice(pieces: readonly ComparedPair[], bytes: number): readonly ComparedPair[] {
  let sum = 0;
  const end = pieces.findIndex((piece, at) => {
    sum += piece.bytes;
    return at > 0 && sum > bytes;
  });
  return end < 0 ? pieces : pieces.slice(0, end);
}

async function compareSlice(
  ctx: StepContext,
  {capture, sides, lanes, results, expected}: Slicing,
  pairs: readonly ComparedPair[],
): Promise<void> {
  const fence = planFence(ctx, capture);
  const compared: TableComparison[] = [];
  const pieces = piecesOfSlice(expected);
  try {
    await executeAll(fence.actions);
    const scans = planSums(
      ctx,
      {...sides, pairs},
      {
        rows: 'full',
        lanes,
        showValues: ctx.config.compare.showValues,
        purpose: 'compare-again',
        sample: null,
        kept: KEEP_NOTHING,
        hear: async (one) => void compared.push(one),
        onReplica: heldAt(fence.held()),
        pieceOf: (pair, of) => pieces.of(pair, of),
      },
    );
    try {
      await executeBeside(scans.actions);
    } finally {
      await scans.close();
    }
    await mustStillBeHeld(ctx, capture);
  } finally {
    pieces.end();
    await fence.close();
    await takeBackForSure(ctx, 'compare-again');
  }
  // What was seen under a fence that did not hold to its end is nothing.
  for (const {table, replicaRows, targetRows, rows} of compared)
    await results.piece({table, replicaRows, targetRows, rows, undecided: 0});
}

/** A session that sees the replica there before and after has lived through its work there. */
function heldAt(at: Boundary): AroundReplica {
  const must = async (replica: Parameters<AroundReplica>[0]): Promise<void> => {
    const broken = fenceBroken(at, await replica.one(readReplicaPosition(replica.version)));
    if (broken !== null) throw new Unproved(broken);
  };
  return async (replica, work) => {
    await must(replica);
    const result = await work();
    await must(replica);
    return result;
  };
}

/** Somebody may have let change capture go on meanwhile. */
async function mustStillBeHeld(ctx: StepContext, {live, slots}: OwnCapture): Promise<void> {
  const seen = await live.status({source: await ctx.session('source'), target: await ctx.session('target')}, slots);
  const going = seen.filter(({state}) => state !== 'stopped').map(({slot}) => slot);
  if (going.length > 0) throw new Unproved(`somebody has let ${going.join(', ')} go on`);
}

const EVERY_MS = 1_000;

/** Until then a fence would hold up what is late already, and its proof would read too much. */
async function waitUntilCaughtUp(ctx: StepContext, {live, slots}: OwnCapture): Promise<void> {
  for (;;) {
    const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
    const seen = await live.status(servers, slots);
    if (seen.every((slot) => whyBehind(slot, ctx.config.cdc) === null)) return;
    const stopped = seen.filter(({state}) => state === 'stopped').map(({slot}) => slot);
    if (stopped.length > 0)
      throw new LonghaulError({
        code: 'failed',
        message: `${stopped.join(', ')}: its changes are not applied, for somebody has stopped it`,
        remedy: `${stopped.map((slot) => `longhaul cdc resume ${slot}`).join('; ')}; then longhaul compare --again, or longhaul run where it is the run's own step`,
      });
    await ctx.sleep(EVERY_MS);
  }
}
