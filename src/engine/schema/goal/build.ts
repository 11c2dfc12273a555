import type {IndexRow, TriggerRow} from '../../../pg/catalog/indexes.ts';
import {
  addCheck,
  addForeignKey,
  addIndexConstraint,
  attachIndex,
  clusterOff,
  clusterOn,
  createIndex,
  createTrigger,
  identifyRowsBy,
  setIndexStatistics,
  setReplicaIdentity,
  setTriggerEnabled,
  validateConstraint,
} from '../../../pg/load/restore.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import type {Action} from '../../action.ts';
import {createPool, type Pool} from '../../waiting/pool.ts';
import type {StepContext} from '../../step.ts';
import type {Expected} from '../../waiting/under-way.ts';
import {openBuilder, type Builder} from '../beside/builder.ts';
import {buildStatements, byUrgency, constraintStatements} from '../beside/table-work.ts';
import type {Lacks, Pair} from './lacks.ts';
import {keyOf, type Objects} from './manifest.ts';
import {checkObject, indexObject, keyObject, tableObject, triggerObject} from './object-names.ts';
import {taskAction, type Attempts, type Task} from '../copy/attempts.ts';

/** Tasks that may be done at the same time, or have to be done one after the other. */
export interface Stage {
  readonly parallel: boolean;
  readonly tasks: readonly Task[];
}

/** What is to be there by now, in what the target falls short of it, and what is on the target before: an index may be invalid or lack its constraint. */
export interface Building {
  readonly wanted: Objects;
  readonly lacks: Lacks;
  readonly there: Objects;
}

/**
 * What has to be made, in order: indexes of partitioned tables as empty shells, all others in parallel, what CDC needs first and of that and the rest the largest, then what
 * needs them: constraints, attachments, foreign keys (added without reading the rows, then validated in parallel), checks, triggers. Pure.
 */
export function planBuild({wanted, lacks, there}: Building): Stage[] {
  const {missing} = lacks;
  const reads = readsOf(wanted.indexes);
  const before = new Map(there.indexes.map((index) => [keyOf(index), index]));
  const shells = missing.indexes.filter((index) => index.partitioned);
  const real = missing.indexes.filter((index) => !index.partitioned).toSorted(byUrgency);
  return [
    inOrder(shells.map((index) => task(indexObject(index), shellStatements(index, before.get(keyOf(index)))))),
    atOnce(
      real.map((index) => reading(index, task(indexObject(index), buildStatements(index, before.get(keyOf(index)))))),
    ),
    inOrder(real.map((index) => task(indexObject(index), constraintStatements(index)))),
    inOrder(attachments(wanted.indexes, before)),
    inOrder(missing.foreignKeys.map((key) => task(keyObject(key), [addForeignKey(key)]))),
    inOrder(missing.checks.map((check) => reads(check, task(checkObject(check), [addCheck(check)])))),
    atOnce([
      ...missing.foreignKeys
        .filter((key) => key.validated && !key.partitioned)
        .map((key) => reads(key, task(keyObject(key), [validateConstraint(key)]))),
      ...lacks.unvalidated.map((row) =>
        reads(row, task('columns' in row ? keyObject(row) : checkObject(row), [validateConstraint(row)])),
      ),
    ]),
    inOrder(missing.triggers.map((trigger) => task(triggerObject(trigger), triggerStatements(trigger)))),
  ];
}

function reading({schema, table, tableBytes}: IndexRow, of: Task): Task {
  return {...of, reads: {table: formatRelation({schema, name: table}), bytes: tableBytes}};
}

type OfTable = Pick<IndexRow, 'schema' | 'table'>;

/** What validating a constraint reads: its table, whose size its indexes tell. */
function readsOf(indexes: readonly IndexRow[]): (row: OfTable, of: Task) => Task {
  const bytes = new Map(indexes.map(({schema, table, tableBytes}) => [JSON.stringify([schema, table]), tableBytes]));
  return ({schema, table}, of) => {
    const known = bytes.get(JSON.stringify([schema, table])) ?? 0;
    return {...of, reads: {table: formatRelation({schema, name: table}), bytes: known}};
  };
}

function inOrder(tasks: readonly Task[]): Stage {
  return {parallel: false, tasks: tasks.filter(({statements}) => statements.length > 0)};
}

function atOnce(tasks: readonly Task[]): Stage {
  return {...inOrder(tasks), parallel: true};
}

