import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openRun} from '../../../src/cli/run/open-run.ts';
import {ask} from '../../../src/cli/supervisor/send.ts';
import type {Command} from '../../../src/domain/run/command.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {startWireServer} from '../../../src/engine/wire/server.ts';
import {PROTOCOL} from '../../../src/engine/wire/protocol.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {beginLoad, holdTable, laneBackends} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql')});
  // More than pipes hold: a lane that waits has its dump waiting too.
  await lab.source.sql(
    'INSERT INTO public.entries (account, amount) SELECT 1 + n % 100, n FROM generate_series(1, 50000) n',
  );
  await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
  await longhaul(lab, 'shutdown');
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

const slots = async (): Promise<string[]> =>
  (await lab.source.sql("SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'dms%' ORDER BY 1")).flat();
const isPaused = async (): Promise<boolean> =>
  (await lab.replica.sql('SELECT pg_is_wal_replay_paused()'))[0]?.[0] === 't';

async function order(command: Command) {
  return ask(await openRun(lab.yamlPath, {}), 'test', command);
}

describe('a run that loads, with a lane at work', () => {
  test('and paused, which holds up the replay that somebody has resumed: a run from the pause on ends it and takes a new P', async () => {
    const before = await stateOf(lab);
    const letGo = await holdTable(lab, 'public.entries');
    await beginLoad(lab, 1);
    const unit = (await stateOf(lab)).units.find(({state}) => state.status === 'running')?.id ?? '';
    await eventually('its dump', async () => {
      const reading = "SELECT 1 FROM pg_locks WHERE relation = 'public.entries'::regclass AND mode = 'AccessShareLock'";
      return (await lab.replica.sql(reading)).length > 0 ? true : null;
    });
    await mustEndWell(lab, 'pause', unit);
    await longhaul(lab, 'shutdown');
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    await lab.source.sql('BEGIN; LOCK TABLE public.entries IN ACCESS EXCLUSIVE MODE; COMMIT; SELECT pg_switch_wal()');
    await eventually('replay that waits for the lane', async () =>
      (await lab.replica.sql('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0 ? true : null,
    );
    await mustEndWell(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'strip-target');
    const after = await stateOf(lab);
    expect([after.boundaryProved, after.boundary?.lsn === before.boundary?.lsn]).toEqual([true, false]);
    expect(after.units.filter(({state}) => state.status === 'running')).toEqual([]);
    await letGo();
    await longhaul(lab, 'shutdown');
  });

  test('keeps its lane until the right name is given, and release without a supervisor ends it: no row of it comes', async () => {
    const letGo = await holdTable(lab, 'public.entries');
    await beginLoad(lab, 1);
    const unit = (await stateOf(lab)).units.find(({state}) => state.status === 'running')?.id ?? '';
    for (const yes of [[], ['--yes', 'another']]) {
      const kept = await longhaul(lab, 'cancel', unit, ...yes);
      expect(kept).toMatchObject({code: 2, stdout: expect.stringMatching(/runs {5}jump box: kill -TERM -- -\d+/)});
      expect((await longhaul(lab, 'shutdown', '--lanes', ...yes)).code).toBe(2);
    }
    await longhaul(lab, 'shutdown');
    expect(await laneBackends(lab.target)).toBeGreaterThan(0);
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
    expect(released, released.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/; \d lanes? (was|were) ended/),
    });
    await letGo();
    expect([await laneBackends(lab.target), await slots()]).toEqual([0, []]);
    expect(await lab.target.sql('SELECT count(*) FROM public.entries')).toEqual([['0']]);
    expect((await stateOf(lab)).units.filter(({state}) => state.status === 'running')).toEqual([]);
  });

  test('and begins again, released, with new slots and a new P, up to the comparison', async () => {
    const before = await stateOf(lab);
    await mustEndWell(lab, 'run', '--plain', '--until', 'compare-rows');
    const after = await stateOf(lab);
    expect(after.boundary?.lsn).not.toBe(before.boundary?.lsn);
    expect(await slots()).not.toEqual([]);
    await longhaul(lab, 'shutdown');
  });
});

