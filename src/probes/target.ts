import {readBackends} from '../pg/backends.ts';
import {readDatabaseSize} from '../pg/database-sizes.ts';
import {readBlockedSessions, readProgress, type Progress} from '../pg/target-activity.ts';
import type {Session} from '../pg/session.ts';
import type {ServerProbe} from './probe.ts';

/** How often the database's size is asked: it looks at every file. */
const SIZE_EVERY_MS = 300_000;

/** A unit that is paused. */
interface PausedUnit {
  readonly unit: string;
  readonly application: string;
}

/** What the target probe needs beside its server. */
export interface TargetProbeOptions {
  readonly everyMs: number;
  readonly now: () => number;
  /** Hears the COPYs and index builds of every look, for the rows of the lanes. */
  readonly heard: (progress: readonly Progress[]) => void;
  /** The paused units, and how their sessions are called. */
  readonly paused: () => readonly PausedUnit[];
}

/** What the target does: COPY and index progress where it tells them, sessions that wait for locks, its size; paused lanes that it has let go. */
export function targetProbe({everyMs, now, heard, paused}: TargetProbeOptions): ServerProbe {
  let size: {readonly atMs: number; readonly bytes: number | null} | null = null;
  let known: ReadonlySet<string> = new Set();
  return {
    name: 'target',
    server: 'target',
    everyMs,
    async read(session) {
      const question = readProgress(session.version);
      const progress = question === null ? [] : await session.run(question);
      heard(progress);
      const units = paused();
      const living = units.length === 0 ? [] : await session.run(readBackends(units.map((unit) => unit.application)));
      const alive = new Set([...living.map((one) => one.applicationName), ...progress.map((one) => one.application)]);
      // One whose session was never seen may not have connected yet.
      const cutOff = units
        .filter((one) => known.has(one.application) && !alive.has(one.application))
        .map((one) => one.unit);
      known = new Set([...alive, ...units.map((one) => one.application).filter((name) => known.has(name))]);
      const {blocked} = await session.one(readBlockedSessions(session.version));
      if (size === null || now() >= size.atMs + SIZE_EVERY_MS) size = {atMs: now(), bytes: await readSize(session)};
      return {
        probe: 'target',
        databaseBytes: size.bytes,
        databaseSeenAt: new Date(size.atMs).toISOString(),
        blocked,
        activity: progress.map(({what}) => what),
        cutOff,
      };
    },
  };
}

async function readSize(session: Session): Promise<number> {
  return (await session.one(readDatabaseSize())).bytes;
}
