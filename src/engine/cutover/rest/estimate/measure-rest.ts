import {sumFirstRows} from '../../../../pg/cutover/multiset.ts';
import type {Session} from '../../../../pg/session/session.ts';
import type {Statement} from '../../../../pg/session/statement.ts';
import type {Sides} from '../../../compare/read-sides.ts';
import type {StepContext} from '../../../step.ts';
import {openPairs, type Pair} from '../../final/lanes.ts';
import {whyNotCopied, type RestSide} from '../compare-rest.ts';
import type {Rest} from '../read-rest.ts';
import {USUAL, type RestFigures} from './estimate.ts';
import {rateOf, timeOf, type Figure} from './figures.ts';
import {measureCopy} from './measure-copy.ts';
import {measureObjects} from './measure-objects.ts';
import {timed, TRIED_BYTES, triedOf, TRY_MS} from './tried.ts';

/** What is to be compared, and copied where it differs. */
interface ToMeasure {
  readonly sides: readonly RestSide[];
  readonly dialect: Sides['dialect'];
  readonly rest: Rest;
}

/** The first time rows may come from disk, then from memory; and each is over in a tenth of a second, in which a busy machine may do anything. */
const ROUNDS = 3;

/**
 * How quickly copy-the-rest will work, by the work itself on a few megabytes: with as many sessions at once as it has, for how many of them go beside each other nobody knows but the servers. Nothing is
 * changed; what is written is rolled back, on the target alone.
 */
export async function measureRest(ctx: StepContext, {sides, dialect, rest}: ToMeasure): Promise<RestFigures> {
  if (sides.length === 0 && rest.objects.source + rest.objects.target === 0) return USUAL;
  const opened: Session[] = [];
  try {
    const began = ctx.steady();
    const pairs = await openPairs(ctx, {dialect}, opened, 'try-rest');
    const openMs = timeOf([ctx.steady() - began]);
    const rows = await measureRows(ctx, pairs, {sides, dialect});
    const copy = await measureCopy(ctx, sides);
    const objects = await measureObjects(ctx, pairs, rest);
    return {...USUAL, openMs, ...rows, ...copy, ...objects};
  } finally {
    await Promise.all(opened.map(async (one) => one.close()));
  }
}

async function measureRows(
  ctx: StepContext,
  pairs: readonly Pair[],
  {sides, dialect}: Pick<ToMeasure, 'sides' | 'dialect'>,
): Promise<Partial<RestFigures>> {
  const [largest] = sides.filter((side) => whyNotCopied(side) === null).toSorted((a, b) => b.pair.bytes - a.pair.bytes);
  const [first] = pairs;
  if (largest === undefined || first === undefined || largest.pair.bytes < TRIED_BYTES / 4) return {};
  const {table, columns} = largest.pair;
  const {bytes, ...tried} = triedOf(largest.rest.source);
  const statement = sumFirstRows({table, columns}, dialect, tried);
  const all = pairs.flatMap(({source, target}) => [source, target]);
  const took = {lanes: [] as number[], lane: [] as number[], target: [] as number[]};
  for (let round = 0; round < ROUNDS; round += 1) {
    const lanesMs = await slowestOf(ctx, all, statement);
    took.lanes.push(lanesMs);
    if (lanesMs >= TRY_MS) return sameFor(rateOf(bytes, took.lanes));
    took.lane.push(await slowestOf(ctx, [first.source, first.target], statement));
    took.target.push(await slowestOf(ctx, [first.target], statement));
  }
  return {lanes: rateOf(bytes, took.lanes), lane: rateOf(bytes, took.lane), target: rateOf(bytes, took.target)};
}

/** What is not done in time is tried no more often. */
function sameFor(rate: Figure): Partial<RestFigures> {
  return {lanes: rate, lane: rate, target: rate};
}

/** Whoever compares two sides waits for the slower one. */
async function slowestOf(
  ctx: StepContext,
  sessions: readonly Session[],
  statement: Statement<object>,
): Promise<number> {
  const took = await Promise.all(sessions.map(async (session) => timed(ctx, session, statement)));
  return Math.max(...took.map(({ms}) => ms));
}
