import {readFileSync} from 'node:fs';
import type {Config} from '../src/config/config.ts';
import {NEW_RUN} from '../src/domain/run/run-state.ts';
import {createDriftWatch} from '../src/engine/compare/drift/watch-drift.ts';
import {runFolderAt} from '../src/engine/run/run-folder.ts';
import {steadyClock} from '../src/engine/waiting/clocks.ts';
import type {Lab} from '../src/lab/lab.ts';
import {readOwnPid} from '../src/pg/load/backends.ts';
import {pauseReplay, readReplicaPosition} from '../src/pg/replication/replica.ts';
import {renderStatement} from '../src/pg/session/statement.ts';
import type {WatchContext} from '../src/probes/watch/watch-context.ts';

/** The schema of a lab's source as it is watched since a P, and what that has cost the source so far. */
interface WatchedSchema {
  readonly readDrift: WatchContext['readDrift'];
  readonly cpuSeconds: () => number;
  /** The turn that kept the source's other probes waiting longest, in milliseconds. */
  readonly longestTurnMs: () => number;
}

/** Seconds that a process was on a CPU. Source: man 5 proc, /proc/PID/schedstat (nanoseconds). */
export function cpuSecondsOf(pid: string | number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
}

/** Pauses the replica and takes that for P. Tables are altered before every turn, so that there is something to read as often as it is read at all. */
export async function watchSchema(
  lab: Lab,
  config: Config,
  open: WatchContext['open'],
  signal: AbortSignal,
): Promise<WatchedSchema> {
  const replica = await open('replica');
  await lab.replica.sql(renderStatement(pauseReplay(replica.version)));
  let position = await replica.one(readReplicaPosition(replica.version));
  while (!position.paused) position = await replica.one(readReplicaPosition(replica.version));
  await replica.close();
  if (position.replayLsn === null) throw new Error('bug: a standby has replayed something');
  const {replayLsn: lsn, postmasterStart, clock: capturedAt} = position;
  const state = {
    ...NEW_RUN,
    run: config.run,
    boundary: {lsn, postmasterStart, timeline: null, systemIdentifier: null, capturedAt},
  };
  const read = createDriftWatch(
    {
      config,
      folder: runFolderAt(config.runDirectory),
      state: () => state,
      record: async () => undefined,
      now: Date.now,
      steady: steadyClock,
      signal,
    },
    open,
  );
  let [turn, seconds, longestMs] = [0, 0, 0];
  return {
    cpuSeconds: () => seconds,
    longestTurnMs: () => longestMs,
    readDrift: async (source) => {
      turn += 1;
      await lab.source.sql(
        `ALTER TABLE public.bench_${turn} ADD COLUMN more int; CREATE TEMPORARY TABLE t (id int PRIMARY KEY)`,
      );
      const {pid} = await source.one(readOwnPid());
      const before = cpuSecondsOf(pid);
      const beganMs = performance.now();
      const changes = await read(source);
      longestMs = Math.max(longestMs, performance.now() - beganMs);
      seconds += cpuSecondsOf(pid) - before;
      return changes;
    },
  };
}
