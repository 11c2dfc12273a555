import type {LaneHost} from '../host/lane-host.ts';
import type {Ending, FenceSeen, LaneRemains} from '../outcome.ts';
import {THROTTLE} from '../pipeline/lane-files.ts';
import {pipelineNamed} from '../pipeline/pipelines.ts';

const LEFT = ['method', 'dump.exit', 'exit', 'dump.log', 'load.log', 'fence.log', 'log', 'ending'];
const FENCE = ['fence.seen', 'fence.expected'];

/** What the lane left, for outcome.ts. */
export async function readRemains(host: LaneHost, folder: string): Promise<LaneRemains> {
  const [method = '', dumpExit, exit = '', dumpLog = '', loadLog = '', fenceLog = '', log = '', ending = ''] =
    await host.read(folder, LEFT);
  const [seen = '', expected = ''] = await host.read(folder, FENCE);
  const [throttle = '', throttleLog = ''] = await host.read(folder, [THROTTLE, 'throttle.log']);
  const pipeline = pipelineNamed(method);
  return {
    pipeline,
    dumpExit: statusIn(dumpExit),
    loadExit: statusIn(exit.trim().split(' ')[1]),
    dumpLog,
    loadLog,
    fenceSeen: parseFence(seen),
    fenceExpected: expected.trim().split('\n')[0] ?? '',
    fenceLog,
    throttleLog: throttle === '' ? null : throttleLog,
    current: pipeline.readProgress(log).current,
    ended: parseEnding(ending),
  };
}

/** Rows that the taking end counted and bytes that went down the pipe; 0 where the lane was killed before it could write them down. */
export async function readTally(host: LaneHost, folder: string): Promise<{rows: number; bytes: number}> {
  const [method = '', log = '', bytes = ''] = await host.read(folder, ['method', 'log', 'bytes']);
  return {rows: pipelineNamed(method).readProgress(log).rows, bytes: Number(bytes.trim())};
}

/** Whether the lane may have given its commit token: it notes what the fence saw before it does. */
export async function hasGivenToken(host: LaneHost, folder: string): Promise<boolean> {
  const [seen = '', expected = ''] = await host.read(folder, FENCE);
  return seen.trim() === expected.trim();
}

/** Leaves word in the folder that the lane is ended on purpose, before it is. */
export async function markEnding(host: LaneHost, folder: string, ending: Ending): Promise<void> {
  await host.leave(folder, 'ending', `${ending.how} ${ending.by}\n`);
}

/** The word that markEnding left; null without one. */
export async function readEnding(host: LaneHost, folder: string): Promise<Ending | null> {
  const [text = ''] = await host.read(folder, ['ending']);
  return parseEnding(text);
}

function parseEnding(text: string): Ending | null {
  const [, how, by = ''] = /^(\w+) (.*)/.exec(text) ?? [];
  return how === 'cancelled' || how === 'shutdown' || how === 'boundary' || how === 'released' || how === 'late'
    ? {how, by}
    : null;
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
