import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readIfThere} from '../../run/run-folder.ts';
import {copiedRows, parseCopyLog} from '../pipeline/copy-log.ts';
import type {Ending, FenceSeen, LaneRemains} from '../outcome.ts';

/** What the lane writes: there from the beginning, the short ones with their room, so that a full disk keeps none from being written. */
const LONG = ['log', 'dump.log', 'load.log', 'fence.log'];
const SHORT = ['pid', 'dump.exit', 'fence.seen', 'bytes', 'exit'];
const ROOM = `${' '.repeat(400)}\n`;

/** Makes a lane's folder anew with its files, 0700/0600. An attempt's folder is never used twice. */
export async function writeLaneFolder(folder: string, files: Record<string, string>): Promise<void> {
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

/** What the lane left, for outcome.ts. */
export async function readRemains(folder: string): Promise<LaneRemains> {
  const read = async (name: string): Promise<string> => (await readIfThere(join(folder, name))) ?? '';
  return {
    dumpExit: statusIn(await read('dump.exit')),
    loadExit: statusIn((await read('exit')).trim().split(' ')[1]),
    dumpLog: await read('dump.log'),
    loadLog: await read('load.log'),
    fenceSeen: parseFence(await read('fence.seen')),
    fenceExpected: (await read('fence.expected')).trim().split('\n')[0] ?? '',
    fenceLog: await read('fence.log'),
    current: parseCopyLog(await read('log')).current,
    ended: await readEnding(folder),
  };
}

/** Rows that psql counted and bytes that went down the pipe; 0 where the lane was killed before it could write them down. */
export async function readTally(folder: string): Promise<{rows: number; bytes: number}> {
  const out = (await readIfThere(join(folder, 'log'))) ?? '';
  const bytes = (await readIfThere(join(folder, 'bytes'))) ?? '';
  return {rows: copiedRows(parseCopyLog(out)), bytes: Number(bytes.trim())};
}

/** Leaves word in the folder that the lane is ended on purpose, before it is. */
export async function markEnding(folder: string, ending: Ending): Promise<void> {
  await writeFile(join(folder, 'ending'), `${ending.how} ${ending.by}\n`, {mode: 0o600});
}

/** The word that markEnding left; null without one. */
export async function readEnding(folder: string): Promise<Ending | null> {
  const [, how, by = ''] = /^(\w+) (.*)/.exec((await readIfThere(join(folder, 'ending'))) ?? '') ?? [];
  return how === 'cancelled' || how === 'shutdown' || how === 'boundary' || how === 'released' ? {how, by} : null;
}

/** The fence before the data, `dump STATUS`, the fence after them. */
function parseFence(text: string): FenceSeen {
  const lines = text.trim().split('\n');
  const dump = lines.findIndex((line) => /^dump \d+$/.test(line));
  const after = dump === -1 ? undefined : lines[dump + 1];
  return {before: lines[0] === undefined || lines[0] === '' || dump === 0 ? null : lines[0], after: after ?? null};
}

function statusIn(text: string | undefined): number | null {
  return text === undefined || !/^\d+\s*$/.test(text) ? null : Number(text);
}
