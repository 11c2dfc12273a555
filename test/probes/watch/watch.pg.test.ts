import {readdirSync, readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Alarm} from '../../../src/domain/reading/alarm.ts';
import {isoTime} from '../../../src/domain/base/iso-time.ts';
import {loadConfig} from '../../../src/config/load.ts';
import {findTools} from '../../../src/engine/tools/find-tools.ts';
import {probeContext} from '../../../src/engine/run/probe-context.ts';
import {createContext} from '../../../src/engine/run/run-context.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import type {WorkSeen} from '../../../src/probes/watch/watch-context.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {processesOf} from './processes-of.ts';
import {eventually, watchLab, type Watched} from './watch-lab.ts';

let lab: Lab;
let watched: Watched;
/** What the run builds, as its supervisor knows it. */
let building: WorkSeen | null = null;

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  await lab.source.sql("SELECT pg_create_logical_replication_slot('dms_slot_01', 'pglogical')");
  await lab.source.sql("SELECT pg_create_logical_replication_slot('warehouse', 'test_decoding')");
  watched = await watchLab(lab, {readWork: () => building});
  await watched.record({type: 'objects.claimed', objects: ['slot dms_slot_01']});
});
afterAll(async () => {
  await watched.stop();
  await lab.stop();
});

describe('the probes', () => {
  test('see every slot, and tell ours from those of others', async () => {
    const since = isoTime(Date.now());
    const reading = await eventually('a reading of the slots', () => watched.newest('slots', since));
    const of = (name: string) => reading.slots.find((slot) => slot.name === name);
    expect(of('dms_slot_01')).toMatchObject({kind: 'logical', plugin: 'pglogical', database: 'app'});
    expect(of('dms_slot_01')).toMatchObject({ours: true, walStatus: 'reserved'});
    expect(of('warehouse')).toMatchObject({ours: false, active: false});
    expect(of('maintenance')).toMatchObject({kind: 'physical', plugin: null, ours: false, active: true});
  });

  test('see a slot’s WAL grow and everything else that the console shows', async () => {
    const before = (await eventually('slots', () => watched.newest('slots'))).slots.find(
      ({name}) => name === 'dms_slot_01',
    );
    await lab.source.sql("SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) FROM generate_series(1, 5)");
    const since = isoTime(Date.now());
    const after = (await eventually('slots', () => watched.newest('slots', since))).slots.find(
      ({name}) => name === 'dms_slot_01',
    );
    expect((after?.retainedBytes ?? 0) - (before?.retainedBytes ?? 0)).toBeGreaterThan(5_000_000);
    expect(await eventually('replica', () => watched.newest('replica'))).toMatchObject({
      paused: false,
      inRecovery: true,
      receiving: true,
    });
    expect((await eventually('senders', () => watched.newest('senders'))).senders.map(({state}) => state)).toEqual([
      'streaming',
    ]);
    expect((await eventually('target', () => watched.newest('target'))).databaseBytes).toBeGreaterThan(1_000_000);
    expect((await eventually('disk', () => watched.newest('disk'))).disk).toMatchObject({
      freeBytes: expect.any(Number),
      from: 'command',
    });
    expect((await eventually('wal', () => watched.newest('wal'))).walBytes).toBeGreaterThan(16_000_000);
  });

  test('name the transaction that slots wait for', async () => {
    const writer = lab.source.sql('BEGIN; CREATE TABLE public.held_open (a int); SELECT pg_sleep(3); ROLLBACK');
    const seen = await eventually('the open transaction', () => {
      const reading = watched.newest('transactions');
      return (reading?.oldestSeconds ?? 0) > 1 ? reading : null;
    });
    expect(seen.oldest).toMatch(/^pid \d+ of postgres, active$/);
    await writer;
  });

  test('see how far the primary is from wraparound, and which slots keep vacuum from freezing', async () => {
    const figures = (await eventually('the ages', () => watched.newest('figures'))).figures;
    const of = (name: string) => figures.find((figure) => figure.name === name);
    expect(of('xid_age')).toMatchObject({of: expect.stringMatching(/^database /), unit: 'count'});
    expect(of('xid_age')?.value).toBeGreaterThan(0);
    expect(of('multixact_age')).toMatchObject({of: expect.stringMatching(/^database /), value: expect.any(Number)});
    expect(of('our_slot_xmin_age')).toMatchObject({of: 'slot dms_slot_01', value: expect.any(Number)});
    expect(of('other_slot_xmin_age')).toMatchObject({of: 'slot warehouse', value: expect.any(Number)});
    // What a slot holds back is in no database frozen yet.
    expect(of('xid_age')?.value).toBeGreaterThanOrEqual(of('our_slot_xmin_age')?.value ?? Infinity);
  });

  test('change nothing: their sessions are read-only, with limits of their own', async () => {
    const config = await loadConfig(lab.yamlPath, {});
    const ctx = createContext({
      config,
      folder: runFolderAt(config.runDirectory),
      tools: await findTools(config.toolsFolder, process.env),
      store: {state: () => watched.state(), record: async () => undefined},
      env: {},
      signal: new AbortController().signal,
      now: Date.now,
      readOnly: false,
    });
    const session = await probeContext(ctx, Date.now).open('source');
    const limits = await session.one(
      sql<{statement: string; lock: string}>(
        "SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock",
      ),
    );
    expect(limits).toEqual({statement: '5s', lock: '1s'});
    await expect(session.run(sql('CREATE TABLE public.of_a_probe ()'))).rejects.toThrow('read-only transaction');
    await session.close();
  });

  test('share one connection to each server', async () => {
    const rows = await lab.source.sql(
      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%/probe'",
    );
    expect(rows).toEqual([['1']]);
  });

  test('see how far an index is that the run builds', async () => {
    const {servers} = await loadConfig(lab.yamlPath, {});
    const application = 'longhaul/rehearsal/index-1';
    const options = {applicationName: application, statementTimeoutMs: 10_000, lockTimeoutMs: 1000, readOnly: false};
    const builder = await connect('target', servers.target, options);
    try {
      await builder.run(sql('CREATE TABLE public.slow AS SELECT 1 AS id FROM generate_series(1, 20)'));
      await builder.run(
        sql(
          "CREATE FUNCTION public.slowly(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.1); RETURN $1; END'",
        ),
      );
      const when = {startedAt: isoTime(Date.now()), elapsedMs: 1};
      const piece = {...when, name: 'index public.slow_slowly_idx', table: 'public.slow', bytes: 8192};
      const pieces = [{...piece, share: null, phase: null, application}];
      building = {...when, bytesDone: 0, bytesTotal: 8192, step: 'build-indexes', done: 0, total: 1, pieces};
      const built = builder.run(sql('CREATE INDEX ON public.slow (public.slowly(id))'));
      const seen = await eventually('the phase of the build', () => {
        const [first] = watched.newest('work')?.work?.pieces ?? [];
        return first?.phase === 'scanning table' ? first : null;
      });
      await built;
      expect(seen).toMatchObject(piece);
      expect(seen.share).toBeOneOf([0, 0.6]);
    } finally {
      building = null;
      await builder.close();
    }
  });

  test('keep their readings', () => {
    expect(readdirSync(`${lab.folder}/run`)).toContain('readings.jsonl');
    const lines = readFileSync(`${lab.folder}/run/readings.jsonl`, 'utf8').trimEnd().split('\n');
    const kinds = new Set(lines.map((line) => String(JSON.parse(line).probe)));
    const every = 'alarms disk figures lanes primary replica runway senders slots target transactions wal work';
    expect([...kinds].toSorted((a, b) => a.localeCompare(b)).join(' ')).toBe(every);
  });
});

