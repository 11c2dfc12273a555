import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {UnitState} from '../../../domain/run/run-state.ts';
import {readLaneLife} from '../host/lane-process.ts';
import {laneApplicationName} from '../host/lane-name.ts';
import {readSessions, type ProcessStat} from '../host/proc.ts';
import {readLogPiece} from './read-log.ts';

const TAIL = 2048;

/** A unit that loads: what went down its pipe so far, the last line of its log, and how its sessions are called. */
export interface LaneReading {
  readonly unit: string;
  readonly bytes: number;
  readonly lastLine: string | null;
  readonly application: string;
}

/** Looks at the lanes of the units that run, one walk over /proc for all of them. A lane that has just ended is left out. */
export async function readLaneReadings(run: string, units: readonly UnitState[]): Promise<LaneReading[]> {
  const running = units.filter((unit) => unit.state.status === 'running');
  if (running.length === 0) return [];
  const sessions = await readSessions();
  const readings = await Promise.all(running.map(async (unit) => readLane(run, unit, sessions)));
  return readings.filter((reading) => reading !== null);
}

async function readLane(
  run: string,
  {id, state}: UnitState,
  sessions: Map<number, ProcessStat[]>,
): Promise<LaneReading | null> {
  if (state.status !== 'running') return null;
  const lane = await readLaneLife(state.folder, sessions);
  if (lane.life === 'gone' || lane.life === 'unborn') return null;
  const counts = await Promise.all(lane.processes.filter(isPsql).map(async ({pid}) => readBytesRead(pid)));
  return {
    unit: id,
    // The fence's psql reads next to nothing, and only after the dump.
    bytes: Math.max(0, ...counts),
    lastLine: lastLineOf((await readLogPiece(join(state.folder, 'log'), -TAIL)).text),
    application: laneApplicationName(run, id),
  };
}

function isPsql({command}: ProcessStat): boolean {
  return command === 'psql';
}

/**
 * What a process has read: psql reads the pipe with read(), which the kernel counts as rchar, and its socket with recv(), which it does
 * not count. 0 once it has ended. Source: man 5 proc, /proc/PID/io.
 */
async function readBytesRead(pid: number): Promise<number> {
  try {
    const rchar = /^rchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1];
    return Number(rchar ?? 0);
  } catch {
    return 0;
  }
}

/** The last line that is not empty; null when there is none. Pure. */
function lastLineOf(text: string): string | null {
  return (
    text
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? null
  );
}
