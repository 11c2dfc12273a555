import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {openRun} from '../../../src/cli/run/open-run.ts';
import {ask} from '../../../src/cli/supervisor/send.ts';
import {openJournal} from '../../../src/engine/run/journal.ts';
import {holdTable, replayOn} from '../../support/hold.ts';
import {eventually, longhaul, stateOf, type Ended} from '../../support/longhaul.ts';

let lab: Lab;
const NEW_SLOTS = 'release --yes rehearsal, then longhaul';

beforeAll(async () => {
  lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql')});
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

const GONE = /no longer on the primary|there is none/;
const MOVED = /begins at .*, after P|P >= confirmed_flush_lsn does not hold/;

type Harm = [string, RegExp, (slot: string) => Promise<void>];

/** What somebody does to a slot, and how it is told. A row is written before, which the slot then does not bring any more. */
const HARMS: readonly Harm[] = [
  ['dropped', GONE, async (slot) => drop(slot)],
  [
    'made again',
    MOVED,
    async (slot) => {
      await drop(slot);
      await lab.source.sql(`SELECT pg_create_logical_replication_slot('${slot}', 'pglogical')`);
    },
  ],
  ['read away', MOVED, async (slot) => readAway(slot)],
];

const only = (...names: string[]): Harm[] => HARMS.filter(([name]) => names.includes(name));

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
  if (released.code !== 0) throw new Error(released.stdout + released.stderr);
  await runTo(until);
}

async function runTo(until: string | null): Promise<void> {
  const run = await longhaul(lab, 'run', '--plain', ...(until === null ? [] : ['--until', until]));
  if (run.code !== 0) throw new Error(run.stdout + run.stderr);
}

async function expectEveryRow(): Promise<void> {
  expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
    [],
  );
}

describe('before P is proved', () => {
  beforeAll(async () => {
    await runTo('capture-boundary');
  });

  test.each(HARMS)(
    'a slot that was %s keeps it from being proved, and new ones bring it on',
    async (_, words, harm) => {
      await harmOne(harm);
      await expectRefusal(await longhaul(lab, 'run', '--plain', '--from', 'prove-boundary'), words);
      await carryOut('capture-boundary');
      expect(await statusOf('capture-boundary')).toBe('done');
    },
  );
});

describe('while the load goes on', () => {
  beforeAll(async () => {
    await runTo('strip-target');
  });

  test('nobody can say that change capture has begun', async () => {
    const said = await longhaul(lab, 'cdc-started', '--yes', 'rehearsal');
    expect(said).toMatchObject({code: 1, stderr: expect.stringContaining('the load at P has not begun')});
  });

  test.each(only('dropped', 'read away'))(
    'a slot that was %s ends the run, and nothing loaded counts',
    async (_, words, harm) => {
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
    },
  );
});

describe('after the proof, before replay is resumed', () => {
  beforeAll(async () => {
    await runTo('compare-rows');
  });

  test.each(only('made again', 'read away'))('a slot that was %s keeps the replica paused', async (_, words, harm) => {
    await longhaul(lab, 'shutdown');
    await harmOne(harm);
    await expectRefusal(await longhaul(lab, 'run', '--plain', '--from', 'resume-replay'), words);
    expect(await isPaused()).toBe('t');
    expect(await statusOf('resume-replay')).toBe('failed');
    await carryOut('compare-rows');
    await expectEveryRow();
  });

  test('a table that was taken out of its sets keeps the replica paused, and the remedy puts it back', async () => {
    await longhaul(lab, 'shutdown');
    const inSets = `FROM pglogical.replication_set s JOIN pglogical.replication_set_table t USING (set_id) WHERE t.set_reloid = 'public.entries'::regclass`;
    await lab.source.sql(`SELECT pglogical.replication_set_remove_table(s.set_name, 'public.entries') ${inSets}`);
    await expectRefusal(
      await longhaul(lab, 'run', '--plain', '--from', 'resume-replay'),
      /not in theirs: public\.entries \(dms_slot_\d+\), public\.entries \(idms_slot_\d+\)/,
    );
    expect(await isPaused()).toBe('t');
    await carryOut('compare-rows');
    expect(await lab.source.sql(`SELECT count(*) ${inSets}`)).toEqual([['2']]);
    await expectEveryRow();
  });
});

