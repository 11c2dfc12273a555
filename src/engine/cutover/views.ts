import {formatBytes, formatDuration} from '../../domain/base/units.ts';
import {formatRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import type {Finding} from '../../domain/run/finding.ts';
import {
  readMaterializedViews,
  readViewSizes,
  refreshBesideReaders,
  refreshMaterializedView,
} from '../../pg/catalog/materialized-views.ts';
import {renderStatement, type Statement} from '../../pg/session/statement.ts';
import type {Config} from '../../config/config.ts';
import {isWanted} from '../inventory/is-wanted.ts';
import {found, listedOut} from '../preflight/found.ts';
import {readJournal} from '../run/journal.ts';
import type {StepContext} from '../step.ts';

/** A materialized view that has rows, and whether it can be filled anew while it is read. */
export interface FilledView extends RelationName {
  readonly isKeyed: boolean;
}

/** The views of the target by what becomes of them after the hand-over. */
export interface DividedViews {
  readonly refreshed: readonly FilledView[];
  readonly left: readonly FilledView[];
}

/** Those that validate-constraints fills anew, as `cutover.refresh_views` has it, and those that it leaves as they are. One statement on the target. */
export async function divideViews(ctx: Pick<StepContext, 'session' | 'config'>): Promise<DividedViews> {
  const target = await ctx.session('target');
  const views = (await target.run(readMaterializedViews())).filter(
    (view) => view.filled && isWanted(view, ctx.config.tables),
  );
  return divided(views, ctx.config.cutover.refreshViews);
}

/** Pure. */
export function divided(views: readonly FilledView[], which: Config['cutover']['refreshViews']): DividedViews {
  const isRefreshed = ({isKeyed}: FilledView): boolean => which === 'all' || (which === 'beside-readers' && isKeyed);
  return {refreshed: views.filter(isRefreshed), left: views.filter((view) => !isRefreshed(view))};
}

/** What fills a view anew, beside those who read it where that can be. */
export function refreshing(view: FilledView): Statement {
  return view.isKeyed ? refreshBesideReaders(view) : refreshMaterializedView(view);
}

/** Tells, after the hand-over, which views were not filled anew. */
export async function tellNotRefreshed(ctx: StepContext): Promise<void> {
  const {left} = await divideViews(ctx);
  for (const finding of notRefreshed(left))
    await ctx.record({type: 'finding.seen', step: 'validate-constraints', finding});
}

/** What is known of views, `public.totals`: their bytes, and how many milliseconds each took when the load filled it. */
export interface ViewsMeasured {
  readonly bytes: ReadonlyMap<string, number>;
  readonly tookMs: ReadonlyMap<string, number>;
}

const NOT_MEASURED: ViewsMeasured = {bytes: new Map(), tookMs: new Map()};

/** What becomes of the materialized views after the hand-over, for the rehearsal. */
export async function readViewFindings(ctx: StepContext): Promise<Finding[]> {
  const {refreshed, left} = await divideViews(ctx);
  if (refreshed.length + left.length === 0) return [];
  const sizes = await (await ctx.session('target')).run(readViewSizes());
  const measured = {
    bytes: new Map(sizes.map((row) => [formatRelation(row), row.bytes])),
    tookMs: viewTimes(await readJournal(ctx.folder.journal)),
  };
  return [...readersLocked(refreshed, measured), ...notRefreshed(left, measured)];
}

/** How many milliseconds each view, `public.totals`, took when build-indexes filled it last. Pure. */
export function viewTimes(entries: readonly JournalEntry[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const entry of entries) {
    if ((entry.type !== 'step.done' && entry.type !== 'step.unfinished') || entry.step !== 'build-indexes') continue;
    const {evidence} = entry;
    if ('viewTimes' in evidence) for (const {view, tookMs} of evidence.viewTimes ?? []) times.set(view, tookMs);
  }
  return times;
}

/** The views that nobody reads while they are filled anew. Pure. */
export function readersLocked(refreshed: readonly FilledView[], measured: ViewsMeasured): Finding[] {
  const locked = refreshed.filter(({isKeyed}) => !isKeyed);
  if (locked.length === 0) return [];
  return [
    found('cutover', 'target').warning(
      'views-locked',
      `after the hand-over these materialized views are filled anew, and nobody reads them meanwhile, for they have no unique index: ${namesOf(locked, measured)}`,
      'give them a unique index of plain columns, without WHERE, or set cutover.refresh_views to beside-readers, which leaves them as the load filled them',
    ),
  ];
}

/** The views that stay as the load filled them, each with its statement. Pure. */
export function notRefreshed(left: readonly FilledView[], measured: ViewsMeasured = NOT_MEASURED): Finding[] {
  if (left.length === 0) return [];
  return [
    found('cutover', 'target').warning(
      'views-left',
      `these materialized views stay as the load filled them, for cutover.refresh_views leaves them out: ${namesOf(left, measured)}`,
      `once the target takes writes, there, when those who read them can wait for it: ${left.map((view) => renderStatement(refreshing(view))).join('; ')}`,
    ),
  ];
}

function namesOf(views: readonly FilledView[], {bytes, tookMs}: ViewsMeasured): string {
  const words = views.map((view) => {
    const name = formatRelation(view);
    const [size, took] = [bytes.get(name), tookMs.get(name)];
    const length = took === undefined ? [] : [`filled in ${formatDuration(took)} at the load`];
    return [name, ...(size === undefined ? [] : [formatBytes(size)]), ...length].join(', ');
  });
  return listedOut(words);
}
