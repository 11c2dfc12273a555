import {formatRelation} from '../../domain/relation.ts';
import type {ForeignKeyRow, IndexRow, TriggerRow} from '../../pg/indexes.ts';
import {
  addConstraintUsingIndex,
  addForeignKey,
  addIndexConstraint,
  attachIndex,
  clusterOn,
  createIndex,
  createTrigger,
  dropIndex,
  setMaintenanceWorkMem,
  setIndexStatistics,
  setTriggerEnabled,
  identifyRowsBy,
  validateForeignKey,
} from '../../pg/restore.ts';
import type {Session} from '../../pg/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/sqlstate.ts';
import type {Statement} from '../../pg/statement.ts';
import {inParallel} from '../in-parallel.ts';
import type {StepContext} from '../step.ts';
import type {Objects} from './manifest.ts';

/** An index of a table of 1 TB takes hours, and nobody but us is on the target: no limit. */
const NO_LIMIT = {timeoutMs: 0, lockTimeoutMs: 0};

/** One piece of work: what it is for people, and its statements in order. */
interface Job {
  readonly what: string;
  readonly statements: readonly Statement[];
  readonly limits: {readonly timeoutMs: number; readonly lockTimeoutMs: number};
}

/** What is to be there by now, what of it is missing, and what is on the target before: an index may be invalid or lack its constraint. */
interface Building {
  readonly wanted: Objects;
  readonly missing: Objects;
  readonly there: Objects;
}

/**
 * Builds what is missing: indexes of partitioned tables as empty shells, all others in parallel and the largest table first, then what
 * needs them: attachments, constraints, foreign keys (added without a look, then validated in parallel), triggers.
 */
export async function buildMissing(ctx: StepContext, {wanted, missing, there}: Building): Promise<void> {
  const shells = missing.indexes.filter((index) => index.partitioned);
  const real = missing.indexes.filter((index) => !index.partitioned).toSorted((a, b) => b.tableBytes - a.tableBytes);
  const jobs = real.map((index) => buildJob(index, there));
  const progress = counter(ctx, jobs.length + missing.foreignKeys.length + missing.triggers.length);
  await oneByOne(
    ctx,
    shells.flatMap((index) => shellStatements(index, there)),
  );
  await inJobs(ctx, jobs, progress);
  await oneByOne(
    ctx,
    real.flatMap((index) => constraintStatements(index)),
  );
  await oneByOne(ctx, attachments(wanted.indexes, there));
  await oneByOne(
    ctx,
    missing.indexes.flatMap((index) => markings(index)),
  );
  await oneByOne(
    ctx,
    missing.foreignKeys.map((key) => addForeignKey(key)),
  );
  await inJobs(
    ctx,
    missing.foreignKeys.filter((key) => key.validated && !key.partitioned).map((key) => validation(key)),
    progress,
  );
  await oneByOne(
    ctx,
    missing.triggers.flatMap((trigger) => triggerStatements(trigger)),
  );
}

/** Every statement that buildMissing would run, in its order; for the dry run. Pure. */
export function buildStatements({wanted, missing, there}: Building): Statement[] {
  const shells = missing.indexes.filter((index) => index.partitioned);
  const real = missing.indexes.filter((index) => !index.partitioned).toSorted((a, b) => b.tableBytes - a.tableBytes);
  return [
    ...shells.flatMap((index) => shellStatements(index, there)),
    ...real.flatMap((index) => buildJob(index, there).statements),
    ...real.flatMap((index) => constraintStatements(index)),
    ...attachments(wanted.indexes, there),
    ...missing.indexes.flatMap((index) => markings(index)),
    ...missing.foreignKeys.map((key) => addForeignKey(key)),
    ...missing.foreignKeys.filter((key) => key.validated && !key.partitioned).map((key) => validateForeignKey(key)),
    ...missing.triggers.flatMap((trigger) => triggerStatements(trigger)),
  ];
}

