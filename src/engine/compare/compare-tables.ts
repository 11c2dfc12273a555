import {tablesOf} from '../../domain/run/load-unit.ts';
import {loadBytes} from '../../domain/pg/inventory.ts';
import {formatRelation, quoteRelation, without} from '../../domain/pg/relation.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';
import type {Action} from '../action.ts';
import {executeAll} from '../make-action.ts';
import {executeBeside} from '../waiting/pool.ts';
import {planEndOfOldScans} from '../run/own-statements.ts';
import {showLifts, tablesWithRowSecurity} from '../schema/copy/row-security.ts';
import {mustBeAtBoundary} from './at-boundary.ts';
import {planSums} from './compare-rows.ts';
import type {ComparingOptions, Scans} from './comparing.ts';
import {planCounts} from './count-tables.ts';
import {readKeptSums} from './kept-sums.ts';
import {readSides, type TableToCompare} from './read-sides.ts';
import type {TableComparison} from './table-comparison.ts';

/** Every table that a unit loads and the source still has, and those that were taken in since, the largest first. */
export async function tablesToCompare(ctx: StepContext): Promise<TableToCompare[]> {
  const {units} = await readPlan(ctx);
  const known = new Map((await readInventoryFile(ctx)).tables.map((table) => [quoteRelation(table.relation), table]));
  const {adopted, gone} = ctx.state().capture;
  const named = without([...tablesOf(units), ...adopted.map(({table}) => table)], gone);
  const all = new Map(named.map((table) => [quoteRelation(table), table]));
  return [...all.values()]
    .map((table) => {
      const entry = known.get(quoteRelation(table));
      const bytes = entry === undefined ? 0 : loadBytes(entry);
      const {timestampColumn = null, primaryKey = null} = entry ?? {};
      return {table, timestampColumn, primaryKey, bytes};
    })
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** The scans that compare these tables, as the options say. */
export async function planScans(
  ctx: StepContext,
  tables: readonly TableToCompare[],
  options: ComparingOptions,
): Promise<Scans> {
  if (options.rows === 'quick') return planCounts(ctx, tables, options);
  return planSums(ctx, await readSides(ctx, tables, options.lanes), options);
}

/** The actions of a comparison: the end of what an earlier supervisor still reads, then the scans, beside each other. */
export interface Comparing extends Scans {
  readonly first: readonly Action[];
}

/** The comparison of every table of the plan as longhaul.yaml wants it. `compared` gets the results. */
export async function planComparison(ctx: StepContext, compared: TableComparison[]): Promise<Comparing> {
  const tables = await tablesToCompare(ctx);
  const {rows, lanes, showValues} = ctx.config.compare;
  const scans = await planScans(ctx, tables, {
    rows,
    lanes: lanes ?? ctx.config.load.lanes,
    showValues,
    purpose: 'compare',
    sample: null,
    kept: await readKeptSums(ctx),
    hear: async (one) => {
      compared.push(one);
      await journal(ctx, one, {done: compared.length, total: tables.length});
    },
  });
  const lifts = showLifts(await tablesWithRowSecurity(ctx));
  return {...scans, first: [...planEndOfOldScans(ctx), ...lifts]};
}

/** Executes the comparison. */
export async function compareTables(ctx: StepContext): Promise<TableComparison[]> {
  const compared: TableComparison[] = [];
  await mustBeAtBoundary(ctx, await ctx.session('replica'));
  ctx.underWay.begin('compare-rows');
  const comparing = await planComparison(ctx, compared);
  try {
    await executeAll(comparing.first);
    await executeBeside(comparing.actions);
    await (await readKeptSums(ctx)).forget();
  } finally {
    await comparing.close();
  }
  return compared;
}

async function journal(
  ctx: StepContext,
  {table, how, replicaRows, targetRows, monthsThatDiffer, months, rows}: TableComparison,
  {done, total}: {readonly done: number; readonly total: number},
): Promise<void> {
  const counts = {table, replicaRows, targetRows, monthsThatDiffer, months};
  await ctx.record({
    type: 'table.compared',
    ...counts,
    ...(how === 'rows' ? {how} : {}),
    ...(rows === null ? {} : {rowsThatDiffer: rows}),
  });
  await ctx.record({type: 'step.progressed', step: 'compare-rows', done, total, what: formatRelation(table)});
}
