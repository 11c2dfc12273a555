import {isAcceptedIn, openDifferences, type Difference} from '../../../domain/run/difference.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {refreshMaterializedView} from '../../../pg/catalog/materialized-views.ts';
import {analyzeTable, commentOn} from '../../../pg/load/restore.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import {waitForOldBuilds} from '../../run/own-statements.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {readIfThere} from '../../run/run-folder.ts';
import type {Attempts} from '../../schema/copy/attempts.ts';
import {build, oneByOne, planBuild, planMarks} from '../../schema/goal/build.ts';
import {isMended, settleDifferences} from '../../schema/goal/differences.ts';
import {analyzeAll, refreshViews, viewsToFill} from '../../schema/goal/fill.ts';
import {compareWithGoal, countOf} from '../../schema/goal/goal.ts';
import type {Lacks} from '../../schema/goal/lacks.ts';
import {readGoal, readManifestFile} from '../../schema/goal/manifest.ts';
import {commentObject} from '../../schema/goal/object-names.ts';
import {restoreRest} from '../../schema/goal/restore-rest.ts';
import {describeLater} from '../../schema/goal/waits.ts';
import {Outcome, type Step, type StepContext} from '../../step.ts';
import {tablesThere} from '../../schema/goal/tables-there.ts';

/** Brings back everything that the manifest has and the target lacks, in its state; so it is also the proof that all of it is back. */
export const buildIndexes: Step<'build-indexes'> = {
  id: 'build-indexes',
  phase: 'load',
  title: 'build indexes, keys and triggers',
  why: 'without them CDC reads whole tables for every row, and duplicates would go unseen',
  source: 'runbook, steps 8 and 9; facts/loading.md',
  confirm: 'no',
  always: true,

  async check(ctx) {
    const state = ctx.state();
    const before = evidenceAtBoundary(state);
    const known = state.differences.filter(({step}) => step === 'build-indexes');
    const open = openDifferences({differences: known}).length > 0;
    // What is to be mended does not need P: the target is compared for as long as the run is asked whether it is done.
    const {found, later} = await compareWithGoal(ctx, {grants: true});
    // Policies, views and statistics are not seen by comparing: only the journal says that they were made, or were not.
    const done = !open && found.every((one) => isAcceptedIn(state, one)) && !isMended(found, known);
    return {
      done: done ? before : null,
      findings: countOf(later) === 0 ? [] : [waiting(describeLater(later))],
    };
  },

  async statements(ctx) {
    // Before copy-schema there is no manifest yet: the source's own, as it is now.
    const known = (await readIfThere(ctx.folder.manifest)) !== null;
    const wanted = known ? null : await readGoal(await ctx.session('source'), ctx.config.tables);
    const {lacks, there, due, comments} = await compareWithGoal(ctx, {goal: wanted, changesNothing: true});
    const views = await viewsToFill(ctx);
    const tables = (await readPlan(ctx)).units.flatMap((unit) => unit.tables);
    return [
      ...planBuild({wanted: due, lacks, there}).flatMap(({tasks}) => tasks.flatMap(({statements}) => statements)),
      ...planMarks(lacks).flatMap(({statements}) => statements),
      ...comments.map((comment) => commentOn(comment)),
      ...views.map((view) => refreshMaterializedView(view)),
      ...tables.map((table) => analyzeTable(table)),
    ].map((statement) => ({on: 'target', action: renderStatement(statement)}));
  },

  async run(ctx) {
    const began = ctx.now();
    await waitForOldBuilds(ctx);
    const {lacks, there, due, later, found} = await compareWithGoal(ctx);
    const attempts: Attempts = {refused: new Map(), accepted: acceptedObjects(ctx.state(), found)};
    await build(ctx, planBuild({wanted: due, lacks: await withTables(ctx, lacks), there}), attempts);
    const rest = await restoreRest(ctx, attempts);
    // A view that rests on a primary key comes with the rest, and its indexes after it.
    const again = await compareWithGoal(ctx);
    await build(ctx, planBuild({wanted: again.due, lacks: again.lacks, there: again.there}), attempts);
    // What is said of an index or trigger is said once all are there: those of an earlier attempt, and those that came from a parent.
    const made = await compareWithGoal(ctx);
    await oneByOne(ctx, planMarks(made.lacks), attempts);
    await oneByOne(
      ctx,
      made.comments.map((comment) => ({object: commentObject(comment), statements: [commentOn(comment)]})),
      attempts,
    );
    const views = await refreshViews(ctx, attempts);
    await analyzeAll(ctx, attempts);
    const last = await compareWithGoal(ctx, {refused: attempts.refused, grants: true});
    const {indexes, foreignKeys, triggers} = await readManifestFile(ctx.folder);
    const evidence = {
      boundary: ctx.state().loadBoundary,
      indexes: indexes.length,
      foreignKeys: foreignKeys.length,
      triggers: triggers.length,
      built: countOf(lacks.missing),
      waiting: describeLater(later),
      rest,
      views,
      tookMs: ctx.now() - began,
    };
    return new Outcome(evidence, settleDifferences(last.found, ctx.state().differences));
  },
};

/** What the step came to at this P, done or with differences left; null where it never came to its end. */
function evidenceAtBoundary({evidence, loadBoundary}: RunState): Evidence<'build-indexes'> | null {
  const before = evidence['build-indexes'];
  if (before?.boundary === undefined || before.boundary !== loadBoundary) return null;
  // An earlier version may not have counted all of it.
  const none = {indexes: 0, foreignKeys: 0, triggers: 0, built: 0, waiting: [], rest: 0, views: 0, tookMs: 0};
  return {...none, ...before, boundary: before.boundary};
}

/** What is left alone: what somebody has accepted, unless it differs in another way by now. */
function acceptedObjects(state: RunState, found: readonly Difference[]): ReadonlySet<string> {
  const open = new Set(found.filter((one) => !isAcceptedIn(state, one)).map(({object}) => object));
  return new Set(
    state.differences.filter(({accepted, object}) => accepted !== null && !open.has(object)).map(({object}) => object),
  );
}

/** Without what is on tables and views that are not there yet. */
async function withTables(ctx: StepContext, lacks: Lacks): Promise<Lacks> {
  const {indexes, triggers} = lacks.missing;
  const on = [...indexes, ...triggers].map(({schema, table}) => ({schema, name: table}));
  const {missing} = await tablesThere(await ctx.session('target'), on);
  const names = new Set(missing.map((table) => quoteRelation(table)));
  const isThere = ({schema, table}: {readonly schema: string; readonly table: string}): boolean =>
    !names.has(quoteRelation({schema, name: table}));
  return {
    ...lacks,
    missing: {...lacks.missing, indexes: indexes.filter(isThere), triggers: triggers.filter(isThere)},
  };
}

function waiting(later: readonly string[]): Finding {
  return {
    check: 'build-indexes.later',
    severity: 'note',
    subject: 'target',
    seen: `${later.length} objects wait, as longhaul.yaml says: ${later.slice(0, 5).join('; ')}${later.length > 5 ? '; …' : ''}`,
    remedy: '',
  };
}