function nameOf(row: IndexRow | ForeignKeyRow | TriggerRow): string {
  return formatRelation({schema: row.schema, name: row.name});
}

function buildJob(index: IndexRow, there: Objects): Job {
  const left = there.indexes.find((row) => row.schema === index.schema && row.name === index.name);
  const statements = [
    // A build that was cut off leaves an invalid index, or a valid one without its constraint.
    ...(left !== undefined && !left.valid ? [dropIndex(left)] : []),
    ...(left?.valid === true ? [] : [index.constraintType === 'x' ? addIndexConstraint(index) : createIndex(index)]),
  ];
  return {what: `index ${nameOf(index)}`, statements, limits: NO_LIMIT};
}

function shellStatements(index: IndexRow, there: Objects): Statement[] {
  // A shell stays invalid until all partitions have theirs; one that is there is used.
  if (there.indexes.some((row) => row.schema === index.schema && row.name === index.name)) return [];
  return [index.constraintType === null ? createIndex(index) : addIndexConstraint(index)];
}

function constraintStatements(index: IndexRow): Statement[] {
  return index.constraintType === 'p' || index.constraintType === 'u' ? [addConstraintUsingIndex(index)] : [];
}

/** A run that was cut off may have left an index whole and not attached. */
function attachments(wanted: readonly IndexRow[], there: Objects): Statement[] {
  const attached = new Set(there.indexes.filter((row) => row.parentName !== null).map((row) => nameOf(row)));
  return wanted
    .filter((index) => index.parentName !== null && !attached.has(nameOf(index)))
    .map((index) => attachIndex(index));
}

function markings(index: IndexRow): Statement[] {
  return [
    ...(index.replicaIdentity ? [identifyRowsBy(index)] : []),
    ...(index.clustered ? [clusterOn(index)] : []),
    ...index.statistics.map((one) => setIndexStatistics(index, one)),
  ];
}

/** Locks of a validation let readers and writers through, but two on one table wait for each other. */
function validation(key: ForeignKeyRow): Job {
  return {what: `foreign key ${nameOf(key)}`, statements: [validateForeignKey(key)], limits: NO_LIMIT};
}

function triggerStatements(trigger: TriggerRow): Statement[] {
  return trigger.enabled === 'O' ? [createTrigger(trigger)] : [createTrigger(trigger), setTriggerEnabled(trigger)];
}

async function oneByOne(ctx: StepContext, statements: readonly Statement[]): Promise<void> {
  const target = await ctx.session('target');
  for (const statement of statements) await runOnce(target, statement, NO_LIMIT);
}

async function inJobs(
  ctx: StepContext,
  jobs: readonly Job[],
  progress: (what: string) => Promise<void>,
): Promise<void> {
  await inParallel(
    ctx.config.load.indexJobs,
    jobs,
    async (worker) => openBuilder(ctx, worker),
    async ({session}, job) => {
      ctx.signal.throwIfAborted();
      await progress(job.what);
      for (const statement of job.statements) await runOnce(session, statement, job.limits);
    },
  );
}

async function openBuilder(ctx: StepContext, worker: number): Promise<{session: Session; close(): Promise<void>}> {
  const session = await ctx.open('target', `index-${worker}`);
  const memory = ctx.config.load.maintenanceWorkMem;
  if (memory !== null) await session.run(setMaintenanceWorkMem(memory));
  return {session, close: async () => session.close()};
}

/** What is there already was made by a run that was cut off right after. */
async function runOnce(session: Session, statement: Statement, limits: Job['limits']): Promise<void> {
  try {
    await session.run(statement, limits);
  } catch (error) {
    const state = sqlStateOf(error);
    if (state !== SQLSTATE.duplicateObject && state !== SQLSTATE.duplicateTable) throw error;
  }
}

function counter(ctx: StepContext, total: number): (what: string) => Promise<void> {
  let done = 0;
  return async (what) => {
    await ctx.record({type: 'step.progressed', step: 'build-indexes', done, total, what});
    done += 1;
  };
}
