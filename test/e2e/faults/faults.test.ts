import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import type {UnitState} from '../../../src/domain/run/run-state.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {createWireClient} from '../../../src/engine/wire/client.ts';
import {startWriteLoad} from '../../../src/lab/write-load.ts';
import {FAULTS} from '../../faults/faults.ts';
import {seededRandom} from '../../faults/random.ts';
import {prepare, tellStory} from '../../faults/story.ts';
import {mayMount} from '../../probes/watched/wal-volume.ts';
import {eventually, journalOf, longhaul, stateOf} from '../../support/longhaul.ts';
import {holdTable, standAtNewBoundary, type LetGo} from '../../support/hold.ts';
import {makeSmallVolume, moveWalOff, type SmallVolume} from '../../support/small-volume.ts';

/** A new P, and the load begun; `public.events` does not get on until it is let go. */
async function beginHeldLoad(lab: Lab): Promise<LetGo> {
  await standAtNewBoundary(lab);
  const release = await holdTable(lab, 'public.events');
  await longhaul(lab, 'run', '--detach', '--from', 'full-load', '--until', 'full-load');
  await eventually('the lane of events', async () =>
    (await eventsUnit(lab))?.state.status === 'running' ? true : null,
  );
  return release;
}

async function eventsUnit(lab: Lab): Promise<UnitState | undefined> {
  return (await stateOf(lab)).units.find(({id}) => id.endsWith('public.events'));
}