describe('a primary that stops answering', () => {
  test('is asked less and less, its data shows its age, and it recovers by itself', async () => {
    const stopped = processesOf(lab.source.dataDir);
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    const since = isoTime(Date.now());
    try {
      const failed = await eventually(
        'a failed reading',
        () =>
          watched.readings.find(
            (reading) => reading.probe === 'failed' && reading.of === 'slots' && reading.at > since,
          ),
        30_000,
      );
      expect(failed).toMatchObject({message: expect.stringMatching(/source/)});
      // The other servers are watched on.
      await eventually('the replica', () => watched.newest('replica', failed.at));
      expect(watched.newest('slots', failed.at)).toBeUndefined();
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
    }
    const back = isoTime(Date.now());
    const reading = await eventually('slots again', () => watched.newest('slots', back), 60_000);
    expect(reading.slots.length).toBe(3);
  });
});

describe('a paused replica', () => {
  test('that gets no WAL any more is an alarm, with what its slot holds on the primary, until it goes on', async () => {
    await lab.replica.sql('SELECT pg_wal_replay_pause()');
    await watched.record({type: 'replay.paused', by: 'run'});
    await eventually('the pause', () => (watched.newest('replica')?.paused === true ? true : null));
    // As a network that is cut does: the primary lets the connection go.
    await lab.source.sql('SELECT pg_terminate_backend(pid) FROM pg_stat_replication');
    await lab.source.sql("SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) FROM generate_series(1, 3)");
    const alarm = await eventually('the alarm', () => watched.state().alarms.find(({id}) => id === 'replica.receiver'));
    expect(alarm).toMatchObject({severity: 'warning', remedy: expect.stringContaining('resume-replay')});
    const seen = await eventually('what its slot holds', () => {
      const words = watched.newest('alarms')?.seen['replica.receiver'] ?? '';
      return /slot maintenance holds [\d.]+ MB on the primary/.test(words) ? words : null;
    });
    expect(seen).toContain('P is not lost');
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    await watched.record({type: 'replay.resumed', by: 'run'});
    const since = isoTime(Date.now());
    await eventually(
      'the receiver',
      () => (watched.newest('replica', since)?.receiving === true ? true : null),
      60_000,
    );
  });
});

