import {formatRelation} from '../../domain/pg/relation.ts';
import {countRows, type MonthCount} from '../../pg/load/row-counts.ts';
import type {Session} from '../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Action} from '../action.ts';
import {byThen, showStatement} from '../make-action.ts';
import {withEveryRow} from '../schema/copy/row-security.ts';
import type {StepContext} from '../step.ts';
import {allOver} from '../waiting/all-over.ts';
import {createPool} from '../waiting/pool.ts';
import {atBoundary} from './at-boundary.ts';
import {compareCounts} from './compare-counts.ts';
import type {ComparingOptions, Scans} from './comparing.ts';
import {cancelOf, unlessHeld} from './scans/held.ts';
import {createPace, mustBeConnected} from './scans/pace.ts';
import type {TableToCompare} from './read-sides.ts';
import type {TableComparison} from './table-comparison.ts';

/**
 * Counts both sides of every table, a few tables at a time, each in a pair of sessions. Each session on the replica sees it at P, paused,
 * before and after every count: one that lived through a count has seen no crash recovery (docs/decisions/0002).
 */
export function planCounts(
  ctx: StepContext,
  tables: readonly TableToCompare[],
  {lanes, purpose, hear}: ComparingOptions,
): Scans {
  const pool = createPool(lanes, async (worker) => openPair(ctx, `${purpose}-${worker}`));
  const turn = createPace(ctx);
  const actions = tables.flatMap((counted): Action[] => {
    const text = showStatement(countRows(counted.table, counted.timestampColumn));
    const {table, bytes} = counted;
    const piece = ctx.underWay.expect({name: formatRelation(table), table: '', on: ['replica', 'target'], bytes});
    const execute = async (): Promise<void> =>
      pool.use(async (pair) => {
        const work = async () => compareOne(ctx, pair, counted);
        const mustStillDo = (): void => mustBeConnected(pair.replica, pair.target);
        const compared = await piece.during(null, async (tell) => {
          for (const side of ['replica', 'target'] as const) await turn(side, bytes, {tell, mustStillDo});
          return unlessHeld(ctx, work, {cancel: pair.cancel, tell});
        });
        await hear(compared);
      });
    // One session of each side sees to both counts.
    return [
      {on: 'replica', text, execute},
      {on: 'target', text, execute: byThen},
    ];
  });
  return {actions, close: async () => pool.close()};
}

interface Pair {
  readonly replica: Session;
  readonly target: Session;
}

interface OpenPair extends Pair {
  /** Has both servers end what they are at. */
  readonly cancel: () => Promise<void>;
  close(): Promise<void>;
}

async function openPair(ctx: StepContext, purpose: string): Promise<OpenPair> {
  const replica = await ctx.open('replica', purpose);
  // No pool knows of the first one yet.
  const target = await ctx.open('target', purpose).catch(async (error: unknown) => {
    await replica.close();
    throw error;
  });
  const cancels = [await cancelOf(ctx, replica), await cancelOf(ctx, target)];
  const cancel = async (): Promise<void> => void (await Promise.all(cancels.map(async (one) => one())));
  return {replica, target, cancel, close: async () => void (await Promise.all([replica.close(), target.close()]))};
}

/** A date may be later than every timestamp, and is then in no month: such a table is counted as a whole. */
async function compareOne(ctx: StepContext, pair: Pair, counted: TableToCompare): Promise<TableComparison> {
  try {
    return await countBoth(ctx, pair, counted);
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.datetimeOverflow || counted.timestampColumn === null) throw error;
    return countBoth(ctx, pair, {...counted, timestampColumn: null});
  }
}

async function countBoth(
  ctx: StepContext,
  {replica, target}: Pair,
  {table, timestampColumn}: TableToCompare,
): Promise<TableComparison> {
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const count = async (session: Session): Promise<MonthCount[]> =>
    session.run(countRows(table, timestampColumn), limits);
  // Both have to be over before the next may begin in the same sessions.
  const [replicaCounts, targetCounts] = await atBoundary(ctx, replica, async () =>
    allOver([count(replica), withEveryRow(target, [table], async () => count(target))]),
  );
  return compareCounts({table, timestampColumn}, replicaCounts, targetCounts);
}
