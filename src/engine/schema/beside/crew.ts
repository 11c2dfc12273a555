import {doublingMs} from '../../../domain/base/doubling.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import type {IndexRow} from '../../../pg/catalog/indexes.ts';
import {runningUnits} from '../../load/running-units.ts';
import {mayBuild} from '../../load/schedule.ts';
import type {StepContext} from '../../step.ts';
import {attempt, type Attempts, type Task} from '../copy/attempts.ts';
import {openBuilder, type Builder} from './builder.ts';
import {createTelling} from './not-built.ts';
import type {Pieces} from './pieces.ts';
import {byUrgency, type TableWork} from './table-work.ts';

/** A few sessions that build, the most urgent first. */
export interface Crew {
  /** The backends of its sessions. */
  readonly pids: ReadonlySet<number>;
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

/** A table that is not done. */
interface Open {
  readonly work: TableWork;
  /** How many of its indexes are not built yet. */
  left: number;
  /** Whether something of it has failed in a way that time may heal. */
  broken: boolean;
}

/** What one builder does in one go: an index, or what comes last at a table. */
interface Job {
  readonly table: Open;
  readonly tasks: readonly Task[];
  readonly isLast: boolean;
}

type BuildJob = Job & {readonly index: IndexRow};

const LONGEST_WAIT_MS = 300_000;

/** While lanes load, a build has one worker beside itself: the lanes want processors, too (facts/loading.md has the figures). */
const WORKERS_BESIDE_LANES = 1;

/** What a crew is made with. */
interface CrewOptions {
  readonly pieces: Pieces;
  /** Hears of a table at which a session was lost, or a server had no room: what it wants has to be planned anew. */
  readonly onBroken: (table: RelationName) => void;
}

/** Makes a crew; opens nothing yet. */
export function createCrew(ctx: StepContext, {pieces, onBroken}: CrewOptions): Crew {
  const attempts: Attempts = {refused: new Map(), accepted: acceptedObjects(ctx)};
  const tell = createTelling(ctx);
  const pids = new Set<number>();
  const all = new Set<Builder>();
  const free: Builder[] = [];
  const working = new Set<Promise<void>>();
  /** The most urgent is last. */
  let builds: BuildJob[] = [];
  /** What ends a table comes before its next begins. */
  const endings: Job[] = [];
  let opened = 0;
  let stopped = false;
  let failures = 0;
  let waitUntilMs = -Infinity;

  const isOver = (): boolean => stopped || ctx.signal.aborted;
  const rests = (): boolean => isOver() || !mayBuild(ctx.state()) || ctx.steady() < waitUntilMs;

  function oneLess(table: Open): void {
    table.left -= 1;
    if (table.left > 0) return;
    if (table.broken) onBroken(table.work.table);
    else if (table.work.last.length > 0) endings.push({table, tasks: table.work.last, isLast: true});
  }

  async function take(): Promise<Builder> {
    const known = free.pop();
    if (known !== undefined) return known;
    opened += 1;
    const builder = await openBuilder(ctx, opened);
    pids.add(builder.pid);
    all.add(builder);
    return builder;
  }

  async function doTasks(builder: Builder, {tasks}: Job): Promise<void> {
    await builder.allowWorkers(runningUnits(ctx.state()).length > 0 ? WORKERS_BESIDE_LANES : null);
    for (const task of tasks) {
      const piece = pieces.of(task);
      const done = await piece.during(builder.application, async () => attempt(builder.session, task, attempts));
      const said = attempts.refused.get(task.object);
      if (!done && said !== undefined) await tell(task.object, said.words);
    }
  }

  async function doJob(job: Job): Promise<void> {
    let builder: Builder | null = null;
    try {
      builder = await take();
      await doTasks(builder, job);
      free.push(builder);
      failures = 0;
    } catch (error) {
      if (builder !== null) {
        // What its backend is at may go on at the server: it counts as somebody else's from now on.
        pids.delete(builder.pid);
        all.delete(builder);
        await builder.close().catch(() => undefined);
      }
      if (isOver()) return;
      failures += 1;
      waitUntilMs = ctx.steady() + doublingMs(failures, ctx.config.load.retryDelayMs, LONGEST_WAIT_MS);
      job.table.broken = true;
      if (job.isLast) onBroken(job.table.work.table);
      await tell(job.tasks[0]?.object ?? '', error instanceof Error ? error.message : String(error));
    }
    if (!job.isLast) oneLess(job.table);
  }

  async function work(): Promise<void> {
    while (!rests()) {
      const job = endings.pop() ?? builds.pop();
      if (job === undefined) return;
      await doJob(job);
    }
  }

  return {
    pids,
    add: (tables) => {
      const open = tables.map((each): Open => ({work: each, left: each.builds.length, broken: false}));
      for (const table of open) if (table.left === 0) oneLess(table);
      builds = [...builds, ...open.flatMap((table) => jobsOf(table))].toSorted((a, b) => byUrgency(b.index, a.index));
    },
    start: (builders) => {
      const more = Math.min(builders - working.size, endings.length + builds.length);
      for (let at = 0; at < more && !rests(); at += 1) {
        const one: Promise<void> = work().finally(() => working.delete(one));
        working.add(one);
      }
    },
    isIdle: () => endings.length + builds.length + working.size === 0,
    isAtWork: () => working.size > 0,
    stop: () => {
      stopped = true;
    },
    ended: async () => void (await Promise.allSettled(working)),
    close: async () => void (await Promise.allSettled([...all].map(async (builder) => builder.close()))),
  };
}

function jobsOf(table: Open): BuildJob[] {
  return table.work.builds.map(({index, task}) => ({table, tasks: [task], isLast: false, index}));
}

/** What an operator has accepted as it is: it is not tried. */
function acceptedObjects({state}: StepContext): ReadonlySet<string> {
  return new Set(state().differences.flatMap(({object, accepted}) => (accepted === null ? [] : [object])));
}
