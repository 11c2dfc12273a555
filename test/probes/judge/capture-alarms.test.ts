import {describe, expect, test} from 'vitest';
import type {Lsn} from '../../../src/domain/pg/lsn.ts';
import type {CaptureSeen} from '../../../src/probes/watch/watch-context.ts';
import {captureProbe} from '../../../src/probes/watched/capture.ts';
import {NOTHING_CAPTURED} from '../../../src/domain/run/capture/capture-state.ts';
import type {Figure} from '../../../src/domain/reading/figure.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {at, due, idsOf, standing} from './observed.ts';

const seen: CaptureSeen = {
  slot: 'lh_01',
  state: 'running',
  waitsFor: [],
  appliedLsn: '0/100' as Lsn,
  lagBytes: 1,
  lagSeconds: 0,
  errors: 0,
  sentinels: {source: 3, target: 3},
};

/** The alarms after a slot was seen so at these seconds. */
async function alarms(change: Partial<CaptureSeen>, ...seconds: readonly number[]): Promise<ReturnType<typeof due>> {
  let ms = 0;
  const probe = captureProbe({everyMs: 1, steady: () => ms, readCapture: async () => [{...seen, ...change}]});
  let body = await probe.read();
  for (const second of seconds) {
    ms = second * 1000;
    body = await probe.read();
  }
  return due(1, [{at: at(1), ...body}]);
}

describe('change capture that Longhaul has started', () => {
  test.each<[string, Partial<CaptureSeen>, readonly number[], string[]]>([
    ['runs', {}, [60], []],
    ['is down for a moment, as after each error', {state: 'down'}, [10], []],
    ['stays down', {state: 'down', errors: 4}, [10, 25], ['cdc.down:lh_01 critical']],
    ['is disabled', {state: 'stopped'}, [6], ['cdc.stopped:lh_01 critical']],
    ['is disabled for a moment, as by a kick', {state: 'stopped'}, [1], []],
    ['waits for somebody’s lock', {state: 'blocked', waitsFor: [8], lagSeconds: 21}, [], ['cdc.blocked:lh_01 warning']],
    ['waits for a moment', {state: 'blocked', waitsFor: [8], lagSeconds: 1}, [], []],
    ['is late', {lagSeconds: 301}, [], ['cdc.late:lh_01 warning']],
    ['gets no sentinel any more', {quietSeconds: 400}, [200], ['cdc.quiet:lh_01 warning']],
    ['got none while no supervisor lived', {quietSeconds: 4000}, [60], []],
    ['gets them as ever', {quietSeconds: 59}, [4000], []],
    ['has lost a sentinel', {sentinels: {source: 3, target: 2}}, [], ['cdc.sentinels:lh_01 critical']],
    [
      'has lost a sentinel, and is stopped now',
      {sentinels: {source: 3, target: 2}, state: 'stopped'},
      [6],
      ['cdc.sentinels:lh_01 critical', 'cdc.stopped:lh_01 critical'],
    ],
    ['has a sentinel of somebody else', {sentinels: {source: 3, target: 4}}, [], ['cdc.sentinels:lh_01 critical']],
  ])('%s', async (_, change, seconds, expected) => {
    expect(idsOf(await alarms(change, ...seconds))).toEqual(expected);
  });

  test('a comparison has held it: how long it is stopped counts from when that lets it go', async () => {
    let ms = 0;
    let isHeld = true;
    const probe = captureProbe({
      everyMs: 1,
      steady: () => ms,
      isHeld: () => isHeld,
      readCapture: async () => [{...seen, state: 'stopped'}],
    });
    const alarmsAt = async (second: number): Promise<string[]> => {
      ms = second * 1000;
      return idsOf(due(1, [{at: at(1), ...(await probe.read())}]));
    };
    expect(await alarmsAt(0)).toEqual([]);
    expect(await alarmsAt(200)).toEqual([]);
    isHeld = false;
    expect(await alarmsAt(201)).toEqual([]);
    expect(await alarmsAt(207)).toEqual(['cdc.stopped:lh_01 critical']);
  });

  test('a cutover ends it itself, which is no alarm while writes are stopped, nor for the moment after the hand-over or after it was taken back', async () => {
    let ms = 0;
    const stopped = captureProbe({
      everyMs: 1,
      steady: () => ms,
      readCapture: async () => [{...seen, state: 'stopped'}],
    });
    await stopped.read();
    ms = 6000;
    const reading = {at: at(1), ...(await stopped.read())};
    const cutover: NonNullable<RunState['cutover']> = {
      status: 'under-way',
      attempt: 1,
      begun: {at: at(1), by: 'ops'},
      stoppingAt: at(1),
      setting: null,
      commands: [],
      firing: [],
      stopped: null,
      openingAt: null,
      handedOverAt: null,
      goneBack: null,
    };
    const toldIn = (now: RunState['cutover']) => idsOf(due(1, [reading], {...NEW_RUN, cutover: now}));
    expect(toldIn(cutover)).toEqual([]);
    expect(toldIn({...cutover, stoppingAt: null})).toEqual(['cdc.stopped:lh_01 critical']);
    expect(toldIn({...cutover, status: 'handed-over', handedOverAt: at(1)})).toEqual([]);
    expect(toldIn({...cutover, status: 'handed-over', handedOverAt: '2020-01-01T00:00:00.000Z'})).toEqual([
      'cdc.stopped:lh_01 critical',
    ]);
    const takenBack = (endedAt: string, change: Partial<typeof cutover> = {}) =>
      toldIn({...cutover, status: 'gone-back', goneBack: {at: endedAt, by: 'run', reason: 'drain'}, ...change});
    expect(takenBack(at(1))).toEqual([]);
    expect(takenBack('2020-01-01T00:00:00.000Z')).toEqual(['cdc.stopped:lh_01 critical']);
    expect(takenBack(at(1), {stoppingAt: null})).toEqual(['cdc.stopped:lh_01 critical']);
  });

  test('is down as long as its worker errs and applies nothing, also where it is seen running for a moment', async () => {
    let ms = 0;
    let now: Partial<CaptureSeen> = {state: 'down', errors: 1};
    const probe = captureProbe({everyMs: 1, steady: () => ms, readCapture: async () => [{...seen, ...now}]});
    const told = async (second: number, change: Partial<CaptureSeen>) => {
      [ms, now] = [second * 1000, change];
      return idsOf(due(1, [{at: at(1), ...(await probe.read())}]));
    };
    await probe.read();
    await told(10, {state: 'running', errors: 2});
    expect(await told(25, {state: 'down', errors: 3})).toEqual(['cdc.down:lh_01 critical']);
    expect(await told(26, {state: 'running', errors: 3, appliedLsn: '0/200' as Lsn})).toEqual([]);
  });

  test('is told with how often applying failed, and with what mends it', async () => {
    const [alarm] = await alarms({state: 'down', errors: 4}, 25);
    expect(alarm?.seen).toContain('applying has failed 4 times');
    expect(alarm?.remedy).toContain('longhaul cdc skip lh_01 shows the transaction');
    expect(alarm?.seen).not.toContain('tries');
  });
});

