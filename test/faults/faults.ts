import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import type {UnitState} from '../../src/domain/run/run-state.ts';
import {readIdentity} from '../../src/engine/load/host/lane-folder.ts';
import {readSessions, type ProcessStat} from '../../src/engine/load/host/proc.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {eventually, stateOf} from '../support/longhaul.ts';
import type {SmallVolume} from '../support/small-volume.ts';

/** How long a silent peer is waited for, as prepare() in story.ts sets it on both ends of every connection. */
export const KEEPALIVE_MS = 3_000;

/** A way to break a load; gives whether there was anything left to break. `random` is 0 <= n < 1. */
export type Fault = (lab: Lab, random: () => number) => Promise<boolean>;

/** A fault with the name that it is told by. */
export type NamedFault = readonly [name: string, inject: Fault];

/** Every fault by its name. None of them may lose a row or double one. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'kill -9 supervisor': async (lab) => {
    const pid = (await stateOf(lab)).supervisor?.pid;
    return pid !== undefined && kill(pid);
  },
  'kill -9 pg_dump': async (lab, random) => killInLane(lab, random, (process) => process.command === 'pg_dump'),
  'kill -9 psql': async (lab, random) => killInLane(lab, random, (process) => process.command === 'psql'),
  'kill -9 wrapper': async (lab, random) => killInLane(lab, random, (process) => process.pid === process.session),
  'kill -9 producing shell': async (lab, random) =>
    killInLane(lab, random, (process) => process.command === 'sh' && process.pid !== process.session),
  'kill -9 whole lane': async (lab, random) => killInLane(lab, random, () => true),
  'terminate backend on the target': async (lab, random) => terminate(lab, 'target', random),
  'terminate backend on the replica': async (lab, random) => terminate(lab, 'replica', random),
  'crash of the target': async (lab) => {
    await lab.target.restart('immediate');
    return true;
  },
  'restart of the target': async (lab) => {
    await lab.target.restart('fast');
    return true;
  },
  'restart of the replica': async (lab) => {
    await lab.replica.restart('fast');
    return true;
  },
  'crash recovery of the replica': async (lab) => {
    await crashRecovery(lab.replica);
    return true;
  },
  'replay resumed by somebody': async (lab) => {
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    return true;
  },
  'a lane stopped for longer than the keepalive': async (lab, random) => {
    const lanes = await lanesOf(lab);
    const lane = lanes[Math.floor(random() * lanes.length)];
    if (lane === undefined || !(await killInLanes(lab, [lane], () => true, 'SIGSTOP'))) return false;
    await wait(2 * KEEPALIVE_MS);
    return killInLanes(lab, [lane], () => true, 'SIGCONT');
  },
  'supervisor and a lane at once': async (lab, random) => {
    const one = await FAULTS['kill -9 supervisor']?.(lab, random);
    const other = await FAULTS['kill -9 psql']?.(lab, random);
    return one === true || other === true;
  },
  'everything on the jump box': async (lab, random) => {
    const supervisor = await FAULTS['kill -9 supervisor']?.(lab, random);
    const lanes = await killInLanes(lab, await lanesOf(lab), () => true);
    return supervisor === true || lanes;
  },
};

/**
 * One backend of a server is killed with -9, as the OOM killer does: its postmaster stays, ends every other backend and recovers. A paused
 * standby forgets the pause and replays again what came after its last restartpoint.
 */
export async function crashRecovery(server: Lab['replica']): Promise<void> {
  const victim = server.sql(`SELECT pg_sleep(601)`).catch(() => []);
  const find = `SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(601)'`;
  const pid = await eventually('a backend to kill', async () => (await server.sql(find))[0]?.[0] ?? null);
  kill(Number(pid));
  await victim;
  await eventually(
    'the server after its recovery',
    async () => (await server.sql('SELECT 1').catch(() => []))[0] ?? null,
  );
}

/**
 * The target's disk fills up while it loads, and there is room again a little later. For a lab whose target lies on a small volume with
 * its WAL elsewhere.
 */
export function fullDiskOn(volume: SmallVolume): Fault {
  return async (lab, random) => {
    volume.fillUp(Math.floor(random() * 8_000_000));
    await wait(1_000);
    const hit = (await lanesOf(lab)).length > 0;
    await volume.makeRoom();
    return hit;
  };
}

async function lanesOf(lab: Lab): Promise<UnitState[]> {
  return (await stateOf(lab)).units.filter((unit) => unit.state.status === 'running');
}

/** In one lane of those that have such a process. */
async function killInLane(lab: Lab, random: () => number, which: (process: ProcessStat) => boolean): Promise<boolean> {
  const lanes = await lanesOf(lab);
  const first = Math.floor(random() * lanes.length);
  for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
    if (await killInLanes(lab, [lane], which)) return true;
  }
  return false;
}

async function killInLanes(
  lab: Lab,
  lanes: readonly UnitState[],
  which: (process: ProcessStat) => boolean,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<boolean> {
  const sessions = readSessions();
  let hit = false;
  for (const {id, state} of lanes) {
    if (state.status !== 'running') continue;
    const identity = await readIdentity(join(lab.folder, 'run', 'lanes', `${id}.${state.attempt}`));
    for (const process of sessions.get(identity?.pid ?? -1) ?? []) {
      if (which(process) && kill(process.pid, signal)) hit = true;
    }
  }
  return hit;
}

async function terminate(lab: Lab, role: 'target' | 'replica', random: () => number): Promise<boolean> {
  const names = (await lanesOf(lab)).map(({id}) => `'longhaul/rehearsal/${id}'`).join(', ');
  if (names === '') return false;
  const rows = await lab[role].sql(
    `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE application_name IN (${names})
       ORDER BY md5(pid::text || '${random()}') LIMIT 1) AS one`,
  );
  return rows.length > 0;
}

function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
