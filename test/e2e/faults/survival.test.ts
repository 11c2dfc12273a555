import {execFileSync} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {FAULTS} from '../../faults/faults.ts';
import {
  beginLoad,
  holdCommits,
  holdLedger,
  holdTable,
  laneBackends,
  replayOn,
  retryQuickly,
  standAtNewBoundary,
  untilLaneWaits,
  type LetGo,
} from '../../support/hold.ts';
import {eventually, longhaul, stateOf} from '../../support/longhaul.ts';

/** What the target has and the replica has not, or the other way round; neither changes. */
async function differences(lab: Lab): Promise<unknown[]> {
  return compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target));
}

async function inject(lab: Lab, fault: string): Promise<void> {
  expect(await FAULTS[fault]?.(lab, () => 0)).toBe(true);
}

describe('a load whose supervisor, lanes or machine die at a chosen moment', () => {
  let lab: Lab;
  let letGo: LetGo | null = null;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await retryQuickly(lab);
    await longhaul(lab, 'run', '--plain', '--until', 'add-tables');
    // There is a ledger to hold once something has been loaded.
    await longhaul(lab, 'run', '--plain', '--until', 'full-load');
  });
  afterEach(async () => {
    await letGo?.();
    letGo = null;
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  /** One plain run must come to the comparison, and everything must be equal. */
  async function runOnce(): Promise<{code: number; different: unknown[]; open: string[]}> {
    const {code} = await longhaul(lab, 'run', '--plain', '--until', 'compare-rows');
    const {units} = await stateOf(lab);
    const open = units.filter(({state}) => state.status !== 'committed').map(({id}) => id);
    return {code, different: await differences(lab), open};
  }

  const WHOLE = {code: 0, different: [], open: []};

  test.each([
    ['before its row in the ledger', holdLedger],
    ['between its ledger row and its first row', async (at: Lab) => holdTable(at, 'public.events')],
    ['between its last row and its commit', holdCommits],
  ])('everything on the jump box dies while a lane is %s', async (_, hold) => {
    await standAtNewBoundary(lab);
    letGo = await hold(lab);
    await beginLoad(lab, 1);
    await untilLaneWaits(lab);
    await inject(lab, 'everything on the jump box');
    await letGo();
    letGo = null;
    expect(await runOnce()).toEqual(WHOLE);
  });

  test('lanes that commit while no supervisor lives are taken over, to the end of the run', async () => {
    await standAtNewBoundary(lab);
    letGo = await holdCommits(lab);
    await beginLoad(lab, 4);
    await inject(lab, 'kill -9 supervisor');
    await letGo();
    letGo = null;
    await eventually('every lane gone', async () => ((await laneBackends(lab.target)) === 0 ? true : null));
    expect(await runOnce()).toEqual(WHOLE);
    const {units} = await stateOf(lab);
    expect(Math.max(...units.map(({state}) => ('tries' in state ? state.tries : 0)))).toBe(0);
    const resumed = await longhaul(lab, 'run', '--plain');
    expect(resumed.stdout).toContain('resume-replay done');
    expect(resumed.code).toBe(0);
    // What follows begins at a P again.
    await longhaul(lab, 'abort', '--yes', 'rehearsal');
    await longhaul(lab, 'run', '--plain', '--until', 'full-load');
  });

  test('a lane of the old P whose commit token is on its way cannot commit beside a new P', async () => {
    await standAtNewBoundary(lab);
    letGo = await holdCommits(lab);
    await beginLoad(lab, 4);
    await inject(lab, 'kill -9 supervisor');
    await replayOn(lab);
    const proved = await longhaul(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'prove-boundary');
    expect(proved.code).toBe(0);
    expect(await laneBackends(lab.target)).toBe(0);
    await letGo();
    letGo = null;
    expect(await runOnce()).toEqual(WHOLE);
  });

  test('a plan that was edited under a lane is refused, and the lane goes on', async () => {
    await standAtNewBoundary(lab);
    letGo = await holdTable(lab, 'public.audit_log');
    await beginLoad(lab, 1);
    await eventually('only audit_log left', async () => {
      const {units} = await stateOf(lab);
      return units.filter(({state}) => state.status !== 'committed').length === 1 ? true : null;
    });
    await inject(lab, 'kill -9 supervisor');
    const path = join(lab.folder, 'run', 'plan.yaml');
    const plan = await readFile(path, 'utf8');
    await writeFile(path, plan.replace('03-public.audit_log:', '03-audit:'));
    const refused = await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('plan.yaml has changed units that are loading or loaded');
    expect(await laneBackends(lab.target)).toBe(1);
    await writeFile(path, plan);
    await letGo();
    letGo = null;
    expect(await runOnce()).toEqual(WHOLE);
  });

  test('shutdown --lanes leaves no backend, and the next run goes on by itself', async () => {
    await standAtNewBoundary(lab);
    letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    expect(await laneBackends(lab.target)).toBe(0);
    expect(await laneBackends(lab.replica)).toBe(0);
    await letGo();
    letGo = null;
    expect(await runOnce()).toEqual(WHOLE);
  });

  test('what the operator cancelled stays so over a new supervisor and beside the retry of another', async () => {
    await standAtNewBoundary(lab);
    letGo = await holdLedger(lab);
    await beginLoad(lab, 4);
    const cancelled = await longhaul(lab, 'cancel', '--all', '--yes', 'rehearsal');
    expect(cancelled.stdout).toMatch(/nothing new is started until longhaul --config \S+ resume --start/);
    await eventually('every lane ended', async () => {
      const {units} = await stateOf(lab);
      return units.every(({state}) => state.status !== 'running') ? true : null;
    });
    await letGo();
    letGo = null;
    await inject(lab, 'kill -9 supervisor');
    await longhaul(lab, 'run', '--detach', '--from', 'full-load', '--until', 'full-load');
    await eventually('the load again', async () =>
      (await longhaul(lab, 'resume', '--start')).code === 0 ? true : null,
    );
    expect((await longhaul(lab, 'retry', 'public.events')).code).toBe(0);
    await eventually('events in', async () => {
      const unit = (await stateOf(lab)).units.find(({tables}) => tables.length === 1 && tables[0]?.name === 'events');
      return unit?.state.status === 'committed' ? true : null;
    });
    const others = (await stateOf(lab)).units.filter(({state}) => state.status === 'failed');
    expect(others.length).toBeGreaterThan(1);
    expect((await longhaul(lab, 'retry', '--all')).code).toBe(0);
    await eventually('all in', async () => {
      const {units} = await stateOf(lab);
      return units.every(({state}) => state.status === 'committed') ? true : null;
    });
    expect(await runOnce()).toEqual(WHOLE);
  });

  test('a lane that was stopped without a word goes on with the next supervisor', async () => {
    await standAtNewBoundary(lab);
    letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    // The lane that waits for the table: one that the supervisor has only just started has no pid yet.
    await untilLaneWaits(lab);
    const lane = await eventually('the pid of a lane', async () => {
      const running = (await stateOf(lab)).units.find(({id}) => id.endsWith('public.events'));
      const folder = running?.state.status === 'running' ? running.state.folder : '';
      const pid = Number((await readFile(join(folder, 'pid'), 'utf8').catch(() => '')).split(' ')[0]);
      return pid > 1 ? pid : null;
    });
    await inject(lab, 'kill -9 supervisor');
    process.kill(-lane, 'SIGSTOP');
    await letGo();
    letGo = null;
    expect(await runOnce()).toEqual(WHOLE);
  });

  test('after a restart of the jump box one command goes on, and no process of another is touched', async () => {
    await standAtNewBoundary(lab);
    letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    const running = (await stateOf(lab)).units.find(({state}) => state.status === 'running');
    const folder = running?.state.status === 'running' ? running.state.folder : '';
    await inject(lab, 'everything on the jump box');
    // The pid is somebody else's in the new boot: ours, here.
    await writeFile(join(folder, 'pid'), `${process.pid} 1 00000000-0000-0000-0000-000000000000\n`);
    await letGo();
    letGo = null;
    expect(await runOnce()).toEqual(WHOLE);
  });

  test('nobody but its user may talk to the supervisor, or read what it keeps', async () => {
    await longhaul(lab, 'run', '--detach', '--from', 'prove-boundary', '--until', 'prove-boundary');
    const folder = join(lab.folder, 'run');
    const modes = execFileSync('find', [folder, '(', '-type', 'f', '-o', '-type', 's', ')', '-printf', '%m\n'], {
      encoding: 'utf8',
    });
    expect(new Set(modes.trim().split('\n'))).toEqual(new Set(['600']));
    const folders = execFileSync('find', [folder, '-type', 'd', '-printf', '%m\n'], {encoding: 'utf8'});
    expect(new Set(folders.trim().split('\n'))).toEqual(new Set(['700']));
    if (process.getuid?.() !== 0) return;
    const script = `require('node:net').connect(process.argv[1]).on('error', (e) => process.exit(e.code === 'EACCES' ? 13 : 1)).on('connect', () => process.exit(0))`;
    const socket = join(folder, 'supervisor.sock');
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', script, socket];
    await expect(
      new Promise((resolve) => {
        try {
          execFileSync('setpriv', asNobody, {cwd: '/'});
          resolve(0);
        } catch (error) {
          resolve(error instanceof Error && 'status' in error ? error.status : null);
        }
      }),
    ).resolves.toBe(13);
  });
});