const isLost = ({id}: Alarm): boolean => id === 'slot.lost:dms_slot_01';

describe('max_slot_wal_keep_size', () => {
  test('kills a slot, and that is seen and raised as an alarm', async () => {
    await lab.source.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'; ALTER SYSTEM SET max_wal_size = '64MB'");
    await lab.source.sql('SELECT pg_reload_conf()');
    for (let turn = 0; turn < 5; turn += 1) {
      await lab.source.sql(
        "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) FROM generate_series(1, 20); SELECT pg_switch_wal()",
      );
    }
    await lab.source.sql('CHECKPOINT');
    expect(await lab.source.sql("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'dms_slot_01'")).toEqual(
      [['lost']],
    );
    await eventually('the lost slot', () =>
      watched.readings.find(
        (reading) =>
          reading.probe === 'slots' &&
          reading.slots.some(({name, walStatus}) => name === 'dms_slot_01' && walStatus === 'lost'),
      ),
    );
    expect(await eventually('the alarm', () => watched.state().alarms.find(isLost))).toMatchObject({
      severity: 'critical',
      remedy: expect.stringContaining('longhaul release'),
    });
    // A foreign slot's end is not ours to mourn.
    expect(watched.state().alarms.map(({id}) => id)).not.toContain('slot.lost:warehouse');
    expect(watched.events.filter((event) => event.type === 'alarm.raised' && isLost(event.alarm))).toHaveLength(1);
  });
});

describe('a role without pg_monitor', () => {
  test('is told what it may not see, instead of that there is nothing', async () => {
    await lab.source.sql('REVOKE pg_monitor FROM longhaul');
    await lab.source.sql('ALTER ROLE longhaul NOSUPERUSER');
    // One that begins asks at once; one that has asked for long lets the server rest a thousand times as long as an answer took.
    await watched.stop();
    watched = await watchLab(lab);
    const wal = await eventually('the refusal', () => {
      const reading = watched.newest('wal');
      return reading?.server === 'source' && reading.walBytes === null ? reading : null;
    });
    expect(wal.why).toBe('needs GRANT pg_monitor');
    // Production's log has a line for every question that is refused.
    expect(readFileSync(lab.source.logFile, 'utf8')).not.toMatch(/ERROR: .*pg_ls_waldir/);
    const seen = await eventually('the hidden sessions', () => {
      const reading = watched.newest('transactions');
      return reading?.oldest?.includes('may not be seen') === true ? reading : null;
    });
    expect(seen.oldest).toMatch(/\d+ sessions may not be seen \(needs GRANT pg_monitor\)/);
  });
});
