import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {setTimeout as wait} from 'node:timers/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {NEW_RUN, type RunState, type UnitStatus} from '../../../src/domain/run/run-state.ts';
import {laneApplicationName} from '../../../src/engine/load/host/lane-name.ts';
import {readIdentity} from '../../../src/engine/load/host/lane-folder.ts';
import {readLaneLife, signalLane} from '../../../src/engine/load/host/lane-process.ts';
import {createLocalHost} from '../../../src/engine/load/host/local.ts';
import {parseStat, readBootId, readProcess, readSessions} from '../../../src/engine/load/host/proc.ts';
import {adoptLanes} from '../../../src/engine/load/lane/adopt-lanes.ts';
import {createLanes} from '../../../src/engine/load/lane/lanes.ts';
import {readEnding, readRemains} from '../../../src/engine/load/lane/remains.ts';
import {askToEnd} from '../../../src/engine/load/lane/signal-lane.ts';
import {runningUnits} from '../../../src/engine/load/running-units.ts';
import {steadyClock} from '../../../src/engine/waiting/clocks.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {eventually} from '../../support/longhaul.ts';
import {untilStopped} from '../../support/stopped-lane.ts';

const HOST = createLocalHost({});
let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-lane-'));
  children = [];
});
afterEach(() => {
  for (const {pid} of children) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  rmSync(folder, {recursive: true, force: true});
});

/** A process in a new session, as a lane is; `script` runs in it. */
async function startProcess(script = 'exec sleep 600', processes = 1): Promise<number> {
  const child = spawn('sh', ['-c', script], {detached: true, stdio: 'ignore'});
  children.push(child);
  const pid = child.pid ?? 0;
  await eventually('all of its session', async () => {
    const all = readSessions().get(pid) ?? [];
    return all.length === processes && (processes > 1 || all[0]?.command === 'sleep') ? true : null;
  });
  return pid;
}

/** Says in the lane's folder which process it is; what is not given is true. */
async function sayPid(pid: number, {startTime, bootId}: {startTime?: string; bootId?: string} = {}): Promise<void> {
  const real = (await readProcess(pid))?.startTime ?? '';
  writeFileSync(join(folder, 'pid'), `${pid} ${startTime ?? real} ${bootId ?? (await readBootId())}\n`);
}

const stateOf = async (pid: number): Promise<string> => (await readProcess(pid))?.state ?? 'gone';
/** Waits until the process is in this state. */
const until = async (pid: number, state: string) =>
  eventually(`process ${pid} to be ${state}`, async () => ((await stateOf(pid)) === state ? true : null));

/** What the lanes are asked through, in a run of this state. */
const contextIn = (state: RunState): StepContext =>
  ({
    state: () => state,
    lanes: createLanes(HOST),
    now: Date.now,
    steady: steadyClock,
    sleep: async (ms: number) => wait(ms),
  }) as StepContext;
const adopt = async (state: RunState) => adoptLanes(contextIn(state));

function runWith(...lanes: {paused: boolean}[]): RunState {
  const units = lanes.map(({paused}, index) => {
    const state: UnitStatus = {
      status: 'running',
      attempt: 1,
      tries: 1,
      lane: index + 1,
      folder,
      startedAt: '2026-11-24T00:00:00.000Z',
      paused: paused ? {since: '2026-11-24T00:00:00.000Z', by: 'ana'} : null,
    };
    return {id: `0${index}-a`, kind: 'table' as const, tables: [], bytes: 1, state};
  });
  return {...NEW_RUN, units};
}

