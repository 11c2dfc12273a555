import {describe, expect, test} from 'vitest';
import type {Lsn} from '../../../src/domain/pg/lsn.ts';
import type {CaptureSeen} from '../../../src/probes/watch/watch-context.ts';
import {captureProbe} from '../../../src/probes/watched/capture.ts';
import {at, due, idsOf} from './observed.ts';

/** Of a target that tells when its worker has heard of the source last. */
const seen: CaptureSeen = {
  slot: 'lh_01',
  state: 'running',
  waitsFor: [],
  workerPid: 4711,
  appliedLsn: '0/100' as Lsn,
  receivedLsn: '0/100' as Lsn,
  confirmedLsn: '0/100' as Lsn,
  lagBytes: 1,
  lagSeconds: 0,
  errors: 0,
  sentinels: {source: 3, target: 3},
};

/** The alarms after readings five seconds apart, of a worker that was stopped at second 0 and so is at each second. */
async function after(
  seconds: number,
  change: (second: number) => Partial<CaptureSeen>,
): Promise<ReturnType<typeof due>> {
  let ms = 0;
  const probe = captureProbe({
    everyMs: 1,
    steady: () => ms,
    // The next sentinel is written after half a minute.
    readCapture: async () => [{...seen, lagSeconds: Math.max(0, ms / 1000 - 30), ...change(ms / 1000)}],
  });
  let body = await probe.read();
  for (; ms < seconds * 1000; body = await probe.read()) ms += 5000;
  return due(1, [{at: at(1), ...body}]);
}

const blocked = (second: number): Partial<CaptureSeen> => ({state: 'blocked', waitsFor: [8], heardSeconds: second});
const stopped = (second: number): Partial<CaptureSeen> => ({heardSeconds: second});

describe('a worker that is there and does nothing', () => {
  test('is told once a sentinel has waited for a minute and nothing has moved, with its pid and what begins it anew', async () => {
    expect(await after(90, stopped)).toEqual([]);
    const alarms = await after(95, stopped);
    expect(idsOf(alarms)).toEqual(['cdc.hung:lh_01 warning']);
    expect(alarms[0]?.seen).toMatch(
      /^nothing of it has moved for 1:00, .* waited for 1:05; its worker, pid 4711 on the target, is there/,
    );
    expect(alarms[0]?.remedy).toContain('kill -CONT 4711');
    expect(alarms[0]?.remedy).toMatch(/on the target, as superuser: SELECT pg_terminate_backend\(4711\)$/);
    // And goes on to be that, however late the sentinel is by then.
    expect(idsOf(await after(600, stopped))).toEqual(['cdc.hung:lh_01 warning']);
  });

  test.each<[string, (second: number) => Partial<CaptureSeen>]>([
    ['where nothing waits for it', () => ({lagSeconds: 0, heardSeconds: 200})],
    ['where it applies', (second) => ({heardSeconds: 200, appliedLsn: `0/${second}` as Lsn})],
    ['where it receives', (second) => ({heardSeconds: 200, receivedLsn: `0/${second}` as Lsn})],
    ['where the slot moves', (second) => ({heardSeconds: 200, confirmedLsn: `0/${second}` as Lsn})],
    ['where sentinels come', (second) => ({heardSeconds: 200, sentinels: {source: second, target: second}})],
    ['where it is another worker each time', (second) => ({heardSeconds: 200, workerPid: second + 1, errors: 0})],
    ['where it hears of the source: a large transaction, or one that is decoded', () => ({heardSeconds: 3})],
  ])('is no alarm %s', async (_, change) => {
    expect(idsOf(await after(300, change)).filter((id) => id.startsWith('cdc.hung'))).toEqual([]);
  });

  test('is waited for twice as long where the target does not tell what it hears, for a large transaction stands still as well', async () => {
    expect(await after(150, () => ({}))).toEqual([]);
    expect(idsOf(await after(155, () => ({})))).toEqual(['cdc.hung:lh_01 warning']);
  });

  test('has no pid where it is no process of the target', async () => {
    const [alarm] = await after(155, () => ({workerPid: null}));
    expect(alarm?.seen).toContain('what applies it is connected');
    expect(alarm?.remedy).not.toContain('pg_terminate_backend');
  });

  test('that waits for a lock is told as that', async () => {
    expect(idsOf(await after(200, blocked))).toEqual(['cdc.blocked:lh_01 warning']);
  });
});
