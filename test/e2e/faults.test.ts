import {mkdir, rm} from 'node:fs/promises';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {FAULTS} from '../faults/faults.ts';
import {seededRandom} from '../faults/random.ts';
import {prepare, tellStory} from '../faults/story.ts';
import {eventually, journalOf, longhaul, stateOf} from '../support/longhaul.ts';

describe('a load that is broken off and run again', () => {
  let lab: Lab;
  const random = seededRandom(42);

  beforeAll(async () => {
    lab = await startLab({size: 'small'});
    await startWriteLoad(lab, 20);
    await prepare(lab);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
  });

  test.each(Object.keys(FAULTS))('%s: no row is lost and none doubled', async (fault) => {
    const told = await tellStory(lab, {fault, delayMs: Math.floor(random() * 300), random});
    expect(told).toMatchObject({lost: 0, doubled: 0, problems: []});
  });

  test('a lane that stands still keeps its connections, and goes on where it was', async () => {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    await longhaul(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'prove-boundary');
    await longhaul(lab, 'run', '--detach', '--from', 'prove-boundary', '--until', 'full-load');
    const paused = await eventually('a lane that was paused', async () => {
      const {code} = await longhaul(lab, 'pause', '--all');
      const {units} = await stateOf(lab);
      return code === 0 ? (units.find(({state}) => state.status === 'running' && state.paused !== null) ?? null) : null;
    });
    // The supervisor dies meanwhile; a pause is the lane's and lasts.
    await FAULTS['kill -9 supervisor']?.(lab, random);
    const run = longhaul(lab, 'run', '--plain', '--from', 'full-load', '--until', 'full-load');
    await eventually('the new supervisor', async () => ((await longhaul(lab, 'resume', '--all')).code === 0 ? true : null));
    expect((await run).code).toBe(0);
    const again = (await stateOf(lab)).units.find(({id}) => id === paused.id);
    expect(again?.state).toMatchObject({status: 'committed', attempt: 1});
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual([]);
  });

  test('a cancelled unit leaves no row and no backend, waits for its retry, and is then in', async () => {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    await longhaul(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'prove-boundary');
    await longhaul(lab, 'run', '--detach', '--from', 'prove-boundary', '--until', 'full-load');
    const unit = await eventually('a lane that was cancelled', async () => {
      const one = (await stateOf(lab)).units.find(({state}) => state.status === 'running');
      return one !== undefined && (await longhaul(lab, 'cancel', one.id)).code === 0 ? one : null;
    });
    const failed = await eventually('its end in the journal', async () => {
      const state = (await stateOf(lab)).units.find(({id}) => id === unit.id)?.state;
      return state?.status === 'failed' ? state : null;
    });
    expect(failed).toMatchObject({retryAt: null, failure: {cause: 'cancelled'}});
    for (const server of [lab.replica, lab.target]) {
      expect(await server.sql(`SELECT pid FROM pg_stat_activity WHERE application_name = 'longhaul/rehearsal/${unit.id}'`)).toEqual([]);
    }
    expect((await longhaul(lab, 'retry', unit.id)).code).toBe(0);
    await eventually('the unit in', async () => {
      const state = (await stateOf(lab)).units.find(({id}) => id === unit.id)?.state;
      return state?.status === 'committed' ? state : null;
    });
  });

  test('resuming replay is refused while the load needs P', async () => {
    const refused = await longhaul(lab, 'resume', '--replay');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('P would be lost');
    expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['t']]);
  });

  test('two supervisors of one run cannot be', async () => {
    await Promise.all([longhaul(lab, 'run', '--detach', '--from', 'prove-boundary', '--until', 'prove-boundary'), longhaul(lab, 'run', '--detach', '--from', 'prove-boundary', '--until', 'prove-boundary')]);
    const living = execFileSync('pgrep', ['-fc', `supervise --config ${lab.yamlPath}`]).toString().trim();
    expect(living).toBe('1');
  });
});

// A small file system of one's own wants a superuser.
describe.skipIf(process.getuid?.() !== 0)('a full disk on the target', () => {
  let lab: Lab;
  const volume = `/tmp/longhaul-small-${process.pid}`;

  beforeAll(async () => {
    await mkdir(volume);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=110m,mode=0777', 'tmpfs', volume]);
    lab = await startLab({size: 'small', targetDataDir: join(volume, 'target')});
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
    execFileSync('umount', ['-l', volume]);
    await rm(volume, {recursive: true});
  });

  test('leaves no row of the unit, names the disk, and the load goes on once there is room', async () => {
    await longhaul(lab, 'run', '--plain', '--until', 'strip-target');
    execFileSync('sh', ['-c', `head -c $(( $(df --output=avail -B1 ${volume} | tail -1) - 9000000 )) /dev/zero > ${volume}/ballast`]);
    const full = await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    expect(full.code).toBe(1);
    const entries = await journalOf(lab);
    expect(entries.some((entry) => entry.type === 'unit.failed' && entry.failure.sqlstate === '53100')).toBe(true);
    expect(full.stdout).toContain('disk is full: make it larger');
    await rm(join(volume, 'ballast'));
    await lab.target.restart('immediate').catch(async () => lab.target.start());
    const done = await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    expect(done.stdout).toContain('full-load done');
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual([]);
  });
});
