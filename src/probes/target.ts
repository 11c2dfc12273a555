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
  return {
    name: 'target',
    server: 'target',
    everyMs,
    async read(session) {
      const question = readProgress(session.version);
      const progress = question === null ? [] : await session.run(question);
      heard(progress);
      const {blocked} = await session.one(readBlockedSessions(session.version));
      if (size === null || now() >= size.atMs + SIZE_EVERY_MS) size = {atMs: now(), bytes: await readSize(session)};
      return {
        probe: 'target',
        databaseBytes: size.bytes,
        databaseSeenAt: new Date(size.atMs).toISOString(),
        blocked,
        activity: progress.map(({what}) => what),
        cutOff: await readCutOff(session, paused()),
      };
    },
  };
}

async function readCutOff(session: Session, paused: readonly PausedUnit[]): Promise<string[]> {
  if (paused.length === 0) return [];
  const living = await session.run(readBackends(paused.map(({application}) => application)));
  const lives = ({application}: PausedUnit): boolean => living.some((one) => one.applicationName === application);
  return paused.filter((one) => !lives(one)).map(({unit}) => unit);
}

async function readSize(session: Session): Promise<number> {
  return (await session.one(readDatabaseSize())).bytes;
}