/** The alarms with a guard's figures beside, and in this state. */
function guarded(figures: readonly Figure[], change: Partial<RunState>): ReturnType<typeof due> {
  return due(1, [{at: at(1), probe: 'figures', of: 'guard', server: 'target', figures: [...figures]}], {
    ...NEW_RUN,
    ...change,
  });
}

const figure = (name: string, of: string | null, value = 1): Figure => ({name, label: name, value, unit: 'count', of});

describe('what is around change capture', () => {
  const closed = {claimed: ['read-only app']};

  test('whoever writes to a target that is closed is named; one that is open by itself is nobody’s alarm', () => {
    const [alarm] = guarded([figure('target_writer', 'pid 7, bob (psql)')], closed);
    expect([alarm?.id, alarm?.severity, alarm?.seen]).toEqual([
      'target.writers',
      'critical',
      'pid 7, bob (psql): writes there, beside change capture',
    ]);
    expect(idsOf(guarded([figure('target_open', null)], closed))).toEqual(['target.open warning']);
    expect(guarded([figure('target_writer', 'pid 7, bob'), figure('target_open', null)], {})).toEqual([]);
  });

  test('a table that nobody captures, a comparison that is owed and another source are told until they are over', () => {
    const table = {schema: 'public', name: 'born'};
    const capture = {
      ...NOTHING_CAPTURED,
      newTables: [{table, since: at(0), adoptedInto: null}],
      owed: [{table, since: at(0), why: 'a transaction was skipped'}],
      sourceLost: {at: at(0), from: null, failure: {message: 'promoted', remedy: 'a new run', unreachable: false}},
    };
    expect(idsOf(guarded([], {capture}))).toEqual([
      'source.lost critical',
      'cdc.uncaptured:public.born critical',
      'cdc.owed:public.born warning',
    ]);
  });
});

