import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier, quoteLiteral} from '../../../domain/pg/identifier.ts';
import {readJobRunners} from '../../../pg/cutover/rehearsal/other-readers.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {WRITABLE} from '../rehearsal/writable.ts';
import {maySwap, readJobs, type JobsSeen} from './read-jobs.ts';
import {jobsAhead, type JobAhead} from './swap-jobs.ts';

/** What is to be known of jobs that run by themselves in the database. */
export async function readJobFindings(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const runners = (await source.run(readJobRunners(source.version))).map(({name}) => name);
  return [...judgeJobs(await readJobs(ctx)), ...judgeRunners(runners)];
}

const ON_SOURCE = found('cutover', 'source');
const ON_TARGET = found('cutover', 'target');

/** Pure. */
export function judgeJobs(seen: JobsSeen): Finding[] {
  const {source, target} = seen;
  const {own, database} = source.scheduler;
  if (!source.scheduler.here) {
    if (database === null || database === own) return [];
    return [
      ON_SOURCE.warning(
        'jobs-elsewhere',
        `pg_cron keeps the jobs of all databases in ${database}: those of ${own} are neither stopped nor carried`,
        `at the hand-over, by commands of cutover.stop_before and cutover.hand_over, in database ${quoteIdentifier(database)} of the source: UPDATE cron.job SET active = false WHERE database = ${quoteLiteral(own)}; on the target the same jobs by cron.schedule_in_database()`,
      ),
    ];
  }
  const running = source.jobs.filter(({active}) => active);
  if (!source.scheduler.mayRead || !source.scheduler.mayChange)
    return [
      ON_SOURCE.warning(
        'jobs-hidden',
        'jobs of pg_cron are in this database, and our role may not see and change them all: they fail while the database is read-only, and are not carried',
        "a superuser's UPDATE cron.job SET active = false on the source, and the same jobs on the target, as commands of cutover.stop_before and cutover.hand_over",
      ),
    ];
  if (!target.scheduler.here || !maySwap(seen)) {
    if (running.length === 0) return [];
    return [
      ON_TARGET.warning(
        'jobs-no-cron',
        `${running.length === 1 ? '1 job of pg_cron runs' : `${running.length} jobs of pg_cron run`} in the source's database, and ${target.scheduler.here ? 'our role may not change those of the target' : 'the target’s database has no pg_cron'}: after the hand-over nobody runs them: ${listed(running.map(({name, command}) => name ?? command.slice(0, 40)))}`,
        `on the target, with pg_cron in shared_preload_libraries and cron.database_name set: ${WRITABLE}CREATE EXTENSION pg_cron; GRANT SELECT, INSERT, UPDATE ON cron.job to our role, or the jobs by hand after the hand-over`,
      ),
    ];
  }
  const early = jobsAhead(seen);
  return [
    ...(early.length === 0
      ? []
      : [
          ON_TARGET.warning(
            'jobs-early',
            `${early.length === 1 ? '1 job of pg_cron runs' : `${early.length} jobs of pg_cron run`} on the target before the hand-over: ${listed(early.map(describeAhead))}`,
            `on the target, or the cutover does it first: ${WRITABLE}UPDATE cron.job SET active = false WHERE jobid IN (${early.map(({id}) => id).join(', ')})`,
          ),
        ]),
    ...(running.length === 0
      ? []
      : [
          ON_TARGET.note(
            'jobs',
            `${running.length === 1 ? '1 job of pg_cron is' : `${running.length} jobs of pg_cron are`} carried inactive, stopped on the source with the writes and started on the target at the hand-over; longhaul back swaps them again`,
          ),
        ]),
  ];
}

function describeAhead({name, command, staysOff}: JobAhead): string {
  const words = name ?? command.slice(0, 40);
  return staysOff ? `${words} (off on the source, so it stays off)` : words;
}

/** Pure. */
export function judgeRunners(names: readonly string[]): Finding[] {
  const others = names.filter((name) => !/pg_cron/i.test(name));
  return others.length === 0
    ? []
    : [
        ON_SOURCE.note(
          'schedulers',
          `other schedulers work in this server, which Longhaul neither stops nor carries: ${listed(others)}; a command of cutover.stop_before and one of cutover.hand_over can`,
        ),
      ];
}
