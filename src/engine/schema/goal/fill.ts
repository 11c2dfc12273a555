import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readUnfilledViews, refreshMaterializedView} from '../../../pg/catalog/materialized-views.ts';
import {analyzeTable} from '../../../pg/load/restore.ts';
import {inParallel} from '../../waiting/in-parallel.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {StepContext} from '../../step.ts';
import {attempt, type Attempts} from '../copy/attempts.ts';

/** Every view comes empty with the schema; those that are WITH NO DATA on the source stay so. */
export async function viewsToFill(ctx: StepContext): Promise<RelationName[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const empty = new Set((await source.run(readUnfilledViews())).map((view) => quoteRelation(view)));
  return (await target.run(readUnfilledViews())).filter((view) => !empty.has(quoteRelation(view)));
}

/** Fills the materialized views, a view over a large table for as long as its query takes. Gives how many; what the server refuses is noted. */
export async function refreshViews(ctx: StepContext, attempts: Attempts): Promise<number> {
  const target = await ctx.session('target');
  let filled = 0;
  for (const view of await viewsToFill(ctx)) {
    const object = `materialized view ${formatRelation(view)}`;
    if (attempts.accepted.has(object)) continue;
    if (await attempt(target, {object, statements: [refreshMaterializedView(view)]}, attempts)) filled += 1;
  }
  return filled;
}

/** Statistics of every table that was loaded. What the server refuses is noted. */
export async function analyzeAll(ctx: StepContext, attempts: Attempts): Promise<void> {
  const tables = (await readPlan(ctx)).units.flatMap((unit) => unit.tables);
  let done = 0;
  await inParallel(
    ctx.config.load.indexJobs,
    tables,
    async (worker) => ctx.open('target', `analyze-${worker}`),
    async (session, table) => {
      const object = `statistics of ${formatRelation(table)}`;
      await attempt(session, {object, statements: [analyzeTable(table)]}, attempts);
      done += 1;
      if (done % 50 === 0 || done === tables.length) {
        await ctx.record({type: 'step.progressed', step: 'build-indexes', done, total: tables.length, what: object});
      }
    },
  );
}
