import {readOwnPid} from '../../../pg/load/backends.ts';
import {setMaintenanceWorkers, setMaintenanceWorkMem} from '../../../pg/load/restore.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sessionName} from '../../load/host/lane-name.ts';
import type {StepContext} from '../../step.ts';
import {eachMemory} from './memory.ts';

/** A session that builds indexes. */
export interface Builder {
  readonly session: Session;
  /** How it is called in pg_stat_activity. */
  readonly application: string;
  readonly pid: number;
  /** Sets how many workers a build may have beside itself; null is the server's own number. */
  allowWorkers(workers: number | null): Promise<void>;
  close(): Promise<void>;
}

/** How all sessions that build are called, as a pattern. */
export function builderNames(run: string): string {
  return sessionName(run, 'index-%');
}

/** Opens a session that builds, with its share of the memory. `worker` counts from 1; `kind` begins its name. */
export async function openBuilder(ctx: StepContext, worker: number, kind = 'index'): Promise<Builder> {
  const purpose = `${kind}-${worker}`;
  const session = await ctx.open('target', purpose);
  const pid = await prepare(ctx, session).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  let allowed: number | null = null;
  return {
    session,
    application: sessionName(ctx.config.run, purpose),
    pid,
    allowWorkers: async (workers) => {
      if (workers !== allowed) await session.run(setMaintenanceWorkers(workers));
      allowed = workers;
    },
    close: async () => session.close(),
  };
}

async function prepare(ctx: StepContext, session: Session): Promise<number> {
  const memory = eachMemory(ctx.config.load);
  if (memory !== null) await session.run(setMaintenanceWorkMem(memory));
  return (await session.one(readOwnPid())).pid;
}
