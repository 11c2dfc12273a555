import {describe, expect, test} from 'vitest';
import type {Lsn} from '../../../src/domain/pg/lsn.ts';
import type {CaptureSeen} from '../../../src/probes/watch/watch-context.ts';
import {captureProbe} from '../../../src/probes/watched/capture.ts';
import type {Figure} from '../../../src/domain/reading/figure.ts';
import {at, due, idsOf} from './observed.ts';

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

const figure = (name: string, of: string, value: number): Figure => ({name, label: name, value, unit: 'seconds', of});

describe('a worker that begins again and again where it was', () => {
  const limits = [
    figure('wal_sender_timeout', 'server source', 60),
    figure('wal_receiver_timeout', 'server target', 60),
  ];

  /** The alarms behind three workers that were each there for so many readings, five seconds apart, and then none for one. */
  async function begun(
    readings: number,
    errors: (worker: number) => number | null,
    change: Partial<CaptureSeen> = {},
    guards = limits,
  ): Promise<ReturnType<typeof due>> {
    let ms = 0;
    let now: Partial<CaptureSeen> = {};
    const readCapture = async (): Promise<CaptureSeen[]> => [{...seen, lagSeconds: 30, ...change, ...now}];
    const probe = captureProbe({everyMs: 1, steady: () => ms, readCapture});
    let body = await probe.read();
    for (const worker of [1, 2, 3, 4]) {
      for (let reading = 0; reading < readings; reading += 1) {
        ms += 5000;
        now = {workerPid: worker, errors: errors(worker - 1)};
        body = await probe.read();
      }
      if (worker === 4) break;
      ms += 5000;
      now = {workerPid: null, state: 'down', errors: errors(worker)};
      body = await probe.read();
    }
    return due(1, [
      {at: at(1), ...body},
      {at: at(1), probe: 'figures', of: 'guard', server: 'target', figures: guards},
    ]);
  }

  test('without an error, and lasts as long as a time-out lets it, is cut off by that', async () => {
    expect(idsOf(await begun(10, () => 0))).toEqual(['cdc.loop:lh_01 critical']);
  });

  /** The alarms behind workers that were each seen once, half a second apart, without an error; `between` is how the slot is seen in between, where anybody sees it. */
  async function soon(workers: number, between: CaptureSeen['state'] | null): Promise<string[]> {
    let ms = 0;
    let now: Partial<CaptureSeen> = {};
    const readCapture = async (): Promise<CaptureSeen[]> => [{...seen, lagSeconds: 30, errors: 0, ...now}];
    const probe = captureProbe({everyMs: 1, steady: () => ms, readCapture});
    let body = await probe.read();
    for (let worker = 1; worker <= workers; worker += 1) {
      ms += 500;
      now = {workerPid: worker};
      body = await probe.read();
      if (worker === workers || between === null) continue;
      ms += 500;
      now = {workerPid: null, state: between};
      body = await probe.read();
    }
    return idsOf(
      due(1, [
        {at: at(1), ...body},
        {at: at(1), probe: 'figures', of: 'guard', server: 'target', figures: limits},
      ]),
    );
  }

  test('because somebody stops it and lets it go on, twice within moments, is no alarm, whoever has seen it stopped', async () => {
    expect(await soon(3, null)).toEqual([]);
    expect(await soon(3, 'down')).toEqual([]);
    expect(await soon(3, 'stopped')).toEqual([]);
    expect(await soon(9, 'stopped')).toEqual([]);
  });

  test('so often that nobody would stop it as often is cut off, also where none was seen to last', async () => {
    expect(await soon(6, null)).toEqual(['cdc.loop:lh_01 critical']);
  });

  test('and lasts as long as a time-out lets it is cut off by that, though the server counts it as an error, or counts nothing', async () => {
    const [alarm] = await begun(10, (worker) => worker);
    expect(alarm?.id).toBe('cdc.loop:lh_01');
    expect(alarm?.seen).toContain('as long as a time-out lets it');
    expect(alarm?.remedy).toContain('nothing is to be skipped');
    expect(idsOf(await begun(10, () => null))).toEqual(['cdc.loop:lh_01 critical']);
  });

  test('was cut off by what a time-out was before it was raised a moment ago, and no skip is offered for it', async () => {
    const raised = [
      figure('wal_sender_timeout', 'server source', 1800),
      figure('wal_receiver_timeout', 'server target', 1800),
    ];
    const before = [...raised, figure('wal_sender_timeout_before', 'server source', 60)];
    expect(idsOf(await begun(10, (worker) => worker, {}, before))).toEqual(['cdc.loop:lh_01 critical']);
    expect(idsOf(await begun(10, (worker) => worker, {}, raised))).toEqual(['cdc.down:lh_01 critical']);
  });

  test('and ends soon has met an error, also where errors are not counted, and is down', async () => {
    expect(idsOf(await begun(2, (worker) => worker))).toEqual(['cdc.down:lh_01 critical']);
    expect(idsOf(await begun(2, () => null))).toEqual(['cdc.down:lh_01 critical']);
  });

  /** The alarms once workers were there one after the other for so many seconds, each but the last of which has ended with an error. */
  async function lasted(...seconds: readonly number[]): Promise<string[]> {
    let ms = 0;
    let now: Partial<CaptureSeen> = {};
    const readCapture = async (): Promise<CaptureSeen[]> => [{...seen, lagSeconds: 30, ...now}];
    const probe = captureProbe({everyMs: 1, steady: () => ms, readCapture});
    let body = await probe.read();
    for (const [ended, length] of seconds.entries()) {
      if (ended > 0) {
        now = {workerPid: null, state: 'down', errors: ended};
        await probe.read();
      }
      now = {workerPid: ended + 1, errors: ended};
      for (const end = ms + length * 1000; ms < end; ms += 5000) body = await probe.read();
      body = await probe.read();
    }
    return idsOf(
      due(1, [
        {at: at(1), ...body},
        {at: at(1), probe: 'figures', of: 'guard', server: 'target', figures: limits},
      ]),
    );
  }

  test.each<[string, readonly number[], string[]]>([
    ['waited once and then errs at once is down', [40, 5, 5, 5, 5, 5], ['cdc.down:lh_01 critical']],
    ['waits now and then, and errs at once else, is down', [5, 5, 40, 5], ['cdc.down:lh_01 critical']],
    ['erred once and is then cut off again and again is in a loop', [5, 50, 50, 5], ['cdc.loop:lh_01 critical']],
    [
      'is cut off again and again, and then lasts not much longer, is in a loop',
      [50, 50, 95],
      ['cdc.loop:lh_01 critical'],
    ],
    ['was cut off again and again, and then lasts longer by far, is no alarm', [50, 50, 110], []],
    ['has erred again and again, and then lasts, is no alarm', [5, 5, 5, 70], []],
  ])('and %s', async (_, seconds, expected) => {
    expect(await lasted(...seconds)).toEqual(expected);
  });

  test('is none where there is only one: of it no errors are told, also where errors are not counted', async () => {
    const one: CaptureSeen = {...seen, lagSeconds: 30, workerPid: 1, errors: null};
    const probe = captureProbe({everyMs: 1, steady: () => 0, readCapture: async () => [one]});
    await probe.read();
    const body = await probe.read();
    const names = body.probe === 'figures' ? body.figures.map(({name}) => name) : [];
    expect(names).toContain('errors');
    expect(names).not.toContain('worker_errors');
  });

  test('is no alarm where it applies meanwhile', async () => {
    let applied = 0;
    let ms = 0;
    const readCapture = async (): Promise<CaptureSeen[]> => {
      applied += 1;
      return [{...seen, lagSeconds: 30, workerPid: applied, appliedLsn: `0/${applied}00` as Lsn}];
    };
    const probe = captureProbe({everyMs: 1, steady: () => ms, readCapture});
    for (; ms < 100_000; ms += 5000) await probe.read();
    expect(due(1, [{at: at(1), ...(await probe.read())}])).toEqual([]);
  });
});
