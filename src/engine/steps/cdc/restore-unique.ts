import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import type {Difference} from '../../../domain/run/difference.ts';
import {commentOn} from '../../../pg/load/restore.ts';
import {readBackendsLike} from '../../../pg/load/backends.ts';
import type {IndexRow} from '../../../pg/catalog/indexes.ts';
import type {Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {sessionName} from '../../load/host/lane-name.ts';
import {openBuilder} from '../../schema/beside/builder.ts';
import {isForeseen} from '../../schema/copy/coming-roles.ts';
import {taskAction, type Attempts, type Task} from '../../schema/copy/attempts.ts';
import {onTarget, planMarks} from '../../schema/goal/build.ts';
import {differencesOf, settleDifferences} from '../../schema/goal/differences.ts';
import {compareWithGoal, type GoalSeen} from '../../schema/goal/goal.ts';
import {readGoal} from '../../schema/goal/manifest.ts';
import {commentObject, indexObject} from '../../schema/goal/object-names.ts';
import {divideHeldBack, planRestore, type HeldBack} from '../../schema/beside/restore-unique.ts';
import type {Action} from '../../action.ts';
import {executeAll} from '../../make-action.ts';
import {Outcome, type Step, type StepContext} from '../../step.ts';
import {createPool, executeBeside} from '../../waiting/pool.ts';

/** Brings the unique indexes back that `load.unique: after-catch-up` has held back, while changes are applied. */
export const restoreUnique: Step<'restore-unique'> = {
  id: 'restore-unique',
  phase: 'cdc',
  title: 'build the unique indexes that were held back',
  why: 'until then nothing on the target refuses a row that is there twice, and at the cutover they would take as long as their tables are large',
  source: 'facts/cutover.md, §4',
  confirm: 'no',

  async check(ctx) {
    const {restorable, left} = await readHeldBack(ctx);
    const open = restorable.filter((index) => !isAccepted(ctx, index));
    const findings = left.map((seen) => ({
      check: 'restore-unique.left',
      severity: 'note' as const,
      subject: 'target',
      seen,
      remedy: '',
    }));
    const known = ctx.state().evidence['restore-unique'];
    const none = {boundary: boundaryOf(ctx), indexes: known?.indexes ?? 0, left, tookMs: known?.tookMs ?? 0};
    return {done: open.length === 0 ? none : null, findings};
  },

  async plan(ctx) {
    const goal = (await isForeseen(ctx)) ? await readGoal(await ctx.session('source'), ctx.config.tables) : null;
    const seen = await compareWithGoal(ctx, {goal, changesNothing: true});
    const restoring = planRestoring(ctx, seen, {refused: new Map(), accepted: new Set()});
    return [...restoring.shells, ...restoring.builds, ...restoring.last];
  },

  async run(ctx) {
    const began = ctx.steady();
    await waitForOldBuilds(ctx);
    const seen = await compareWithGoal(ctx);
    const {restorable, left} = divideHeldBack(seen.later.indexes);
    const accepted = new Set(restorable.filter((index) => isAccepted(ctx, index)).map((index) => indexObject(index)));
    const attempts: Attempts = {refused: new Map(), accepted};
    const restoring = planRestoring(ctx, seen, attempts);
    try {
      await executeAll(restoring.shells);
      await executeBeside(restoring.builds);
      await executeAll(restoring.last);
    } finally {
      await restoring.close();
    }
    const after = await compareWithGoal(ctx);
    await executeAll(planMarksOf(ctx, after, {of: restorable, attempts}));
    const found = await readMissing(ctx, restorable, attempts);
    const evidence: Evidence<'restore-unique'> = {
      boundary: boundaryOf(ctx),
      indexes: restorable.length - found.length,
      left,
      tookMs: Math.round(ctx.steady() - began),
    };
    const known = ctx.state().differences.filter(({step}) => step === 'restore-unique');
    return new Outcome(evidence, settleDifferences(found, known));
  },
};

function boundaryOf(ctx: StepContext): Evidence<'restore-unique'>['boundary'] {
  const {boundary} = ctx.state();
  if (boundary === null) throw new Error('bug: change capture was started without a P');
  return boundary.lsn;
}

async function readHeldBack(ctx: StepContext): Promise<HeldBack> {
  return divideHeldBack((await compareWithGoal(ctx)).later.indexes);
}

function isAccepted(ctx: StepContext, index: IndexRow): boolean {
  const object = indexObject(index);
  return ctx.state().differences.some((one) => one.object === object && one.accepted !== null);
}

interface Restoring {
  readonly shells: readonly Action[];
  readonly builds: readonly Action[];
  readonly last: readonly Action[];
  close(): Promise<void>;
}

function planRestoring(ctx: StepContext, {later, there}: GoalSeen, attempts: Attempts): Restoring {
  const {restorable} = divideHeldBack(later.indexes);
  const {shells, builds, last} = planRestore(restorable, there.indexes);
  const pool = createPool(ctx.config.load.indexJobs, async (worker) => openBuilder(ctx, worker, BUILDING));
  let done = 0;
  return {
    shells: shells.map((task) => shortly(ctx, task, attempts)),
    builds: builds.map((task) =>
      taskAction(task, attempts, async (work) =>
        pool.use(async ({session}) => {
          ctx.signal.throwIfAborted();
          const what = task.object;
          await ctx.record({type: 'step.progressed', step: 'restore-unique', done, total: builds.length, what});
          done += 1;
          await work(session);
        }),
      ),
    ),
    last: last.map((task) => shortly(ctx, task, attempts)),
    close: async () => pool.close(),
  };
}

/** How the sessions are called that build here. */
const BUILDING = 'unique';
const SHORT_MS = 200;

/** What takes a table for itself: for a moment, or not at all and a little later again. Whoever waits behind it waits as long. */
function shortly(ctx: StepContext, task: Task, attempts: Attempts): Action {
  return taskAction(task, attempts, async (work) => {
    const target = await ctx.session('target');
    const limits = {lockTimeoutMs: ctx.config.timeouts.lockMs, timeoutMs: 0};
    const short: Session = {
      ...target,
      get lost() {
        return target.lost;
      },
      one: async (statement, own) => target.one(statement, own),
      run: async (statement) => {
        for (;;) {
          try {
            return await target.run(statement, limits);
          } catch (error) {
            if (target.lost || sqlStateOf(error) !== SQLSTATE.lockNotAvailable) throw error;
            await ctx.sleep(SHORT_MS);
          }
        }
      },
    };
    await work(short);
  });
}

/** What is said of these indexes: marks and comments. */
function planMarksOf(
  ctx: StepContext,
  {lacks, comments}: GoalSeen,
  {of, attempts}: {readonly of: readonly IndexRow[]; readonly attempts: Attempts},
): Action[] {
  const names = new Set(of.map((index) => indexObject(index)));
  const marks = planMarks(lacks).filter(({object}) => names.has(object));
  const own = comments.filter(({schema, name, table}) =>
    of.some(
      (one) => one.schema === schema && one.table === table && (one.name === name || one.constraintName === name),
    ),
  );
  return [
    ...marks,
    ...own.map((comment): Task => ({object: commentObject(comment), statements: [commentOn(comment)]})),
  ].map((task) => onTarget(ctx, task, attempts));
}

/** Those of these that are not there after all, with what the server said. */
async function readMissing(ctx: StepContext, of: readonly IndexRow[], {refused}: Attempts): Promise<Difference[]> {
  const {later, lacks} = await compareWithGoal(ctx);
  const names = new Set(of.map((index) => indexObject(index)));
  const missing = later.indexes.filter((index) => names.has(indexObject(index)));
  const none = {...lacks, missing: {...later, indexes: missing, foreignKeys: [], triggers: [], checks: []}};
  return differencesOf({lacks: none, comments: [], refused}).filter(({object}) => names.has(object));
}

const EVERY_MS = 2_000;

/** What an earlier supervisor has begun goes on at the server: it is waited for, for it is hours of work. */
async function waitForOldBuilds(ctx: StepContext): Promise<void> {
  const target = await ctx.session('target');
  const pattern = sessionName(ctx.config.run, `${BUILDING}-%`);
  for (;;) {
    const builds = (await target.run(readBackendsLike([pattern]))).filter(({state}) => state === 'active');
    if (builds.length === 0) return;
    const what = `waiting for ${builds.length} builds that an earlier supervisor began, on the target`;
    await ctx.record({type: 'step.progressed', step: 'restore-unique', done: 0, total: builds.length, what});
    await ctx.sleep(EVERY_MS);
  }
}
