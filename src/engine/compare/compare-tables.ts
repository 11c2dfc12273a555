import {fenceBroken, newBoundary} from '../../domain/pg/boundary.ts';
import {tablesOf} from '../../domain/run/load-unit.ts';
import {loadBytes} from '../../domain/pg/inventory.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {allCommitted} from '../../domain/run/run-state.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {readReplicaPosition} from '../../pg/replication/replica.ts';
import {countRows, type MonthCount} from '../../pg/load/row-counts.ts';
import type {Session} from '../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';
import type {Action} from '../action.ts';
import {byThen, executeAll, showStatement} from '../make-action.ts';
import {createPool, executeBeside} from '../waiting/pool.ts';
import {planEndOfOldScans} from '../run/own-statements.ts';
import {showLifts, tablesWithRowSecurity, withEveryRow} from '../schema/copy/row-security.ts';
import {compareCounts, type TableComparison} from './compare-counts.ts';

/** A table and the column by whose months it is counted, null for none. */
export interface CountedTable {
  readonly table: RelationName;
  readonly timestampColumn: string | null;
  /** Heap and TOAST on the source; 0 where the inventory has it not. */
  readonly bytes: number;
}

/** Every table that a unit loads, the largest first. */
export async function tablesToCompare(ctx: StepContext): Promise<CountedTable[]> {
  const {units} = await readPlan(ctx);
  const known = new Map((await readInventoryFile(ctx)).tables.map((table) => [quoteRelation(table.relation), table]));
  return tablesOf(units)
    .map((table) => {
      const entry = known.get(quoteRelation(table));
      const bytes = entry === undefined ? 0 : loadBytes(entry);
      return {table, timestampColumn: entry?.timestampColumn ?? null, bytes};
    })
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** The actions of a comparison: the end of what an earlier supervisor still counts, then the counts, beside each other. */
export interface Comparing {
  readonly first: readonly Action[];
  readonly counts: readonly Action[];
  close(): Promise<void>;
}

/**
 * Counts both sides of every table, a few tables at a time, each in a pair of sessions. Each session on the replica sees it at P, paused,
 * before and after every count: one that lived through a count has seen no crash recovery (docs/decisions/0002). `compared` gets the results.
 */
export async function planComparison(ctx: StepContext, compared: TableComparison[]): Promise<Comparing> {
  const tables = await tablesToCompare(ctx);
  const pool = createPool(ctx.config.load.lanes, async (worker) => openPair(ctx, worker));
  const counts = tables.flatMap((counted): Action[] => {
    const text = showStatement(countRows(counted.table, counted.timestampColumn));
    const {table, bytes} = counted;
    const piece = ctx.underWay.expect({name: formatRelation(table), table: '', bytes});
    const execute = async (): Promise<void> =>
      pool.use(async (pair) => {
        const one = await piece.during(null, async () => compareOne(ctx, pair, counted));
        compared.push(await journal(ctx, one, compared.length + 1, tables.length));
      });
    // One session of each side sees to both counts.
    return [
      {on: 'replica', text, execute},
      {on: 'target', text, execute: byThen},
    ];
  });
  const lifts = showLifts(await tablesWithRowSecurity(ctx));
  return {first: [...planEndOfOldScans(ctx), ...lifts], counts, close: async () => pool.close()};
}

/** Executes the comparison. */
export async function compareTables(ctx: StepContext): Promise<TableComparison[]> {
  const compared: TableComparison[] = [];
  ctx.underWay.begin('compare-rows');
  const comparing = await planComparison(ctx, compared);
  try {
    await executeAll(comparing.first);
    await executeBeside(comparing.counts);
  } finally {
    await comparing.close();
  }
  return compared;
}

async function journal(
  ctx: StepContext,
  comparison: TableComparison,
  done: number,
  total: number,
): Promise<TableComparison> {
  const {table, replicaRows, targetRows, monthsThatDiffer, months} = comparison;
  await ctx.record({type: 'table.compared', table, replicaRows, targetRows, monthsThatDiffer, months});
  await ctx.record({type: 'step.progressed', step: 'compare-rows', done, total, what: formatRelation(table)});
  return comparison;
}

interface Pair {
  readonly replica: Session;
  readonly target: Session;
}

async function openPair(ctx: StepContext, worker: number): Promise<Pair & {close(): Promise<void>}> {
  const replica = await ctx.open('replica', `compare-${worker}`);
  // No pool knows of the first one yet.
  const target = await ctx.open('target', `compare-${worker}`).catch(async (error: unknown) => {
    await replica.close();
    throw error;
  });
  return {replica, target, close: async () => void (await Promise.all([replica.close(), target.close()]))};
}

/** A date may be later than every timestamp, and is then in no month: such a table is counted as a whole. */
async function compareOne(ctx: StepContext, pair: Pair, counted: CountedTable): Promise<TableComparison> {
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
  {table, timestampColumn}: CountedTable,
): Promise<TableComparison> {
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const count = async (session: Session): Promise<MonthCount[]> =>
    session.run(countRows(table, timestampColumn), limits);
  // Both have to be over before the next may begin in the same sessions.
  await mustBeAtBoundary(ctx, replica);
  const [replicaCounts, targetCounts] = await bothOver([
    count(replica),
    withEveryRow(target, [table], async () => count(target)),
  ]);
  await mustBeAtBoundary(ctx, replica);
  return compareCounts({table, timestampColumn}, replicaCounts, targetCounts);
}

async function bothOver<T>(both: readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  await Promise.allSettled(both);
  return Promise.all(both);
}

async function mustBeAtBoundary(ctx: StepContext, replica: Session): Promise<void> {
  const {boundary} = ctx.state();
  const position = await replica.one(readReplicaPosition(replica.version));
  const broken = boundary === null ? 'no P was captured' : fenceBroken(boundary, position);
  if (broken === null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `rows cannot be compared: ${broken}`,
    remedy: allCommitted(ctx.state())
      ? 'longhaul run --from resume-replay keeps the load, which is whole, and goes on uncompared; --from pause-replay takes a new P and loads everything again'
      : newBoundary(position),
  });
}
