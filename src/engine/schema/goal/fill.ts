import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {tablesOf} from '../../../domain/run/load-unit.ts';
import {readMaterializedViews, refreshMaterializedView} from '../../../pg/catalog/materialized-views.ts';
import {readAnalyzed} from '../../../pg/load/restore.ts';
import type {Session} from '../../../pg/session/session.ts';
import {withUsualValues} from '../../../pg/session/settings.ts';
import {SQLSTATE} from '../../../pg/session/sqlstate.ts';
import type {Action} from '../../action.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {StepContext} from '../../step.ts';
import type {Pool} from '../../waiting/pool.ts';
import {statisticsOf} from '../beside/table-work.ts';
import type {Foreseeing} from '../copy/coming-roles.ts';
import {attempt, taskAction, type Attempts, type Task} from '../copy/attempts.ts';
import {viewObject} from './object-names.ts';

/** Every view comes empty with the schema; those that are WITH NO DATA on the source stay so. */
async function viewsToFill(ctx: StepContext, {foreseen}: Foreseeing): Promise<RelationName[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const wanted = await source.run(readMaterializedViews());
  const there = await target.run(readMaterializedViews());
  const known = new Set(there.map((view) => quoteRelation(view)));
  const coming = wanted.filter(
    (view) => foreseen && !known.has(quoteRelation(view)) && isWanted(view, ctx.config.tables),
  );
  const empty = new Set(wanted.filter(({filled}) => !filled).map((view) => quoteRelation(view)));
  return [...there.filter(({filled}) => !filled), ...coming].filter((view) => !empty.has(quoteRelation(view)));
}

/** How long a materialized view, `public.totals`, took to be filled. */
export interface ViewTime {
  readonly view: string;
  readonly tookMs: number;
}

/** Fills the materialized views, a view over a large table for as long as its query takes. `onFilled` hears of each; what the server refuses is noted. */
export async function planViews(
  ctx: StepContext,
  attempts: Attempts,
  {foreseen, onFilled}: Foreseeing & {readonly onFilled: (filled: ViewTime) => void},
): Promise<Action[]> {
  const views = await viewsToFill(ctx, {foreseen});
  const fill = async (view: RelationName, task: Task): Promise<boolean> => {
    const began = ctx.steady();
    const session = await ctx.session('target');
    // Dates as text, the day of a moment: as production fills it, by what the database has set.
    if (!(await withUsualValues(session, async () => attempt(session, task, attempts)))) return false;
    onFilled({view: formatRelation(view), tookMs: Math.round(ctx.steady() - began)});
    return true;
  };
  const tooEarly = new Map<Task, RelationName>();
  return views.map((view) => {
    const task = {object: viewObject(view), statements: [refreshMaterializedView(view)]};
    const piece = ctx.underWay.expect({name: task.object, table: '', on: ['target'], bytes: 0});
    const execute = async (): Promise<void> => {
      if (await piece.during(null, async () => fill(view, task))) await fillAgain(tooEarly, fill, attempts);
      else if (attempts.refused.get(task.object)?.sqlstate === SQLSTATE.notInState) tooEarly.set(task, view);
    };
    return {...taskAction(task, attempts, async () => undefined), execute};
  });
}

/** A view that reads another one through a function may be tried before that has rows: no catalog knows. Each that is filled may be what they waited for. */
async function fillAgain(
  tooEarly: Map<Task, RelationName>,
  fill: (view: RelationName, task: Task) => Promise<boolean>,
  attempts: Pick<Attempts, 'refused'>,
): Promise<void> {
  for (const [task, view] of tooEarly) {
    attempts.refused.delete(task.object);
    if (!(await fill(view, task))) continue;
    tooEarly.delete(task);
    return fillAgain(tooEarly, fill, attempts);
  }
}

/**
 * Statistics of every table that was loaded and has none of its rows, and of those in `again`: an index on expressions has its own. What the server
 * refuses is noted.
 */
export async function planStatistics(
  ctx: StepContext,
  attempts: Attempts,
  {pool, again}: {readonly pool: Pool<Session>; readonly again: ReadonlySet<string>},
): Promise<Action[]> {
  const all = tablesOf((await readPlan(ctx)).units);
  const target = await ctx.session('target');
  const known = new Set((await target.run(readAnalyzed(all))).map(quoteRelation));
  const tables = all.filter((table) => again.has(quoteRelation(table)) || !known.has(quoteRelation(table)));
  let done = 0;
  return tables.map((table) => {
    const task = statisticsOf(table);
    const what = task.object;
    const piece = ctx.underWay.expect({name: what, table: '', on: ['target'], bytes: 0});
    return taskAction(task, attempts, async (work) => {
      await pool.use(async (session) => piece.during(null, async () => work(session)));
      done += 1;
      if (done % 50 === 0 || done === tables.length) {
        await ctx.record({type: 'step.progressed', step: 'build-indexes', done, total: tables.length, what});
      }
    });
  });
}
