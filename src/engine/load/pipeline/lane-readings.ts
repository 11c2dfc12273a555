import type {UnitState} from '../../../domain/run/run-state.ts';
import type {LaneHost, LaneLife} from '../host/lane-host.ts';
import {laneApplicationName} from '../host/lane-name.ts';
import {isRunningUnit, type RunningUnit} from '../running-units.ts';
import {pipelineNamed} from './pipelines.ts';

const TAIL = 2048;

/** A unit that loads: what went down its pipe so far, the last line of its log, and how its sessions are called. */
export interface LaneReading {
  readonly unit: string;
  readonly bytes: number;
  readonly lastLine: string | null;
  readonly application: string;
}

/** Reads the lanes of the units that run, all of them at once. A lane that has just ended is left out. */
export async function readLaneReadings(
  host: LaneHost,
  run: string,
  units: readonly UnitState[],
): Promise<LaneReading[]> {
  const running = units.filter((unit) => isRunningUnit(unit));
  const lives = await host.life(running.map(({state}) => state.folder));
  const readings = await Promise.all(running.map(async (unit, index) => readLane(host, run, unit, lives[index])));
  return readings.filter((reading) => reading !== null);
}

async function readLane(
  host: LaneHost,
  run: string,
  {id, state}: RunningUnit,
  lane: LaneLife | undefined,
): Promise<LaneReading | null> {
  if (lane === undefined || lane.life === 'gone' || lane.life === 'unborn') return null;
  const [method = ''] = await host.read(state.folder, ['method']);
  const {name} = pipelineNamed(method).consumer;
  const takers = lane.processes.filter(({command}) => command === name);
  return {
    unit: id,
    // The fence's psql reads next to nothing, and only after the dump.
    bytes: Math.max(0, ...(await host.bytesRead(takers.map(({pid}) => pid)))),
    lastLine: lastLineOf((await host.readPiece(state.folder, 'log', -TAIL)).text),
    application: laneApplicationName(run, id),
  };
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