test('a table that was adopted and is dropped on the source is told, with what drops it on the target', () => {
  const [alarm, ...others] = guarded([figure('left_over', 'table public."Born"')], {});
  expect(others).toEqual([]);
  expect([alarm?.id, alarm?.severity]).toEqual(['cdc.left-over:public."Born"', 'warning']);
  expect(alarm?.remedy).toBe(
    'on the target, as its owner: SET default_transaction_read_only = off; DROP TABLE "public"."Born"',
  );
  // Nothing read yet is no sign that it is gone.
  expect(idsOf(due(1, [], standing('cdc.left-over:public.born')))).toContain('cdc.left-over:public.born warning');
});

/** What is read of a slot that is so. */
const figuresRead = async (now: CaptureSeen) => {
  const body = await captureProbe({everyMs: 1, steady: () => 0, readCapture: async () => [now]}).read();
  return body.probe === 'figures' ? body.figures.map(({name, value, of}) => `${name} ${value} ${of}`) : [];
};

test('a reading has the positions, what did not fit and the tables that change most, and no more of them than there is', async () => {
  const one: CaptureSeen = {
    ...seen,
    receivedLsn: null,
    appliedLsn: '1/10' as Lsn,
    confirmedLsn: '1/8' as Lsn,
    conflicts: {all: 3, skipped: 2},
    busiest: [{table: 'public.events', rowsPerSecond: 12}],
  };
  expect(await figuresRead(one)).toEqual(
    expect.arrayContaining([
      'received_lsn null slot lh_01',
      `applied_lsn ${2 ** 32 + 16} slot lh_01`,
      `confirmed_lsn ${2 ** 32 + 8} slot lh_01`,
      'conflicts 3 slot lh_01',
      'conflicts_skipped 2 slot lh_01',
      'rows_per_second 12 slot lh_01, table public.events',
    ]),
  );
  expect((await figuresRead(seen)).join()).not.toMatch(/conflicts|rows_per_second/);
});

test('a table that is of another kind on the target is told with the slot that is to be paused, before a change of it crashes the server', () => {
  const [alarm, ...others] = guarded([figure('other_kind', 'slot lh_02, table public."Parted"')], {});
  expect(others).toEqual([]);
  expect([alarm?.id, alarm?.severity]).toEqual(['cdc.kind:public."Parted"', 'critical']);
  expect(alarm?.remedy).toContain('longhaul cdc pause lh_02;');
});

test('with tasks of DMS, which take no table in, nobody is told to adopt one', () => {
  const table = {schema: 'public', name: 'big'};
  const capture = {...NOTHING_CAPTURED, newTables: [{table, since: at(0), adoptedInto: null}]};
  const cdcStarted = {at: at(0), by: 'start-cdc', boundary: null} as unknown as RunState['cdcStarted'];
  const [alarm] = guarded([], {capture, cdcStarted});
  expect(alarm?.id).toBe('cdc.uncaptured:public.big');
  expect(alarm?.remedy).not.toContain('longhaul adopt');
  expect(alarm?.remedy).toContain('leave it out: tables.exclude');
  const [own] = guarded([], {capture, cdcStarted, claimed: ['subscription lh_01']});
  expect(own?.remedy).toContain('longhaul adopt public.big --yes');
});

/** What is to be done about a slot that has lost a sentinel, in a run that has made these. */
const lost = async (claimed: readonly string[]): Promise<string | undefined> => {
  const read = captureProbe({
    everyMs: 1,
    steady: () => 0,
    readCapture: async () => [{...seen, sentinels: {source: 3, target: 2}}],
  });
  const body = await read.read();
  return due(1, [{at: at(1), ...body}], {...NEW_RUN, run: 'acme', claimed})[0]?.remedy;
};

test('sentinels that are lost are written anew by what takes them in, once the tables are equal; where no slot can be held they are not', async () => {
  expect(await lost(['subscription lh_01'])).toContain('longhaul adopt longhaul_cdc.lh_01 --yes acme');
  expect(await lost([])).not.toContain('longhaul adopt');
});
