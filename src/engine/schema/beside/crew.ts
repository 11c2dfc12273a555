import {doublingMs} from '../../../domain/base/doubling.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import {runningUnits} from '../../load/running-units.ts';
import {mayBuild} from '../../load/schedule.ts';
import type {StepContext} from '../../step.ts';
import {attempt, type Attempts} from '../copy/attempts.ts';
import type {Builder} from './builder.ts';
import {createJobs, type Job} from './jobs.ts';
import {createTelling} from './not-built.ts';
import type {Pieces} from './pieces.ts';
import {createSessions, type Sessions} from './sessions.ts';
import type {TableWork} from './table-work.ts';

/** A few sessions that build, the most urgent first. */
export interface Crew {
  /** The backends of its sessions. */
  readonly pids: Sessions['pids'];
  add(tables: readonly TableWork[]): void;
  /** Lets so many builders work, those that do counted in. */
  start(builders: number): void;
  /** Whether nothing is left to do. */
  isIdle(): boolean;
  isAtWork(): boolean;
  /** Begins nothing more. */
  stop(): void;
  /** Resolves when no builder works any more. */
  ended(): Promise<void>;
  /** Cuts the sessions; what one of them waits for goes on at the server. */
  close(): Promise<void>;
}

const LONGEST_WAIT_MS = 300_000;

/** While lanes load, a build has one worker beside itself: the lanes want processors, too (facts/loading.md has the figures). */
const WORKERS_BESIDE_LANES = 1;

/** What a crew is made with. */
interface CrewOptions {
  readonly pieces: Pieces;
  /** Hears of a table at which a session was lost, or the server had no room: what it wants has to be planned anew. */
  readonly onBroken: (table: RelationName) => void;
}

/** Makes a crew; opens nothing yet. */
export function createCrew(ctx: StepContext, {pieces, onBroken}: CrewOptions): Crew {
  const sessions = createSessions(ctx);
  const jobs = createJobs(onBroken);
  const tell = createTelling(ctx);
  const doTasks = createDoing(ctx, {pieces, tell});
  const working = new Set<Promise<void>>();
  let stopped = false;
  let failures = 0;
  let waitUntilMs = -Infinity;
  const isOver = (): boolean => stopped || ctx.signal.aborted;
  const rests = (): boolean => isOver() || !mayBuild(ctx.state()) || ctx.steady() < waitUntilMs;

  async function doJob(job: Job): Promise<void> {
    try {
      await sessions.use(async (builder) => doTasks(builder, job));
      failures = 0;
      jobs.end(job, 'done');
    } catch (error) {
      if (isOver()) return;
      failures += 1;
      waitUntilMs = ctx.steady() + doublingMs(failures, ctx.config.load.retryDelayMs, LONGEST_WAIT_MS);
      jobs.end(job, 'broken');
      await tell(job.tasks[0]?.object ?? '', error instanceof Error ? error.message : String(error));
    }
  }

  async function work(): Promise<void> {
    while (!rests()) {
      const job = jobs.take();
      if (job === undefined) return;
      await doJob(job);
    }
  }

  return {
    pids: sessions.pids,
    add: (tables) => jobs.add(tables),
    start: (builders) => {
      const more = rests() ? 0 : Math.min(builders - working.size, jobs.count());
      for (let at = 0; at < more; at += 1) {
        // What could not be told is told by build-indexes, which finds the index missing.
        const one: Promise<void> = work()
          .catch(() => undefined)
          .finally(() => {
            working.delete(one);
            ctx.lanes.bell.ring();
          });
        working.add(one);
      }
    },
    isIdle: () => jobs.count() + working.size === 0,
    isAtWork: () => working.size > 0,
    stop: () => {
      stopped = true;
    },
    ended: async () => void (await Promise.allSettled(working)),
    close: async () => sessions.close(),
  };
}

/** Does the tasks of a job with a session; what the server refuses is told, and keeps nothing else from being done. */
function createDoing(
  ctx: StepContext,
  {pieces, tell}: {readonly pieces: Pieces; readonly tell: ReturnType<typeof createTelling>},
): (builder: Builder, job: Job) => Promise<void> {
  const accepted = ctx.state().differences.flatMap((one) => (one.accepted === null ? [] : [one.object]));
  const attempts: Attempts = {refused: new Map(), accepted: new Set(accepted)};
  return async (builder, {tasks}) => {
    await builder.allowWorkers(runningUnits(ctx.state()).length > 0 ? WORKERS_BESIDE_LANES : null);
    for (const task of tasks) {
      const piece = pieces.of(task);
      const done = await piece.during(builder.application, async () => attempt(builder.session, task, attempts));
      const said = attempts.refused.get(task.object);
      if (!done && said !== undefined) await tell(task.object, said.words);
    }
  };
}
