import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readIfThere} from '../run-folder.ts';
import {copiedRows, parseCopyLog} from './copy-log.ts';
import type {LaneRemains} from './outcome.ts';

/** Makes a lane's folder anew with its files, 0700/0600. An attempt's folder is never used twice. */
export async function writeLaneFolder(folder: string, files: Record<string, string>): Promise<void> {
  // What a supervisor left that died before it started the lane; a lane that did start has journalled its number.
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {recursive: true, mode: 0o700});
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text, {mode: 0o600})));
}

/** The process that a lane's folder names. */
export interface LaneIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/** Reads the folder's `pid`; null when the lane never came so far. */
export async function readIdentity(folder: string): Promise<LaneIdentity | null> {
  const [pid, startTime, bootId] = ((await readIfThere(join(folder, 'pid'))) ?? '').trim().split(' ');
  if (pid === undefined || startTime === undefined || bootId === undefined) return null;
  return {pid: Number(pid), startTime, bootId};
}

/** What the lane left, for outcome.ts. */
export async function readRemains(folder: string): Promise<LaneRemains> {
  const read = async (name: string) => (await readIfThere(join(folder, name))) ?? '';
  const [dumpExit, exit, dumpLog, loadLog, fenceSeen, fenceLog, out, cancelled] = await Promise.all(
    ['dump.exit', 'exit', 'dump.log', 'load.log', 'fence.seen', 'fence.log', 'log', 'cancelled'].map((name) =>
      read(name),
    ),
  );
  return {
    dumpExit: statusIn(dumpExit),
    loadExit: statusIn(exit?.trim().split(' ')[1]),
    dumpLog: dumpLog ?? '',
    loadLog: loadLog ?? '',
    fenceSeen: fenceSeen === '' ? null : (fenceSeen ?? null),
    fenceLog: fenceLog ?? '',
    current: parseCopyLog(out ?? '').current,
    cancelledBy: cancelled === '' ? null : (cancelled?.trim() ?? null),
  };
}

/** Rows that psql counted and bytes that went down the pipe; 0 where the lane was killed before it could write them down. */
export async function readTally(folder: string): Promise<{rows: number; bytes: number}> {
  const out = (await readIfThere(join(folder, 'log'))) ?? '';
  const bytes = (await readIfThere(join(folder, 'bytes'))) ?? '0';
  return {rows: copiedRows(parseCopyLog(out)), bytes: Number(bytes)};
}

/** Leaves word in the folder that the operator cancelled the lane, before it is killed. */
export async function markCancelled(folder: string, by: string): Promise<void> {
  await writeFile(join(folder, 'cancelled'), `${by}\n`, {mode: 0o600});
}

function statusIn(text: string | undefined): number | null {
  return text === undefined || !/^\d+\s*$/.test(text) ? null : Number(text);
}
