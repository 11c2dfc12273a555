import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readIfThere} from '../../run/run-folder.ts';
import {writeLaneFolder} from './lane-folder.ts';
import type {LaneHost} from './lane-host.ts';
import {readLaneLife, signalLane, startLane, throttleLane} from './lane-process.ts';
import type {Reach} from './opened-once.ts';
import {readSessions} from './proc.ts';
import {readLogPiece} from './read-log.ts';

/** Lanes on this machine. They inherit `env`, without the PG* variables; `reach` is how their folders are come at, by their paths without it. */
export function createLocalHost(
  env: Readonly<Record<string, string | undefined>>,
  reach: Reach = (folder) => folder,
): LaneHost {
  return {
    prepare: async (folder, files) => writeLaneFolder(reach(folder), files),
    start: async (folder, own, onEnd) => startLane(reach(folder), {own, env, shown: folder, onEnd}),
    life: async (folders) => {
      if (folders.length === 0) return [];
      // One walk over /proc for all of them.
      const sessions = await readSessions();
      return Promise.all(folders.map(async (folder) => readLaneLife(reach(folder), sessions)));
    },
    signal: async (folder, signal) => signalLane(reach(folder), signal),
    throttle: async (folder, pv, bytesPerSecond) => throttleLane(reach(folder), pv, bytesPerSecond),
    leave: async (folder, name, text) => writeFile(join(reach(folder), name), text, {mode: 0o600}),
    read: async (folder, names) =>
      Promise.all(names.map(async (name) => (await readIfThere(join(reach(folder), name))) ?? '')),
    readPiece: async (folder, name, from) => readLogPiece(join(reach(folder), name), from),
    bytesRead: async (pids) => Promise.all(pids.map(async (pid) => readBytesRead(pid))),
    list: async (parent) => (await readdir(reach(parent)).catch(() => [])).map((name) => join(parent, name)),
  };
}

/**
 * psql reads the pipe with read(), which the kernel counts as rchar, and its socket with recv(), which it does not count.
 * Source: man 5 proc, /proc/PID/io.
 */
async function readBytesRead(pid: number): Promise<number> {
  try {
    const rchar = /^rchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1];
    return Number(rchar ?? 0);
  } catch {
    return 0;
  }
}
