import type {Boundary} from '../../../domain/pg/boundary.ts';
import {tablesOf, type LoadUnit} from '../../../domain/run/load-unit.ts';
import {terminateBackendsLike} from '../../../pg/load/backends.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import type {Action} from '../../action.ts';
import {remark, showStatement} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {isForeseen} from '../copy/coming-roles.ts';
import {readGoal, readManifestFile, type Manifest} from '../goal/manifest.ts';
import {builderNames} from './builder.ts';
import {readWork} from './read-work.ts';
import {planTable, type TableWork} from './table-work.ts';
import {wantedBy} from './wanted.ts';

/** What is built beside the load, table by table, for people; `at` is null where P is still to come, so that everything is loaded and built anew. */
export async function showBuilds(
  ctx: StepContext,
  units: readonly LoadUnit[],
  at: Boundary | null,
): Promise<Pick<Action, 'on' | 'text'>[]> {
  const ended = showStatement(terminateBackendsLike([builderNames(ctx.config.run)]));
  return [
    ...(await foresee(ctx, units, at)).flatMap(({builds, last}) =>
      [...builds.map(({task}) => task), ...last].map(({statements}) => ({
        on: 'target' as const,
        text: statements.map(renderStatement).join(';\n'),
      })),
    ),
    {on: 'target', text: remark('only where P is lost while an index is built', ended)},
  ];
}

async function foresee(ctx: StepContext, units: readonly LoadUnit[], at: Boundary | null): Promise<TableWork[]> {
  const tables = tablesOf(units);
  const wanted = wantedBy(await manifestOf(ctx), ctx.config);
  // Until strip-target has taken it off, what is there says nothing of what will be.
  if (at !== null && ctx.state().evidence['strip-target'] !== undefined) return readWork(ctx, wanted, tables);
  return tables.map((table) => planTable(table, wanted.of(table), {there: new Map(), analyzed: false}));
}

/** Before copy-schema there is no manifest yet: the source's own, as it is now. */
async function manifestOf(ctx: StepContext): Promise<Manifest> {
  return (await isForeseen(ctx))
    ? readGoal(await ctx.session('source'), ctx.config.tables)
    : readManifestFile(ctx.folder);
}
