import {quoteRelation, without, type RelationName} from '../../domain/pg/relation.ts';
import {tablesOf} from '../../domain/run/load-unit.ts';
import {SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';
import {readUnloggedTables} from '../../pg/cutover/rest-tables.ts';
import {isWanted} from '../inventory/is-wanted.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';

/** The unlogged tables that move, as the source has them now; none where their rows are not wanted. */
export async function readUnlogged(ctx: Pick<StepContext, 'session' | 'config'>): Promise<RelationName[]> {
  if (!ctx.config.cutover.unlogged) return [];
  const rows = await (await ctx.session('source')).run(readUnloggedTables());
  return rows.filter((table) => isWanted(table, ctx.config.tables));
}

/** What is locked against writes until the hand-over: every table that moves, and unlogged ones, which are copied meanwhile. */
export async function readFencedTables(ctx: StepContext): Promise<RelationName[]> {
  return [...(await readMovedTables(ctx)), ...(await readUnlogged(ctx))];
}

/** Every table that moves, those that were taken in since among them and none that is gone from the source, each once, but for the sentinels': into those Longhaul itself writes until the target is open. */
export async function readMovedTables(ctx: Pick<StepContext, 'folder' | 'config' | 'state'>): Promise<RelationName[]> {
  const {slots, units} = await readPlan(ctx);
  const {adopted, gone} = ctx.state().capture;
  const all = [...slots.slots.flatMap(({tables}) => tables), ...tablesOf(units), ...adopted.map(({table}) => table)];
  const once = new Map(without(all, gone).map((table) => [quoteRelation(table), table]));
  return [...once.values()].filter(({schema}) => schema !== SENTINEL_SCHEMA);
}
