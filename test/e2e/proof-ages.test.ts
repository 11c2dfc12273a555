import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {holdTable} from '../support/hold.ts';
import {eventually, longhaul, stateOf, type Ended} from '../support/longhaul.ts';

let lab: Lab;
const NEW_SLOTS = 'release --yes rehearsal, then longhaul';

beforeAll(async () => {
  lab = await startLab({seed: join(import.meta.dirname, '../support/two-tables.sql')});
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes');
  await lab.stop();
});

/** What somebody does to a slot, and how it is told. A row is written before, which the slot then does not bring any more. */
const HARMS: readonly [string, RegExp, (slot: string) => Promise<void>][] = [
  ['dropped', /no longer on the primary|there is none/, async (slot) => drop(slot)],
  [
    'made again',
    /begins at .*, after P|P >= confirmed_flush_lsn does not hold/,
    async (slot) => {
      await drop(slot);
      await lab.source.sql(`SELECT pg_create_logical_replication_slot('${slot}', 'pglogical')`);
    },
  ],
  ['read away', /begins at .*, after P|P >= confirmed_flush_lsn does not hold/, async (slot) => readAway(slot)],
];

async function drop(slot: string): Promise<void> {
  await lab.source.sql(`SELECT pg_drop_replication_slot('${slot}')`);
}

async function readAway(slot: string): Promise<void> {
  await lab.source.sql(
    `SELECT count(*) FROM pg_logical_slot_get_binary_changes('${slot}', NULL, NULL, 'expected_encoding', 'UTF8',
       'min_proto_version', '1', 'max_proto_version', '1', 'startup_params_format', '1')`,
  );
}

async function harmOne(harm: (slot: string) => Promise<void>): Promise<void> {
  await write();
  const [[slot = ''] = []] = await lab.source.sql(
    "SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'dms%' ORDER BY 1 LIMIT 1",
  );
  await harm(slot);
}

async function write(): Promise<void> {
  await lab.source.sql('INSERT INTO public.entries (account, amount) VALUES (1, 1)');
}

const isPaused = async (): Promise<string | undefined> =>
  (await lab.replica.sql('SELECT pg_is_wal_replay_paused()'))[0]?.[0];

/** The run has ended with words, a way out and exit 1, and P is proved no more. */
async function expectRefusal(ended: Ended, words: RegExp): Promise<void> {
  expect(ended.stdout).toMatch(words);
  expect(ended.stdout).toContain(NEW_SLOTS);
  expect(ended.code, ended.stdout + ended.stderr).toBe(1);
  expect((await stateOf(lab)).boundaryProved).toBe(false);
}

/** The remedy, as it is told, up to a step. */
async function carryOut(until: string | null): Promise<void> {
  const released = await longhaul(lab, 'release', '--yes', 'rehearsal');
  expect(released, released.stdout + released.stderr).toMatchObject({code: 0});
  const run = await longhaul(lab, 'run', '--plain', ...(until === null ? [] : ['--until', until]));
  expect(run, run.stdout + run.stderr).toMatchObject({code: 0});
}

async function expectEveryRow(): Promise<void> {
  expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
    [],
  );
}

describe('before P is proved', () => {
  beforeAll(async () => {
    expect(await longhaul(lab, 'run', '--plain', '--until', 'capture-boundary')).toMatchObject({code: 0});
  });

  test.each(HARMS)('a slot that was %s keeps it from being proved, and new ones bring it on', async (_, words, harm) => {
    await harmOne(harm);
    await expectRefusal(await longhaul(lab, 'run', '--plain', '--from', 'prove-boundary'), words);
    await carryOut('capture-boundary');
  });
});

describe('while the load goes on', () => {
  beforeAll(async () => {
    expect(await longhaul(lab, 'run', '--plain', '--until', 'strip-target')).toMatchObject({code: 0});
  });

  test.each(HARMS)('a slot that was %s ends the run, and nothing loaded counts', async (_, words, harm) => {
    const letGo = await holdTable(lab, 'public.entries');
    const running = longhaul(lab, 'run', '--plain');
    await eventually('the load', async () =>
      (await stateOf(lab)).units.some(({state}) => state.status === 'running') ? true : null,
    );
    await harmOne(harm);
    await expectRefusal(await running, words);
    expect(await statusOf('full-load')).toBe('failed');
    // Once more does not help by itself, and says the same.
    await expectRefusal(await longhaul(lab, 'run', '--plain'), words);
    await letGo();
    await carryOut('strip-target');
  });
});

describe('after the proof, before replay is resumed', () => {
  beforeAll(async () => {
    expect(await longhaul(lab, 'run', '--plain', '--until', 'compare-rows')).toMatchObject({code: 0});
  });

  test.each(HARMS)('a slot that was %s keeps the replica paused', async (_, words, harm) => {
    await longhaul(lab, 'shutdown');
    await harmOne(harm);
    await expectRefusal(await longhaul(lab, 'run', '--plain', '--from', 'resume-replay'), words);
    expect(await isPaused()).toBe('t');
    expect(await statusOf('resume-replay')).toBe('failed');
    await carryOut('compare-rows');
    await expectEveryRow();
  });
});

describe('after the run is done', () => {
  beforeAll(async () => {
    const run = await longhaul(lab, 'run', '--plain');
    expect(run, run.stdout).toMatchObject({code: 0});
    expect(run.stdout).toMatch(/P [0-9A-F]+\/[0-9A-F]+, proved at /);
  });

  test.each(HARMS)('a slot that was %s is an alarm, and a run exits 1', async (how, words, harm) => {
    await harmOne(harm);
    const id = how === 'dropped' ? 'slot.gone:' : 'slot.moved:';
    const alarm = await eventually(
      'the alarm',
      async () => (await stateOf(lab)).alarms.find((one) => one.id.startsWith(id)) ?? null,
    );
    expect(alarm).toMatchObject({severity: 'critical', remedy: expect.stringContaining('release --yes rehearsal')});
    await eventually('the state', async () => ((await stateOf(lab)).boundaryDisproved === null ? null : true));
    for (const told of ['status', 'report']) {
      expect((await longhaul(lab, told)).stdout).toContain('NO LONGER PROVED');
    }
    await expectRefusal(await longhaul(lab, 'run', '--plain'), words);
    await longhaul(lab, 'shutdown');
    await expectRefusal(await longhaul(lab, 'run', '--plain'), words);
    await carryOut(null);
    const alarms = (await stateOf(lab)).alarms.map((one) => one.id);
    expect(alarms.filter((one) => one === alarm.id)).toHaveLength(alarms.includes(alarm.id) ? 1 : 0);
  });

  test('no row of all of this is lost or there twice', async () => {
    const [[source], [target]] = [
      await lab.source.sql('SELECT count(*), sum(amount) FROM public.entries'),
      await lab.target.sql('SELECT count(*), sum(amount) FROM public.entries'),
    ];
    expect(target).toEqual(source);
  });
});

async function statusOf(id: string): Promise<string | undefined> {
  return (await stateOf(lab)).steps.find((step) => step.id === id)?.state.status;
}
