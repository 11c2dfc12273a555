import {spawn} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import {readBootId, readProcess} from '../../src/engine/load/host/proc.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {eventually} from './longhaul.ts';

/** A lane of unit `01-public.events` that only sleeps, for what is done with lanes; the events that a run has of it. */
export interface FakeLane {
  readonly pid: number;
  readonly lives: () => Promise<boolean>;
  readonly folder: string;
  /** P, the load planned at it and the unit started. */
  readonly events: readonly RunEvent[];
  readonly end: () => void;
}

/** Starts one in the run folder of a lab, at a P that no replica is at. */
export async function startFakeLane(lab: Lab): Promise<FakeLane> {
  const folder = join(lab.folder, 'run', 'lanes', '01-public.events.1');
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const child = spawn('sleep', ['600'], {detached: true, stdio: 'ignore'});
  const pid = child.pid ?? 0;
  const {startTime} = await eventually('its session', async () => {
    const process = await readProcess(pid);
    return process?.session === pid && process.command === 'sleep' ? process : null;
  });
  writeFileSync(join(folder, 'pid'), `${pid} ${startTime} ${await readBootId()}\n`);
  const P = parseLsn('0/28');
  const unit = '01-public.events';
  return {
    pid,
    lives: async () => !['Z', undefined].includes((await readProcess(pid))?.state),
    folder,
    events: [
      {
        type: 'boundary.captured',
        boundary: {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''},
      },
      {type: 'boundary.proved', evidence: {}},
      {type: 'load.planned', boundary: P, units: [{id: unit, kind: 'table', tables: [], bytes: 1}], lanes: 1},
      {type: 'unit.started', unit, attempt: 1, lane: 1, folder},
    ],
    end: () => void child.kill('SIGKILL'),
  };
}