/** The marks of what is there: replica identity, CLUSTER, statistics targets, which triggers fire. A partition's own come after its parent's. Pure. */
export function planMarks({marks}: Pick<Lacks, 'marks'>): Task[] {
  const {identity, tables, clustered, unclustered, statistics, enabled} = marks;
  return [
    ...tables.map((mark) => task(tableObject(mark), [setReplicaIdentity(mark)])),
    ...identity.map((index) => task(indexObject(index), [identifyRowsBy(index)])),
    ...unclustered.map((index) => task(indexObject(index), [clusterOff({schema: index.schema, name: index.table})])),
    ...clustered.map((index) => task(indexObject(index), [clusterOn(index)])),
    ...statistics.map((pair) => task(indexObject(pair.wanted), statisticsStatements(pair))),
    ...enabled
      .toSorted((a, b) => Number(a.cloned) - Number(b.cloned))
      .map((trigger) => task(triggerObject(trigger), [setTriggerEnabled(trigger)])),
  ];
}

function task(object: string, statements: readonly Statement[]): Task {
  return {object, statements};
}

function shellStatements(index: IndexRow, left: IndexRow | undefined): Statement[] {
  // A shell stays invalid until all partitions have theirs; one that is there is used.
  if (left !== undefined) return [];
  return [index.constraintType === null ? createIndex(index) : addIndexConstraint(index)];
}

/** A run that was cut off may have left an index whole and not attached. */
function attachments(wanted: readonly IndexRow[], before: ReadonlyMap<string, IndexRow>): Task[] {
  return wanted
    .filter((index) => index.parentName !== null && (before.get(keyOf(index))?.parentName ?? null) === null)
    .map((index) => task(indexObject(index), [attachIndex(index)]));
}

/** -1 is the server's own. */
function statisticsStatements({wanted, there}: Pair<IndexRow>): Statement[] {
  const gone = there.statistics.filter(({column}) => !wanted.statistics.some((set) => set.column === column));
  return [...gone.map(({column}) => ({column, target: -1})), ...wanted.statistics].map((target) =>
    setIndexStatistics(wanted, target),
  );
}

function triggerStatements(trigger: TriggerRow): Statement[] {
  return trigger.enabled === 'O' ? [createTrigger(trigger)] : [createTrigger(trigger), setTriggerEnabled(trigger)];
}

/** Actions that are executed beside each other, or one after the other. */
export interface Actions {
  readonly beside: boolean;
  readonly actions: readonly Action[];
}

/** Where the statements of a build are executed. */
export interface Builders {
  /** The sessions for what is done at the same time. */
  readonly pool: Pool<Builder>;
  readonly attempts: Attempts;
}

/** The actions of a build, stage by stage. What the server refuses is noted and keeps nothing else from being made. */
export function buildActions(ctx: StepContext, stages: readonly Stage[], {pool, attempts}: Builders): Actions[] {
  const total = stages.reduce((sum, {parallel, tasks}) => sum + (parallel ? tasks.length : 0), 0);
  const progress = counter(ctx, total);
  return stages.map(({parallel, tasks}) => ({
    beside: parallel,
    actions: tasks.map((each) => {
      if (!parallel) return onTarget(ctx, each, attempts);
      const piece = expected(ctx, each);
      return taskAction(each, attempts, async (work) =>
        pool.use(async ({session, application}) => {
          ctx.signal.throwIfAborted();
          await progress(each.object);
          await piece.during(application, async () => work(session));
        }),
      );
    }),
  }));
}

/** The action that attempts a task on the run's own session. */
export function onTarget(ctx: StepContext, each: Task, attempts: Attempts): Action {
  const piece = expected(ctx, each);
  return taskAction(each, attempts, async (work) => {
    ctx.signal.throwIfAborted();
    await piece.during(null, async () => work(await ctx.session('target')));
  });
}

function expected(ctx: StepContext, {object, reads}: Task): Expected {
  return ctx.underWay.expect({name: object, table: reads?.table ?? '', on: ['target'], bytes: reads?.bytes ?? 0});
}

/** The sessions that build indexes at the same time, with their memory. */
export function createBuilders(ctx: StepContext): Pool<Builder> {
  return createPool(ctx.config.load.indexJobs, async (worker) => openBuilder(ctx, worker));
}

function counter(ctx: StepContext, total: number): (what: string) => Promise<void> {
  let done = 0;
  return async (what) => {
    await ctx.record({type: 'step.progressed', step: 'build-indexes', done, total, what});
    done += 1;
  };
}