describe('a load that is broken off and run again', () => {
  let lab: Lab;
  const random = seededRandom(42);

  beforeAll(async () => {
    lab = await startLab({size: 'small'});
    await startWriteLoad(lab, 20);
    await prepare(lab);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  // Where P is gone, the run that loads ends with that, and the next one takes a new P; it may have ended before the first is asked for.
  const LOSES_P = ['restart of the replica', 'crash recovery of the replica', 'replay resumed by somebody'];

  test.each(Object.entries(FAULTS))('%s: no row is lost, none doubled, and one run is enough', async (...fault) => {
    const told = await tellStory(lab, {faults: [fault], withinMs: 100, random, held: 'public.events'});
    expect(told).toMatchObject({hits: 1, lost: 0, doubled: 0, problems: []});
    expect(told.runs).toBeLessThanOrEqual(LOSES_P.includes(fault[0]) ? 2 : 1);
  });

  test('two faults on top of each other: no row is lost and none doubled', async () => {
    const names = ['restart of the target', 'everything on the jump box'];
    const faults = Object.entries(FAULTS).filter(([name]) => names.includes(name));
    const told = await tellStory(lab, {faults, withinMs: 300, random, held: 'public.events'});
    expect(told).toMatchObject({lost: 0, doubled: 0, problems: []});
  });

  test('a lane that is paused keeps its connections over a death of the supervisor, and goes on where it was', async () => {
    const release = await beginHeldLoad(lab);
    const before = (await eventsUnit(lab))?.state;
    expect((await longhaul(lab, 'pause', 'public.events')).code).toBe(0);
    await FAULTS['kill -9 supervisor']?.(lab, random);
    await release();
    const run = longhaul(lab, 'run', '--plain', '--from', 'full-load', '--until', 'full-load');
    await eventually('the lane resumed by the new supervisor', async () =>
      (await longhaul(lab, 'resume', 'public.events')).code === 0 ? true : null,
    );
    expect((await run).code).toBe(0);
    const attempt = before?.status === 'running' ? before.attempt : 0;
    expect((await eventsUnit(lab))?.state).toMatchObject({status: 'committed', attempt});
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });

  test('a cancelled unit leaves no row and no backend, waits for its retry, and is then in', async () => {
    const release = await beginHeldLoad(lab);
    const unit = (await eventsUnit(lab))?.id ?? '';
    expect((await longhaul(lab, 'resume', '--replay', '--yes', 'rehearsal')).stderr).toContain('P would be lost');
    expect((await longhaul(lab, 'cancel', unit, '--yes', 'rehearsal')).code).toBe(0);
    const failed = await eventually('its end in the journal', async () => {
      const state = (await eventsUnit(lab))?.state;
      return state?.status === 'failed' ? state : null;
    });
    expect(failed).toMatchObject({retryAt: null, failure: {cause: 'cancelled'}});
    for (const server of [lab.replica, lab.target]) {
      const backends = `SELECT pid FROM pg_stat_activity WHERE application_name = 'longhaul/rehearsal/${unit}'`;
      await eventually('its backends gone', async () => ((await server.sql(backends)).length === 0 ? true : null));
    }
    await release();
    await eventually('the retry', async () => ((await longhaul(lab, 'retry', unit)).code === 0 ? true : null));
    await eventually('the unit in', async () => ((await eventsUnit(lab))?.state.status === 'committed' ? true : null));
  });

  test('a cancel in the first moment of a lane is obeyed, as often as one tries', async () => {
    const letGo = await beginHeldLoad(lab);
    const id = (await eventsUnit(lab))?.id ?? '';
    const client = createWireClient({
      path: join(lab.folder, 'run', 'supervisor.sock'),
      who: 'ana',
      readOnly: false,
      now: Date.now,
    });
    let cancels = 0;
    client.on((message) => {
      if (message.type !== 'event' || message.entry.type !== 'unit.started' || message.entry.unit !== id) return;
      cancels += 1;
      void client.send({type: 'cancel-unit', unit: id});
    });
    await eventually('the connection', async () =>
      (await client.send({type: 'cancel-unit', unit: id})).ok ? true : null,
    );
    for (let tries = 1; tries <= 8; tries += 1) {
      const ended = await eventually(`end ${tries} of the unit`, async () => {
        const state = (await eventsUnit(lab))?.state;
        return state?.status === 'failed' ? state : null;
      });
      expect(ended.failure.cause).toBe('cancelled');
      await eventually('the retry', async () => ((await client.send({type: 'retry-unit', unit: id})).ok ? true : null));
      await eventually('the next attempt', async () => (cancels >= tries ? true : null));
    }
    await eventually('the last end', async () => ((await eventsUnit(lab))?.state.status === 'failed' ? true : null));
    client.close();
    await letGo();
    expect((await longhaul(lab, 'retry', id)).code).toBe(0);
    await eventually('the unit in', async () => ((await eventsUnit(lab))?.state.status === 'committed' ? true : null));
  });

  test('resuming replay is refused while the load needs P', async () => {
    const refused = await longhaul(lab, 'resume', '--replay', '--yes', 'rehearsal');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('P would be lost');
    expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['t']]);
  });

  test('P lost after the load is no reason to load again: the run goes on uncompared, and says so', async () => {
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    await eventually('replay past P', async () => {
      const {boundary} = await stateOf(lab);
      const [row] = await lab.replica.sql(`SELECT pg_last_wal_replay_lsn() > '${boundary?.lsn}'`);
      return row?.[0] === 't' ? true : null;
    });
    await longhaul(lab, 'shutdown');
    const compared = await longhaul(lab, 'run', '--plain', '--from', 'build-indexes');
    expect(compared.code).toBe(1);
    expect(compared.stdout).toContain('--from resume-replay keeps the load');
    const done = await longhaul(lab, 'run', '--plain', '--from', 'resume-replay');
    expect(done.stdout).toContain('Go on without the comparison?');
    expect(done.code).toBe(0);
  });

  test('two supervisors of one run cannot be', async () => {
    await Promise.all([
      longhaul(lab, 'run', '--detach', '--from', 'prove-boundary', '--until', 'prove-boundary'),
      longhaul(lab, 'run', '--detach', '--from', 'prove-boundary', '--until', 'prove-boundary'),
    ]);
    // The second one waits for the lock a while and then ends.
    await eventually('one living supervisor', async () => {
      const living = execFileSync('pgrep', ['-fc', `supervise --config ${lab.yamlPath}`])
        .toString()
        .trim();
      return living === '1' ? true : null;
    });
    expect((await longhaul(lab, 'status')).stdout).toContain('supervisor');
  });
});

// A small file system of one's own wants a superuser.
describe.skipIf(!mayMount())('a full disk on the target', () => {
  let lab: Lab;
  let volume: SmallVolume;

  beforeAll(async () => {
    volume = await makeSmallVolume(110);
    const targetDataDir = join(volume.path, 'target');
    lab = await startLab({size: 'small', targetDataDir});
    await moveWalOff(lab, targetDataDir);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
    await volume.remove();
  });

  test('leaves no row of the unit, names the disk, and the load goes on once there is room', async () => {
    await longhaul(lab, 'run', '--plain', '--until', 'strip-target');
    volume.fillUp(9_000_000);
    const full = await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    expect(full.code).toBe(1);
    const entries = await journalOf(lab);
    expect(entries.some((entry) => entry.type === 'unit.failed' && entry.failure.sqlstate === '53100')).toBe(true);
    expect(full.stdout).toContain('disk is full: make it larger');
    await volume.makeRoom();
    const done = await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    expect(done.stdout).toContain('full-load done');
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });
});
