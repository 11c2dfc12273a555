import {isAcceptedIn, openDifferences, type Difference} from '../../../domain/run/difference.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {tablesOf} from '../../../domain/run/load-unit.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import {allCommitted, type RunState} from '../../../domain/run/run-state.ts';
import {commentOn} from '../../../pg/load/restore.ts';
import {waitForOldBuilds} from '../../run/own-statements.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {isForeseen} from '../../schema/copy/coming-roles.ts';
import type {Attempts} from '../../schema/copy/attempts.ts';
import {
  buildActions,
  createBuilders,
  onTarget,
  planBuild,
  planMarks,
  type Actions,
  type Builders,
} from '../../schema/goal/build.ts';
import {isMended, settleDifferences} from '../../schema/goal/differences.ts';
import {planStatistics, planViews, type ViewTime} from '../../schema/goal/fill.ts';
import {compareWithGoal, countOf, type GoalSeen} from '../../schema/goal/goal.ts';
import {foreseeMarks, type Lacks} from '../../schema/goal/lacks.ts';
import {readGoal, readManifestFile} from '../../schema/goal/manifest.ts';
import {commentObject} from '../../schema/goal/object-names.ts';
import {showRehearsals} from '../../schema/goal/other-definitions.ts';
import {planRest} from '../../schema/goal/restore-rest.ts';
import {describeLater, statesDue} from '../../schema/goal/waits.ts';
import {executeAll} from '../../make-action.ts';
import {Outcome, type Step, type StepContext} from '../../step.ts';
import type {Session} from '../../../pg/session/session.ts';
import {createUnderWay} from '../../waiting/under-way.ts';
import {createPool, executeBeside, type Pool} from '../../waiting/pool.ts';
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

  async plan(ctx) {
    // Before copy-schema there is no manifest yet: the source's own, as it is now.
    const foreseen = await isForeseen(ctx);
    const goal = foreseen
      ? await readGoal(await ctx.session('source'), ctx.config.tables)
      : await readManifestFile(ctx.folder);
    const seen = await compareWithGoal(ctx, {goal, changesNothing: true});
    // What is only shown is not under way.
    const making = makingOf({...ctx, underWay: createUnderWay(ctx)}, {refused: new Map(), accepted: new Set()});
    const coming = allCommitted(ctx.state()) ? seen.lacks : await withoutBesides(ctx, seen.lacks);
    const lacks = foreseen ? await withoutNewChecks(ctx, coming) : coming;
    const foreseenMarks = foreseeMarks({...goal, ...seen.due}, seen.there);
    const left = {...foreseenMarks, enabled: statesDue(foreseenMarks.enabled, ctx.config.load, ctx.state())};
    const parts = [structures(making, {...seen, lacks}), await rest(making, foreseen), marks(making, {marks: left})];
    const all = [
      ...parts,
      comments(making, seen),
      await views(making, foreseen),
      allCommitted(ctx.state()) ? await statistics(making) : [],
    ];
    return [...showRehearsals(), ...all.flat().flatMap(({actions}) => actions)];
  },

  async run(ctx) {
    const began = ctx.steady();
    await waitForOldBuilds(ctx);
    ctx.underWay.begin('build-indexes');
    const {lacks, there, due, later, found} = await compareWithGoal(ctx);
    const making = makingOf(ctx, {refused: new Map(), accepted: acceptedObjects(ctx.state(), found)});
    await makeAll(making, {lacks, there, due});
    const last = await compareWithGoal(ctx, {refused: making.attempts.refused, grants: true});
    const {indexes, foreignKeys, triggers} = await readManifestFile(ctx.folder);
    const evidence = {
      boundary: ctx.state().loadBoundary,
      indexes: indexes.length,
      foreignKeys: foreignKeys.length,
      triggers: triggers.length,
      built: countOf(lacks.missing),
      waiting: describeLater(later),
      rest: making.came.rest,
      views: making.came.viewTimes.length,
      viewTimes: making.came.viewTimes,
      tookMs: Math.round(ctx.steady() - began),
    };
    return new Outcome(evidence, settleDifferences(last.found, ctx.state().differences));
  },
};

/** What the parts of the step share. */
interface Making extends Builders {
  readonly ctx: StepContext;
  readonly analyzers: Pool<Session>;
  /** Tables of which an index was built. */
  readonly built: Set<string>;
  /** How many entries came with the rest, and the views that were filled. */
  readonly came: {rest: number; readonly viewTimes: ViewTime[]};
}

