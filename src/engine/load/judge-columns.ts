import {formatRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {LoadUnit, UnitFailure} from '../../domain/run/load-unit.ts';
import {asOnSource} from '../schema/copy/as-on-source.ts';
import {tablesThatDiffer} from '../schema/goal/tables-that-differ.ts';
import {tablesThere} from '../schema/goal/tables-there.ts';
import type {StepContext} from '../step.ts';

/** Why rows must not be loaded into a table that was altered on the target, and what to do. Pure. */
export function columnsDiffer(table: RelationName): {readonly seen: string; readonly remedy: string} {
  return {
    seen: 'its columns on the target are not those of the replica at P: it was altered after the schema was copied',
    remedy: `alter it on the target as it was altered on the source (compare \\d of both), or drop it there and create it anew: ${asOnSource([formatRelation(table)])}; then run again`,
  };
}

/** Which of these tables have other columns on the target than on the replica, whoever has filled them; those that are not there are left out. */
export async function tablesAltered(ctx: StepContext, tables: readonly RelationName[]): Promise<RelationName[]> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const {there} = await tablesThere(target, tables);
  return tablesThatDiffer(replica, target, there);
}

/** Why a unit must not begin: one of its tables was altered since. Between two attempts lie days; null where all are as they were. */
export async function judgeColumns(ctx: StepContext, {tables}: LoadUnit): Promise<UnitFailure | null> {
  const [table] = await tablesAltered(ctx, tables);
  if (table === undefined) return null;
  const {seen, remedy} = columnsDiffer(table);
  const message = `table ${formatRelation(table)}: ${seen}`;
  return {cause: 'consumer', message, table, sqlstate: null, remedy, heals: false};
}
