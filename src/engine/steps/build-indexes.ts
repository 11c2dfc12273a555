import {LonghaulError} from '../../domain/longhaul-error.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/relation.ts';
import type {CommentRow} from '../../pg/indexes.ts';
import {analyzeTable, commentOn, readUnfilledViews, refreshMaterializedView} from '../../pg/restore.ts';
import {renderStatement} from '../../pg/statement.ts';
import {inParallel} from '../in-parallel.ts';
import {waitForOldBuilds} from '../own-statements.ts';
import {checkAfterLoad} from '../load-is-over.ts';
import {readIfThere} from '../run-folder.ts';
import {readPlan} from '../plan/plan-file.ts';
import {buildMissing, buildStatements} from '../schema/build.ts';
import {restoreRest} from '../schema/restore-rest.ts';
import {
  missingComments,
  missingFrom,
  readGoal,
  readManifest,
  readManifestFile,
  unknownIn,
  type Manifest,
  type Objects,
} from '../schema/manifest.ts';
import {describeLater, divideManifest} from '../schema/waits.ts';
import {tablesThere} from '../tables-there.ts';
import type {Step, StepContext} from '../step.ts';

/** Brings back everything that the manifest has and the target lacks; so it is also the proof that all of it is back. */
export const buildIndexes: Step = {
  id: 'build-indexes',
  phase: 'load',
  title: 'build indexes, keys and triggers',
  why: 'without them CDC reads whole tables for every row, and duplicates would go unseen',
  source: 'runbook, steps 8 and 9; facts/loading.md',
  confirm: 'no',

  async check(ctx) {
    const over = checkAfterLoad(ctx.state());
    if (over !== null) return over;
    const {now, later} = await look(ctx);
    // Statistics, views and the rest of the schema are not seen by looking: only the journal says that they were made.
    const before = ctx.state().steps.find(({id}) => id === 'build-indexes')?.state;
    const done = before?.status === 'done' && isEmpty(now);
    return {
      done: done ? before.evidence : null,
      findings: isEmpty(later) ? [] : [waiting(describeLater(later))],
    };
  },

  async statements(ctx) {
    // Before copy-schema there is no manifest yet: the source's own, as it is now.
    const known = (await readIfThere(ctx.folder.manifest)) !== null;
    const wanted = known ? null : await readGoal(await ctx.session('source'), ctx.config.tables);
    const {now, there, due, comments} = await look(ctx, wanted);
    const views = await viewsToFill(ctx);
    const tables = (await readPlan(ctx)).units.flatMap((unit) => unit.tables);
    return [
      ...buildStatements({wanted: due, missing: now, there}),
      ...comments.map((comment) => commentOn(comment)),
      ...views.map((view) => refreshMaterializedView(view)),
      ...tables.map((table) => analyzeTable(table)),
    ].map((statement) => ({on: 'target', action: renderStatement(statement)}));
  },

  async run(ctx) {
    const began = ctx.now();
    await waitForOldBuilds(ctx);
    const {now, there, due, later, comments} = await look(ctx);
    await buildMissing(ctx, {wanted: due, missing: await withTables(ctx, now), there});
    const rest = await restoreRest(ctx);
    // A view that rests on a primary key comes with the rest, and its indexes after it.
    const again = await look(ctx);
    if (!isEmpty(again.now)) await buildMissing(ctx, {wanted: again.due, missing: again.now, there: again.there});
    const target = await ctx.session('target');
    // Some are on check constraints that came with the rest.
    for (const comment of comments) await target.run(commentOn(comment));
    const views = await refreshViews(ctx);
    await analyzeAll(ctx);
    const left = (await look(ctx)).now;
    if (!isEmpty(left)) throw stillMissing(left);
    const {indexes, foreignKeys, triggers} = await readManifestFile(ctx.folder);
    return {
      indexes: indexes.length,
      foreignKeys: foreignKeys.length,
      triggers: triggers.length,
      built: now.indexes.length + now.foreignKeys.length + now.triggers.length,
      waiting: describeLater(later),
      rest,
      views,
      tookMs: ctx.now() - began,
    };
  },
};

async function look(
  ctx: StepContext,
  goal: Manifest | null = null,
): Promise<{now: Objects; later: Objects; due: Objects; there: Manifest; comments: readonly CommentRow[]}> {
  const wanted = goal ?? (await readManifestFile(ctx.folder));
  const there = await readManifest(await ctx.session('target'), ctx.config.tables);
  const {now, later} = divideManifest(missingFrom(wanted, there), ctx.config.load, ctx.config.cdc.engine !== 'none');
  return {now, later, due: unknownIn(later, wanted), there, comments: missingComments(wanted, there, later)};
}

/** Without what is on tables and views that are not there yet. */
async function withTables(ctx: StepContext, {indexes, foreignKeys, triggers}: Objects): Promise<Objects> {
  const on = [...indexes, ...triggers].map(({schema, table}) => ({schema, name: table}));
  const {missing} = await tablesThere(await ctx.session('target'), on);
  const names = new Set(missing.map((table) => quoteRelation(table)));
  const isThere = ({schema, table}: {readonly schema: string; readonly table: string}): boolean =>
    !names.has(quoteRelation({schema, name: table}));
  return {indexes: indexes.filter(isThere), foreignKeys, triggers: triggers.filter(isThere)};
}

function isEmpty({indexes, foreignKeys, triggers}: Objects): boolean {
  return indexes.length + foreignKeys.length + triggers.length === 0;
}

function waiting(later: readonly string[]) {
  return {
    check: 'build-indexes.later',
    severity: 'note',
    subject: 'target',
    seen: `${later.length} objects wait, as longhaul.yaml says: ${later.slice(0, 5).join('; ')}${later.length > 5 ? '; …' : ''}`,
    remedy: '',
  } as const;
}

/** Every view comes empty with the schema; those that are WITH NO DATA on the source stay so. */
async function viewsToFill(ctx: StepContext): Promise<RelationName[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const empty = new Set((await source.run(readUnfilledViews())).map((view) => quoteRelation(view)));
  return (await target.run(readUnfilledViews())).filter((view) => !empty.has(quoteRelation(view)));
}

async function refreshViews(ctx: StepContext): Promise<number> {
  const target = await ctx.session('target');
  const views = await viewsToFill(ctx);
  // A view over a large table takes as long as its query does.
  for (const view of views) await target.run(refreshMaterializedView(view), {timeoutMs: 0});
  return views.length;
}

async function analyzeAll(ctx: StepContext): Promise<void> {
  const tables = (await readPlan(ctx)).units.flatMap((unit) => unit.tables);
  let done = 0;
  await inParallel(
    ctx.config.load.indexJobs,
    tables,
    async (worker) => ctx.open('target', `analyze-${worker}`),
    async (session, table) => {
      await session.run(analyzeTable(table), {timeoutMs: 0});
      done += 1;
      if (done % 50 === 0 || done === tables.length) {
        await ctx.record({
          type: 'step.progressed',
          step: 'build-indexes',
          done,
          total: tables.length,
          what: `statistics of ${formatRelation(table)}`,
        });
      }
    },
  );
}

function stillMissing({indexes, foreignKeys, triggers}: Objects): LonghaulError {
  const names = [...indexes, ...foreignKeys, ...triggers].map((row) =>
    formatRelation({schema: row.schema, name: row.name}),
  );
  return new LonghaulError({
    code: 'failed',
    message: `${names.length} objects of the manifest are still not on the target: ${names.slice(0, 20).join(', ')}`,
    remedy:
      'run again; what is there is recognised. If one stays missing, create it by hand: its definition is in manifest.json',
  });
}
