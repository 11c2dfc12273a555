import {isoTime} from '../../domain/base/iso-time.ts';
import {readBackends} from '../../pg/load/backends.ts';
import {readDatabaseSize} from '../../pg/session/database-sizes.ts';
import {readBlockedSessions, readProgress, type Progress} from '../../pg/load/target-activity.ts';
import type {Session} from '../../pg/session/session.ts';
import type {ServerProbe} from './probe.ts';

/** How often the database's size is asked: the server reads the size of every file. */
const SIZE_EVERY_MS = 300_000;

/** A unit that runs, and how its sessions are called in pg_stat_activity. */
export interface Lane {
  readonly unit: string;
  readonly application: string;
  readonly isPaused: boolean;
  /** Whether its log holds something: psql says nothing before it is connected. */
  readonly wasConnected: boolean;
}

/** What the target probe needs beside its server. */
export interface TargetProbeOptions {
  readonly everyMs: number;
  readonly now: () => number;
  readonly steady: () => number;
  /** Hears the COPYs and index builds of every reading, for the rows of the lanes. */
  readonly heard: (progress: readonly Progress[]) => void;
  readonly lanes: () => readonly Lane[];
}

/** What the target does: COPY and index progress where it tells them, sessions that wait for locks, its size; paused lanes that it has let go. */
export function targetProbe({everyMs, now, steady, heard, lanes}: TargetProbeOptions): ServerProbe {
  let size: {readonly at: string; readonly steadyMs: number; readonly bytes: number | null} | null = null;
  let known: ReadonlySet<string> = new Set();
  return {
    name: 'target',
    server: 'target',
    everyMs,
    async read(session) {
      const question = readProgress(session.version);
      const progress = question === null ? [] : await session.run(question);
      heard(progress);
      const running = lanes();
      const alive = await readAlive(session, running);
      // One of which nothing was ever seen may not have connected yet.
      const isCut = ({application, isPaused, wasConnected}: Lane): boolean =>
        isPaused && (wasConnected || known.has(application)) && !alive.has(application);
      const cutOff = running.filter(isCut).map(({unit}) => unit);
      known = new Set(running.map(({application}) => application).filter((name) => known.has(name) || alive.has(name)));
      const {blocked} = await session.one(readBlockedSessions(session.version));
      if (size === null || steady() >= size.steadyMs + SIZE_EVERY_MS) {
        size = {at: isoTime(now()), steadyMs: steady(), bytes: await readSize(session)};
      }
      return {
        probe: 'target',
        databaseBytes: size.bytes,
        databaseSeenAt: size.at,
        blocked,
        activity: progress.map(({what}) => what),
        cutOff,
      };
    },
  };
}

async function readAlive(session: Session, lanes: readonly Lane[]): Promise<ReadonlySet<string>> {
  if (lanes.length === 0) return new Set();
  const backends = await session.run(readBackends(lanes.map(({application}) => application)));
  return new Set(backends.map(({applicationName}) => applicationName));
}

async function readSize(session: Session): Promise<number> {
  return (await session.one(readDatabaseSize())).bytes;
}
