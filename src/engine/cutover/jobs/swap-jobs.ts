import type {KeptJob} from '../../../domain/run/cutover/cutover.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {addCronJob, setCronJobs, type CronJob} from '../../../pg/cutover/cron.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import type {Action} from '../../action.ts';
import {remark, showStatement, statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {NOT_UNDONE} from '../commands/operator-commands.ts';
import {maySwap, pairJobs, readJobs, type JobsSeen} from './read-jobs.ts';

/** Has every job of the source on the target, inactive, before anybody is stopped; nothing where pg_cron is not in both databases, or our role may not change its jobs. */
export async function planJobsCarried(ctx: StepContext): Promise<Action[]> {
  const seen = await readJobs(ctx);
  if (!maySwap(seen)) return [];
  const {hasNames} = seen.target.scheduler;
  const missing = pairJobs(seen.source.jobs, seen.target.jobs).filter(({there}) => there === null);
  const active = jobsAhead(seen).map(({id}) => id);
  return [
    ...(active.length === 0
      ? []
      : [switching(ctx, 'target', {ids: active, on: false, why: 'until the hand-over they run on the source'})]),
    ...missing.map(({job}) =>
      statementAction(addCronJob(job, hasNames), {on: 'target', session: async () => ctx.session('target')}),
    ),
  ];
}

/** A job of the target that runs there before the hand-over, though it is one of the source's. */
export interface JobAhead extends CronJob {
  /** Whether it stays off behind the hand-over, because it is off on the source. */
  readonly staysOff: boolean;
}

/**
 * The jobs of the target that run there already and are the same as one of the source; what the target has for itself is left alone, for nobody would start it again. One that is off on the source is off
 * on the target as well, before the hand-over and behind it: somebody has switched it off in production. Pure.
 */
export function jobsAhead({source, target}: JobsSeen): JobAhead[] {
  return pairJobs(source.jobs, target.jobs).flatMap(({job, there}) =>
    there?.active === true ? [{...there, staysOff: !job.active}] : [],
  );
}

/** The jobs that run on the source now, each with the one of the target that takes its place. */
export async function readJobsToSwap(ctx: StepContext): Promise<KeptJob[]> {
  const seen = await readJobs(ctx);
  return maySwap(seen) ? jobsToSwap(seen) : [];
}

/** Pure. */
export function jobsToSwap({source, target}: JobsSeen): KeptJob[] {
  return pairJobs(source.jobs, target.jobs)
    .filter(({job}) => job.active)
    .map(({job, there}) => ({source: job.id, target: there?.id ?? null}));
}

/** Stops the jobs of the source that were noted as running. */
export async function planJobsOff(ctx: StepContext): Promise<Action[]> {
  const known = ctx.state().cutover?.jobs ?? (await readJobsToSwap(ctx));
  if (known.length === 0) return [];
  const why = 'those of pg_cron that run in this database';
  const shown = switching(ctx, 'source', {ids: known.map(({source}) => source), on: false, why});
  return [
    {
      ...shown,
      execute: async () => {
        const ids = (ctx.state().cutover?.jobs ?? []).map(({source}) => source);
        await switching(ctx, 'source', {ids, on: false, why}).execute();
      },
    },
  ];
}

/** Lets those jobs of the source run again. */
export function planJobsOnAgain(ctx: StepContext): Action[] {
  const ids = (ctx.state().cutover?.jobs ?? []).map(({source}) => source);
  return ids.length === 0
    ? []
    : [switching(ctx, 'source', {ids, on: true, why: 'the jobs that were stopped run again'})];
}

/** The same while a cutover is taken back, which nothing of it holds up: gives what could not be done, in words. */
export async function restartJobs(ctx: StepContext): Promise<string[]> {
  try {
    for (const action of planJobsOnAgain(ctx)) await action.execute();
    return [];
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    const ids = (ctx.state().cutover?.jobs ?? []).map(({source}) => source);
    return [
      `the jobs of pg_cron were ${NOT_UNDONE}, they do not run on the source: ${error.message}; do it there: ${showStatement(setCronJobs(ids, true))}`,
    ];
  }
}

/** Starts on the target what was stopped on the source. The target is open by then: a job that cannot be started is told, and holds up nobody. */
export async function startJobs(ctx: StepContext): Promise<void> {
  const ids = (ctx.state().cutover?.jobs ?? []).flatMap(({target}) => target ?? []);
  if (ids.length === 0) return;
  try {
    await switching(ctx, 'target', {ids, on: true, why: ''}).execute();
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    const what = `THE JOBS OF pg_cron DO NOT RUN on the target: ${error.message}; do it there: ${showStatement(setCronJobs(ids, true))}`;
    await ctx.record({type: 'step.progressed', step: 'hand-over', done: 0, total: 1, what});
  }
}

function switching(
  ctx: StepContext,
  on: ServerRole,
  {ids, on: runs, why}: {readonly ids: readonly number[]; readonly on: boolean; readonly why: string},
): Action {
  const action = statementAction(setCronJobs(ids, runs), {on, session: async () => ctx.session(on)});
  return {...action, text: why === '' ? action.text : remark(why, action.text)};
}
