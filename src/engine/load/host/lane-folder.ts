import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readIfThere} from '../../run/run-folder.ts';

/** What the lane writes: there from the beginning, the short ones with their room, so that a full disk keeps none from being written. */
const LONG = ['log', 'dump.log', 'load.log', 'fence.log'];
const SHORT = ['pid', 'dump.exit', 'fence.seen', 'bytes', 'exit'];
const ROOM = `${' '.repeat(400)}\n`;

/** Makes a lane's folder anew with its files, 0700/0600. An attempt's folder is never used twice. */
export async function writeLaneFolder(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  // What a supervisor left that died before it started the lane; a lane that did start has journalled its number.
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {recursive: true, mode: 0o700});
  const all: (readonly [name: string, text: string])[] = [
    ...LONG.map((name) => [name, ''] as const),
    ...SHORT.map((name) => [name, ROOM] as const),
    ...Object.entries(files),
  ];
  await Promise.all(all.map(async ([name, text]) => writeFile(join(folder, name), text, {mode: 0o600})));
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
