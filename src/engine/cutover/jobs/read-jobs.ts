import {readCronJobs, readScheduler, type CronJob, type Scheduler} from '../../../pg/cutover/cron.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {StepContext} from '../../step.ts';

/** What a server has of pg_cron in the database that moves; `jobs` is empty where our role may not read them. */
export interface JobsOfServer {
  readonly scheduler: Scheduler;
  readonly jobs: readonly CronJob[];
}

/** Both servers' jobs. */
export interface JobsSeen {
  readonly source: JobsOfServer;
  readonly target: JobsOfServer;
}

/** Reads the jobs of both servers. */
export async function readJobs(ctx: StepContext): Promise<JobsSeen> {
  return {source: await jobsOf(await ctx.session('source')), target: await jobsOf(await ctx.session('target'))};
}

async function jobsOf(session: Session): Promise<JobsOfServer> {
  const scheduler = await session.one(readScheduler(session.version));
  const {here, mayRead, hasNames} = scheduler;
  return {scheduler, jobs: here && mayRead ? await session.run(readCronJobs(hasNames)) : []};
}

/** Whether Longhaul may stop and start the jobs of both servers. Pure. */
export function maySwap({source, target}: JobsSeen): boolean {
  return source.scheduler.mayChange && target.scheduler.mayChange;
}

/** Jobs of the one side with the one that is the same on the other; each there is taken once. Pure. */
export function pairJobs(
  source: readonly CronJob[],
  target: readonly CronJob[],
): {readonly job: CronJob; readonly there: CronJob | null}[] {
  const left = [...target];
  return source.map((job) => {
    const at = left.findIndex((one) => isSame(one, job));
    const [there = null] = at === -1 ? [] : left.splice(at, 1);
    return {job, there};
  });
}

function isSame(one: CronJob, other: CronJob): boolean {
  return (
    one.schedule === other.schedule &&
    one.command === other.command &&
    one.role === other.role &&
    (one.name ?? '') === (other.name ?? '')
  );
}
