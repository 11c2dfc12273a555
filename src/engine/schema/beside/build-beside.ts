import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {loadedTables} from '../../../domain/run/run-state.ts';
import {terminateBackendsLike} from '../../../pg/load/backends.ts';
import {mayBuild} from '../../load/schedule.ts';
import type {StepContext} from '../../step.ts';
import {builderNames} from './builder.ts';
import {createCrew, type Crew} from './crew.ts';
import {createOldBuilders, type OldBuilders} from './old-builders.ts';
import {createPieces, type Pieces} from './pieces.ts';
import {readWork} from './read-work.ts';
import type {Wanted} from './wanted.ts';

/** The builds of the tables that are in, beside the loads of the others. */
export interface BuildsBeside {
  /**
   * Begins what may begin by now; called again and again, it waits for no build. `waiting` where none is being built: what has failed is tried again later,
   * or nothing may begin. Throws where the target cannot be asked.
   */
  goOn(): Promise<'nothing left' | 'waiting' | 'going on'>;
  /** Ends what is being built for a P that is lost, for it would only be dropped. */
  giveUp(): Promise<void>;
  /** Begins nothing more; what is being built goes on at its server, and whoever comes next finds it. */
  leave(): Promise<void>;
}

/**
 * Builds the indexes of each table as soon as its last unit is in. What a table lacks comes from the manifest and the plain catalogs: nothing here opens
 * a table that a lane may hold. A build that fails is told and left to build-indexes; it keeps no load and no other build from going on.
 */
export function buildBeside(ctx: StepContext, wanted: Wanted): BuildsBeside {
  const pieces = createPieces(ctx, wanted);
  const finished = createFinished(ctx);
  const crew = createCrew(ctx, {
    pieces,
    onBroken: (table) => {
      finished.giveBack(table);
      old.askAgain();
    },
  });
  const old = createOldBuilders(ctx, crew.pids);
  const {indexJobs} = ctx.config.load;

  return {
    goOn: async () => {
      const before = await old.read();
      const free = finished.take(before);
      if (free.length > 0) {
        try {
          const works = await readWork(ctx, wanted, free);
          await pieces.meet(works);
          crew.add(works);
        } catch (error) {
          finished.putBack(free);
          throw error;
        }
      }
      if (mayBuild(ctx.state())) crew.start(Math.max(0, indexJobs - before.count));
      const nothingLeft = crew.isIdle() && finished.isEmpty();
      if (!nothingLeft) await sayAlone(ctx, crew, pieces);
      if (nothingLeft) return 'nothing left';
      return crew.isAtWork() ? 'going on' : 'waiting';
    },
    giveUp: async () => {
      crew.stop();
      const target = await ctx.session('target');
      await target.run(terminateBackendsLike([builderNames(ctx.config.run)]));
      await crew.close();
      await crew.ended();
    },
    leave: async () => {
      crew.stop();
      await crew.close();
    },
  };
}

/** The tables that are in and that no builder has had. */
interface Finished {
  /** Gives them, each once, without those that somebody builds at already. */
  take(old: OldBuilders): readonly RelationName[];
  /** What has failed is taken again, so many times as a unit is tried again. */
  giveBack(table: RelationName): void;
  /** Of these nothing could be asked: they are taken again, and it counts as no try. */
  putBack(tables: readonly RelationName[]): void;
  isEmpty(): boolean;
}

function createFinished({state, config}: StepContext): Finished {
  const taken = new Set<string>();
  const tries = new Map<string, number>();
  let committed = -1;
  let open: readonly RelationName[] = [];
  return {
    take: ({tables}) => {
      const {units} = state();
      const count = units.filter((unit) => unit.state.status === 'committed').length;
      if (count !== committed) open = loadedTables(units).filter((table) => !taken.has(quoteRelation(table)));
      committed = count;
      if (tables === null) return [];
      const free = open.filter((table) => !tables.has(quoteRelation(table)));
      open = open.filter((table) => tables.has(quoteRelation(table)));
      for (const table of free) taken.add(quoteRelation(table));
      return free;
    },
    giveBack: (table) => {
      const key = quoteRelation(table);
      const tried = (tries.get(key) ?? 0) + 1;
      tries.set(key, tried);
      if (tried > config.load.retries) return;
      taken.delete(key);
      open = [...open, table];
    },
    putBack: (tables) => {
      for (const table of tables) taken.delete(quoteRelation(table));
      open = [...open, ...tables];
    },
    isEmpty: () => open.length === 0,
  };
}

/** Once every unit is in, the step's progress is that of its builds; and why none begins. */
async function sayAlone(ctx: StepContext, crew: Crew, pieces: Pieces): Promise<void> {
  const state = ctx.state();
  if (state.units.some((unit) => unit.state.status !== 'committed')) return;
  const {done, total} = pieces.count();
  const what =
    mayBuild(state) || crew.isAtWork()
      ? 'the rows are in; the last indexes are being built'
      : 'the rows are in; no index build begins while units are held: longhaul resume --start (H)';
  await ctx.record({type: 'step.progressed', step: 'full-load', done: Math.min(done, total - 1), total, what});
}
