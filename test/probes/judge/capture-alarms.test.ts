import {describe, expect, test} from 'vitest';
import type {Lsn} from '../../../src/domain/pg/lsn.ts';
import type {CaptureSeen} from '../../../src/probes/watch/watch-context.ts';
import {captureProbe} from '../../../src/probes/watched/capture.ts';
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
    ['is disabled', {state: 'stopped'}, [], ['cdc.stopped:lh_01 critical']],
    ['waits for somebody’s lock', {state: 'blocked', waitsFor: [8], lagSeconds: 21}, [], ['cdc.blocked:lh_01 warning']],
    ['waits for a moment', {state: 'blocked', waitsFor: [8], lagSeconds: 1}, [], []],
    ['is late', {lagSeconds: 301}, [], ['cdc.late:lh_01 warning']],
    ['has lost a sentinel', {sentinels: {source: 3, target: 2}}, [], ['cdc.sentinels:lh_01 critical']],
    ['has a sentinel of somebody else', {sentinels: {source: 3, target: 4}}, [], ['cdc.sentinels:lh_01 critical']],
  ])('%s', async (_, change, seconds, expected) => {
    expect(idsOf(await alarms(change, ...seconds))).toEqual(expected);
  });

  test('is told with how often applying failed, and with what mends it', async () => {
    const [alarm] = await alarms({state: 'down', errors: 4}, 25);
    expect(alarm?.seen).toContain('applying has failed 4 times');
    expect(alarm?.remedy).toContain('longhaul cdc skip lh_01 shows it first');
  });
});
