import {formatRelation} from '../../../domain/pg/relation.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {BucketSums} from '../../../pg/compare/differing-rows.ts';
import type {Sums} from '../../../pg/compare/table-sums.ts';
import {sumHashBuckets} from '../../../pg/cutover/multiset.ts';
import {readSides, type ComparedPair, type Sides} from '../../compare/read-sides.ts';
import type {StepContext} from '../../step.ts';
import {type Pair, onSource} from '../final/lanes.ts';
import {bucketsOf, differingBuckets, sumOf} from './choose-way.ts';
import type {RestTable} from './read-rest.ts';
import type {Copying} from './sessions.ts';

/** A table of which not every change comes, as it is compared. */
export interface RestSide {
  readonly rest: RestTable;
  readonly pair: ComparedPair;
}

/** How it came out. */
export interface RestCompared extends RestSide {
  readonly source: readonly BucketSums[];
  readonly target: readonly BucketSums[];
  readonly differs: boolean;
}

/** What the comparison of these tables needs of both servers. */
export async function readRestSides(
  ctx: StepContext,
  tables: readonly RestTable[],
): Promise<{readonly dialect: Sides['dialect']; readonly sides: readonly RestSide[]}> {
  const wanted = tables.map(({table, source}) => ({
    table,
    timestampColumn: null,
    primaryKey: null,
    bytes: source.bytes,
  }));
  const {dialect, pairs} = await readSides(onSource(ctx), wanted, 1);
  const sides = tables.flatMap((rest, at) => {
    const pair = pairs[at];
    return pair === undefined ? [] : [{rest, pair}];
  });
  return {dialect, sides};
}

/** Throws where one of them cannot be copied: it is not on the target, or has other columns there. */
export function mustBeCopyable(sides: readonly RestSide[]): void {
  const whyNot = sides.flatMap((side) => whyNotCopied(side) ?? []);
  if (whyNot.length > 0)
    throw new LonghaulError({
      code: 'failed',
      message: `these tables cannot be copied again: ${whyNot.join('; ')}`,
      remedy:
        'longhaul cutover --check names them before writes are stopped: make the target follow the source there, then longhaul cutover',
    });
}

/** Why a table cannot be compared and copied, in words; null where it can. Pure. */
export function whyNotCopied({rest, pair}: RestSide): string | null {
  const name = formatRelation(rest.table);
  if (rest.target === null) return `${name} is not on the target`;
  if (!rest.target.mayWrite) return `our role lacks INSERT or DELETE on ${name} on the target`;
  if (!rest.target.maySwitch)
    return `${name} has triggers on the target that fire always, and another owner than our role`;
  if (rest.target.hasRules)
    return `${name} has a rule ON DELETE on the target that fires always (ALTER TABLE … ENABLE RULE)`;
  if (pair.hides) return `${name} hides rows on the target from our role (row security)`;
  return pair.problem === null ? null : `${name}: ${pair.problem}`;
}

/** Reads every row of these tables on both sides, the largest first, some beside each other. */
export async function compareRest(
  ctx: StepContext,
  sides: readonly RestSide[],
  {sessions, dialect, deadline}: Copying,
): Promise<RestCompared[]> {
  const waiting = sides.toSorted((a, b) => b.pair.bytes - a.pair.bytes);
  const compared: RestCompared[] = [];
  const work = async (pair: Pair): Promise<void> => {
    for (let side = waiting.shift(); side !== undefined; side = waiting.shift()) {
      ctx.signal.throwIfAborted();
      const sums = await sumBoth(pair, side, {dialect, deadline});
      compared.push({...side, ...sums, differs: differingBuckets(sums.source, sums.target).length > 0});
    }
  };
  await Promise.all(sessions.pairs.map(work));
  return compared;
}

async function sumBoth(
  {source, target}: Pair,
  {rest, pair: {table, columns}}: RestSide,
  {dialect, deadline}: Pick<Copying, 'dialect' | 'deadline'>,
): Promise<Pick<RestCompared, 'source' | 'target'>> {
  const statement = sumHashBuckets({table, columns}, dialect, bucketsOf(rest.source));
  const limits = {timeoutMs: deadline.left()};
  const [own, there] = await Promise.all([source.run(statement, limits), target.run(statement, limits)]);
  return {source: own, target: there};
}

/** Reads the target's rows once more, which have to be the source's by now. Gives them. */
export async function mustBeEqual(
  {target}: Pair,
  {rest, pair, source}: RestCompared,
  {dialect, deadline}: Pick<Copying, 'dialect' | 'deadline'>,
): Promise<Sums> {
  const {table, columns} = pair;
  const statement = sumHashBuckets({table, columns}, dialect, bucketsOf(rest.source));
  const now = await target.run(statement, {timeoutMs: deadline.left()});
  const [own, there] = [sumOf(source), sumOf(now)];
  if (differingBuckets(source, now).length === 0) return there;
  throw new LonghaulError({
    code: 'failed',
    message: `${formatRelation(table)} is not the same after it was copied again: ${own.rows} rows on the source, ${there.rows} on the target, or others`,
    remedy: 'see who writes to it on either side (triggers, rules, somebody’s session), then longhaul cutover',
  });
}