describe('which process is the lane', () => {
  test('a lane that runs is known by pid, start time and boot, and takes its signals', async () => {
    const pid = await startProcess();
    await sayPid(pid);
    expect(await readLaneLife(folder)).toMatchObject({life: 'running', pid, processes: [{pid}]});
    expect(await signalLane(folder, 'SIGSTOP')).toBe(true);
    await until(pid, 'T');
  });

  test.each([
    ['of another boot', {bootId: '00000000-0000-0000-0000-000000000000'}],
    ['that began at another moment', {startTime: '1'}],
  ])('a process %s that has the lane’s number is somebody else’s: it gets no signal', async (_, other) => {
    const pid = await startProcess();
    await sayPid(pid, other);
    expect(await readLaneLife(folder)).toEqual({life: 'gone'});
    expect(await signalLane(folder, 'SIGKILL')).toBe(false);
    expect(await stateOf(pid)).toMatch(/[SR]/);
  });

  test('a lane that has not told its pid is unborn, and nobody is signalled in its place', async () => {
    writeFileSync(join(folder, 'pid'), `${' '.repeat(200)}\n`);
    expect(await readLaneLife(folder)).toEqual({life: 'unborn'});
    expect(await signalLane(folder, 'SIGKILL')).toBe(false);
    expect(await readIdentity(join(folder, 'no such'))).toBeNull();
  });

  test('what is left of a lane whose wrapper was killed is still the lane', async () => {
    const pid = await startProcess('sleep 600 & sleep 600 & wait', 3);
    await sayPid(pid);
    process.kill(pid, 'SIGKILL');
    await eventually('the wrapper gone', async () => ((await readProcess(pid)) === null ? true : null));
    // A child is its shell until it has become its program.
    const life = await eventually('both to sleep', async () => {
      const seen = await readLaneLife(folder);
      return 'processes' in seen && seen.processes.every(({command}) => command !== 'sh') ? seen : null;
    });
    expect(life).toMatchObject({life: 'orphaned', pid});
    expect('processes' in life && life.processes.map(({command}) => command)).toEqual(['sleep', 'sleep']);
    // At each tick of the load only wrappers are asked for.
    expect(await HOST.life([folder], 'wrappers')).toMatchObject([{life: 'orphaned', pid}]);
    expect(await signalLane(folder, 'SIGKILL')).toBe(true);
    await eventually('all of it gone', async () => ((await readLaneLife(folder)).life === 'gone' ? true : null));
  });

  test('a wrapper that nobody has buried does not live', async () => {
    // The outer shell becomes a sleep that waits for no child.
    await startProcess(`setsid sh -c 'echo $$ > "$0"; exec sleep 0.2' ${join(folder, 'child')} & exec sleep 600`, 1);
    const pid = await eventually('its pid', async () => {
      const text = existsSync(join(folder, 'child')) ? readFileSync(join(folder, 'child'), 'utf8').trim() : '';
      return text === '' ? null : Number(text);
    });
    await sayPid(pid);
    await until(pid, 'Z');
    expect(await readLaneLife(folder)).toEqual({life: 'gone'});
  });

  test('a process may be called what it likes', () => {
    const line = '7 (a ) Z 1 (b) S 1 7 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 0 0';
    expect(parseStat(line)).toEqual({pid: 7, command: 'a ) Z 1 (b', state: 'S', session: 9, startTime: '4711'});
  });

  test('no two lanes are the same to a server, however long their names', () => {
    const [one, other] = ['a', 'b'].map((end) => laneApplicationName('acme', `01-public.${'x'.repeat(60)}${end}`));
    expect(one).not.toBe(other);
    expect(one?.length).toBe(63);
    expect(laneApplicationName('acme', '01-public.a')).toBe('longhaul/acme/01-public.a');
  });
});

describe('lanes that an earlier supervisor left', () => {
  test('one that the journal has as paused is stopped, whatever it did when it was found', async () => {
    const pid = await startProcess('sleep 600 & wait', 2);
    await sayPid(pid);
    await adopt(runWith({paused: true}));
    await until(pid, 'T');
    await untilStopped(folder);
    await adopt(runWith({paused: true}));
    expect(await stateOf(pid)).toBe('T');
  });

  test('one that was stopped without a word goes on, also where only its wrapper was stopped', async () => {
    const pid = await startProcess('sleep 600 & wait', 2);
    await sayPid(pid);
    process.kill(pid, 'SIGSTOP');
    await until(pid, 'T');
    await adopt(runWith({paused: false}));
    expect(await until(pid, 'S')).toBe(true);
  });

  test('one that has the word to end is ended by whoever takes it over', async () => {
    const pid = await startProcess();
    await sayPid(pid);
    writeFileSync(join(folder, 'ending'), 'cancelled ana\n');
    await adopt(runWith({paused: false}));
    const gone = eventually('the lane gone', async () => ((await readProcess(pid)) === null ? true : null));
    expect(await gone).toBe(true);
  });

  test('what is left of one whose wrapper was killed is paused and goes on with it', async () => {
    const pid = await startProcess('sleep 600 & wait', 2);
    await sayPid(pid);
    const sleeper = await eventually('the sleeper', async () => {
      const life = await readLaneLife(folder);
      return ('processes' in life ? life.processes : []).find((process) => process.pid !== pid)?.pid ?? null;
    });
    process.kill(pid, 'SIGKILL');
    await eventually('the wrapper gone', async () => ((await readProcess(pid)) === null ? true : null));
    await adopt(runWith({paused: true}));
    await until(sleeper, 'T');
    await adopt(runWith({paused: false}));
    expect(await until(sleeper, 'S')).toBe(true);
  });

  test('a process of another boot that has its number is let alone', async () => {
    const pid = await startProcess();
    await sayPid(pid, {bootId: '00000000-0000-0000-0000-000000000000'});
    await adopt(runWith({paused: true}));
    expect(await stateOf(pid)).toMatch(/[SR]/);
  });
});

describe('the end of a lane', () => {
  test('comes also to one that is stopped, and its folder has the word before', async () => {
    const pid = await startProcess();
    await sayPid(pid);
    process.kill(pid, 'SIGSTOP');
    await until(pid, 'T');
    const state = runWith({paused: true});
    const [unit] = runningUnits(state);
    if (unit === undefined) throw new Error('no unit');
    const asked = await askToEnd(contextIn(state), unit, {how: 'boundary', by: 'ana@jump1 (console)'});
    expect(asked).toBe('ending');
    await eventually('its end', async () => ((await stateOf(pid)) === 'gone' ? true : null));
    expect(await readEnding(HOST, folder)).toEqual({how: 'boundary', by: 'ana@jump1 (console)'});
    expect((await readRemains(HOST, folder)).ended).toMatchObject({how: 'boundary'});
  });
});