describe('a run that is compared', () => {
  test('goes on to its end where the replica is restarted: it needs it no more, and loads nothing again', async () => {
    const before = await stateOf(lab);
    await lab.replica.restart('fast');
    const run = await longhaul(lab, 'run', '--plain');
    expect(run, run.stdout + run.stderr).toMatchObject({code: 0});
    const after = await stateOf(lab);
    expect([after.status, after.boundary?.lsn]).toEqual(['done', before.boundary?.lsn]);
    expect(after.units).toEqual(before.units);
    await longhaul(lab, 'shutdown');
  });

  test('is not believed to be released because a process on its socket says so', async () => {
    const {folder} = await openRun(lab.yamlPath, {});
    const facts = {
      run: 'rehearsal',
      servers: {source: '', replica: '', target: ''},
      changeCapture: 'dms',
      rate: {configured: null, off: null},
      folder: '',
      steps: [],
    };
    const server = await startWireServer(folder.socket, {
      hello: () => ({type: 'hello', protocol: PROTOCOL, pid: 1, facts}),
      snapshot: () => ({type: 'snapshot', state: NEW_RUN, events: [], readings: []}),
      command: async () => ({ok: true, message: 'dropped, and freed'}),
      plan: async () => ({ok: true, actions: []}),
      readLog: async () => null,
    });
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
    await server.close();
    expect(released.stderr).toContain(
      'The supervisor says that it has released them, and the primary still has dms_slot',
    );
    expect(released).toMatchObject({code: 0, stdout: expect.not.stringContaining('dropped, and freed')});
    expect(await slots()).toEqual([]);
  });
});

describe('a run that its supervisor gives up', () => {
  test('has no slot and no pause afterwards, is walked on by nobody, and begins anew with longhaul run', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'prove-boundary');
    expect([await isPaused(), (await slots()).length > 0]).toEqual([true, true]);
    expect(await order({type: 'abort', typed: 'another'})).toMatchObject({ok: false, remedy: 'type rehearsal'});
    const reply = await order({type: 'abort', typed: 'rehearsal'});
    expect(reply, JSON.stringify(reply)).toMatchObject({ok: true});
    expect([await isPaused(), await slots(), (await stateOf(lab)).status]).toEqual([false, [], 'aborted']);
    expect(await order({type: 'continue'})).toMatchObject({ok: false, message: 'the run was given up'});
    // Without a supervisor it is the same, and safe to repeat.
    expect(await longhaul(lab, 'abort')).toMatchObject({code: 2, stderr: expect.stringContaining('nothing was done')});
    const again = await longhaul(lab, 'abort', '--yes', 'rehearsal');
    expect(again, again.stderr).toMatchObject({code: 0, stdout: expect.stringContaining('the run is given up')});
    await mustEndWell(lab, 'run', '--plain', '--until', 'prove-boundary');
    const state = await eventually('the walk to end', async () => {
      const now = await stateOf(lab);
      return now.status === 'stopped' ? now : null;
    });
    expect(state.boundaryProved).toBe(true);
  });

  test('without a supervisor shows what it will do, and does that', async () => {
    await longhaul(lab, 'shutdown');
    const shown = await longhaul(lab, 'abort');
    const lines = shown.stdout.split('\n').filter((line) => line.startsWith('runs '));
    expect(lines.join('\n')).toMatch(/source: SELECT pg_drop_replication_slot\('dms_slot_01'\)/);
    expect(lines.join('\n')).toMatch(/replica: SELECT pg_wal_replay_resume\(\)/);
    const did = await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    expect(did.stdout.split('\n').filter((line) => line.startsWith('runs '))).toEqual(lines);
    expect([await isPaused(), await slots()]).toEqual([false, []]);
  });
});