function makingOf(ctx: StepContext, attempts: Attempts): Making {
  return {
    ctx,
    attempts,
    pool: createBuilders(ctx),
    analyzers: createPool(ctx.config.load.indexJobs, async (worker) => ctx.open('target', `analyze-${worker}`)),
    built: new Set(),
    came: {rest: 0, viewTimes: []},
  };
}

/** What is missing, as the target compares with the manifest. */
type Missing = Pick<GoalSeen, 'lacks' | 'there' | 'due'>;

function structures(making: Making, {due, lacks, there}: Missing): Actions[] {
  for (const {schema, table} of lacks.missing.indexes) making.built.add(quoteRelation({schema, name: table}));
  return buildActions(making.ctx, planBuild({wanted: due, lacks, there}), making);
}

async function rest({ctx, attempts, came}: Making, foreseen: boolean): Promise<Actions[]> {
  return inOrder(await planRest(ctx, attempts, {foreseen, onCount: (entries) => (came.rest = entries)}));
}

function marks({ctx, attempts}: Making, left: Pick<Lacks, 'marks'>): Actions[] {
  return inOrder(planMarks(left).map((task) => onTarget(ctx, task, attempts)));
}

function comments({ctx, attempts}: Making, seen: GoalSeen): Actions[] {
  return inOrder(
    seen.comments.map((comment) =>
      onTarget(ctx, {object: commentObject(comment), statements: [commentOn(comment)]}, attempts),
    ),
  );
}

async function views({ctx, attempts, came}: Making, foreseen: boolean): Promise<Actions[]> {
  return inOrder(await planViews(ctx, attempts, {foreseen, onFilled: (view) => came.viewTimes.push(view)}));
}

async function statistics({ctx, attempts, analyzers, built}: Making): Promise<Actions[]> {
  return [{beside: true, actions: await planStatistics(ctx, attempts, {pool: analyzers, again: built})}];
}

function inOrder(actions: Actions['actions']): Actions[] {
  return [{beside: false, actions}];
}

/** Executes the parts that `plan` shows, each planned anew when its turn comes. */
async function makeAll(making: Making, first: Missing): Promise<void> {
  const {ctx} = making;
  try {
    await execute(structures(making, {...first, lacks: await withTables(ctx, first.lacks)}));
    await execute(await rest(making, false));
    // A view that rests on a primary key comes with the rest, and its indexes after it.
    await execute(structures(making, await compareWithGoal(ctx)));
    // What is said of an index or trigger is said once all are there: those of an earlier attempt, and those that came from a parent.
    const made = await compareWithGoal(ctx);
    await execute(marks(making, made.lacks));
    await execute(comments(making, made));
    await execute(await views(making, false));
    await execute(await statistics(making));
  } finally {
    await Promise.all([making.pool.close(), making.analyzers.close()]);
  }
}

async function execute(stages: readonly Actions[]): Promise<void> {
  for (const {beside, actions} of stages) await (beside ? executeBeside(actions) : executeAll(actions));
}

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

/** Without the indexes that come with their tables' rows, and are shown there. */
async function withoutBesides(ctx: StepContext, lacks: Lacks): Promise<Lacks> {
  const {units} = await readPlan(ctx);
  const loaded = new Set(tablesOf(units).map(quoteRelation));
  const indexes = lacks.missing.indexes.filter(
    ({schema, table, partitioned}) => partitioned || !loaded.has(quoteRelation({schema, name: table})),
  );
  return {...lacks, missing: {...lacks.missing, indexes}};
}

/** Without the checks that come with their tables: only those that are NOT VALID wait until the rows are in. */
async function withoutNewChecks(ctx: StepContext, lacks: Lacks): Promise<Lacks> {
  const on = lacks.missing.checks.map(({schema, table}) => ({schema, name: table}));
  const {there} = await tablesThere(await ctx.session('target'), on);
  const names = new Set(there.map((table) => quoteRelation(table)));
  const checks = lacks.missing.checks.filter(
    ({schema, table, validated}) => !validated || names.has(quoteRelation({schema, name: table})),
  );
  return {...lacks, missing: {...lacks.missing, checks}};
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