describe('after the run is done', () => {
  beforeAll(async () => {
    await runTo(null);
  });

  test.each(only('dropped', 'read away'))(
    'a slot that was %s is an alarm, and a run exits 1',
    async (how, words, harm) => {
      await harmOne(harm);
      const id = how === 'dropped' ? 'slot.gone:' : 'slot.moved:';
      const alarm = await eventually('the alarm', async () => (await alarmsOf(id))[0] ?? null);
      expect(alarm).toMatchObject({severity: 'critical', remedy: expect.stringContaining('release --yes rehearsal')});
      await eventually('the state', async () => ((await stateOf(lab)).boundaryDisproved === null ? null : true));
      for (const told of ['status', 'report']) {
        expect((await longhaul(lab, told)).stdout).toContain('NO LONGER PROVED');
      }
      await longhaul(lab, 'shutdown');
      await expectRefusal(await longhaul(lab, 'run', '--plain'), words);
      await carryOut(null);
    },
  );

  test('no row of all of this is lost or there twice', async () => {
    const [[source], [target]] = [
      await lab.source.sql('SELECT count(*), sum(amount) FROM public.entries'),
      await lab.target.sql('SELECT count(*), sum(amount) FROM public.entries'),
    ];
    expect(target).toEqual(source);
  });

  test('that change capture has begun is said once, by the run’s name; then slots may move, and the last proof is told', async () => {
    await harmOne(readAway);
    await eventually('the alarm', async () => ((await alarmsOf('slot.moved:')).length > 0 ? true : null));
    expect(await longhaul(lab, 'run', '--plain')).toMatchObject({code: 1});
    // No client of the supervisor can say it by another name.
    const supervisor = await openRun(lab.yamlPath, process.env);
    const misnamed = await ask(supervisor, 'test', {type: 'cdc-started', typed: 'another'});
    expect(misnamed).toMatchObject({ok: false, message: 'what was typed is not the name of the run'});
    await longhaul(lab, 'shutdown');
    expect(await longhaul(lab, 'cdc-started')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cdc-started --yes rehearsal'),
    });
    const said = await longhaul(lab, 'cdc-started', '--yes', 'rehearsal');
    expect(said, said.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('change capture has begun at P'),
    });
    const run = await longhaul(lab, 'run', '--plain');
    expect(run, run.stdout).toMatchObject({code: 0});
    expect(run.stdout).toMatch(/proved last at .*; change capture has begun, said /);
    expect((await longhaul(lab, 'report')).stdout).toMatch(/P: .* proved last at .*; change capture has begun, said /);
    // With a supervisor it is the supervisor that answers.
    const again = await longhaul(lab, 'cdc-started', '--yes', 'rehearsal');
    expect(again).toMatchObject({code: 1, stderr: expect.stringContaining('has said so at')});
    await eventually('the alarm to be over', async () =>
      (await longhaul(lab, 'status')).stdout.includes('is over') ? true : null,
    );
    expect((await stateOf(lab)).boundaryDisproved).toBeNull();
    // One that is gone is nothing that change capture does.
    await longhaul(lab, 'shutdown');
    await harmOne(drop);
    const gone = await longhaul(lab, 'run', '--plain');
    expect(gone, gone.stdout).toMatchObject({code: 1, stdout: expect.stringContaining('and change capture reads it')});
    expect(gone.stdout).toContain(NEW_SLOTS);
  });
});

describe('replay that goes on', () => {
  test('after a crash that came behind the resume is taken for resumed, and nothing is done twice', async () => {
    await carryOut('compare-rows');
    await longhaul(lab, 'shutdown');
    const {lastProof} = await stateOf(lab);
    const journal = await openJournal(join(lab.folder, 'run', 'journal.jsonl'), {now: Date.now, version: '0.1.0'});
    await journal.append({type: 'step.started', step: 'resume-replay'});
    await journal.append({type: 'boundary.proved', evidence: {}, slots: lastProof?.slots ?? []});
    await journal.close();
    await replayOn(lab);
    const run = await longhaul(lab, 'run', '--plain');
    expect(run, run.stdout).toMatchObject({code: 0});
    expect(run.stdout).toContain('resume-replay is done already');
    expect((await stateOf(lab)).replayPaused).toBe(false);
    expect(await isPaused()).toBe('f');
  });

  test('by an operator’s hand, after all is compared, ends the run at its P once the slots are proved', async () => {
    await carryOut('compare-rows');
    const before = await stateOf(lab);
    expect(await longhaul(lab, 'resume', '--replay', '--yes', 'rehearsal')).toMatchObject({code: 0});
    const run = await longhaul(lab, 'run', '--plain');
    expect(run, run.stdout).toMatchObject({code: 0});
    expect(run.stdout).toContain('Prove the slots, which change capture begins with, once more');
    expect((await stateOf(lab)).boundary?.lsn).toBe(before.boundary?.lsn);
  });

  test('with a load that is whole and not compared, ends at its P as well, and is proved no more than the slots are', async () => {
    await carryOut('build-indexes');
    await replayOn(lab);
    const run = await longhaul(lab, 'run', '--plain', '--from', 'resume-replay');
    expect(run, run.stdout).toMatchObject({code: 0});
    expect(run.stdout).toContain('Go on without the comparison?');
    expect(run.stdout).toMatch(/P [0-9A-F]+\/[0-9A-F]+, proved at /);
    await harmOne(drop);
    await expectRefusal(await longhaul(lab, 'run', '--plain'), GONE);
    const said = await longhaul(lab, 'cdc-started', '--yes', 'rehearsal');
    expect(said).toMatchObject({code: 1, stderr: expect.stringContaining('nothing can begin with slot')});
  });
});

async function alarmsOf(prefix: string) {
  return (await stateOf(lab)).alarms.filter(({id}) => id.startsWith(prefix));
}

async function statusOf(id: string): Promise<string | undefined> {
  return (await stateOf(lab)).steps.find((step) => step.id === id)?.state.status;
}
