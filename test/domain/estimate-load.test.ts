import {describe, expect, test} from 'vitest';
import {estimateLoad, loadedBytes, withLoaded} from '../../src/domain/estimate-load.ts';
import type {Sample} from '../../src/domain/growth.ts';
import type {UnitReading} from '../../src/domain/reading.ts';
import type {UnitState, UnitStatus} from '../../src/domain/run-state.ts';

const GB = 1024 ** 3;
const unit = (id: string, gigabytes: number, state: UnitStatus): UnitState => ({
  id,
  kind: 'table',
  tables: [],
  bytes: gigabytes * GB,
  state,
});
const queued: UnitStatus = {status: 'queued', attempts: 0};
const running: UnitStatus = {status: 'running', attempt: 1, tries: 1, lane: 1, folder: '', startedAt: '', paused: null};
const committed = (piped: number, tookMs: number): UnitStatus => ({
  status: 'committed',
  attempt: 1,
  rows: 1,
  bytes: piped * GB,
  tookMs,
  endedAt: '',
});
const reading = (id: string, gigabytes: number): UnitReading => ({
  unit: id,
  bytes: gigabytes * GB,
  bytesPerSecond: null,
  rows: null,
  lastLine: null,
});
/** Loaded bytes over ten minutes at so many GB a minute. */
const steadily = (perMinute: number): Sample[] =>
  Array.from({length: 61}, (_, n) => ({atMs: n * 10_000, value: (n / 6) * perMinute * GB}));

describe('what is loaded', () => {
  test('is counted in bytes of the source; text in the pipe is calibrated by the units that are in', () => {
    const units = [unit('a', 10, committed(20, 1)), unit('b', 10, running), unit('c', 10, queued)];
    expect(loadedBytes(units, [reading('b', 8)]) / GB).toBe(14);
    // Before the first is in, a byte of the pipe is taken for a byte of the heap.
    expect(loadedBytes(units.slice(1), [reading('b', 8)]) / GB).toBe(8);
  });

  test('is never more than the unit has, nor counted for a failed one', () => {
    expect(loadedBytes([unit('a', 10, running)], [reading('a', 99)]) / GB).toBe(10);
    const failed: UnitStatus = {
      status: 'failed',
      attempt: 1,
      tries: 1,
      failure: {cause: 'consumer', message: '', remedy: '', table: null, sqlstate: null, heals: true},
      failedAt: '',
      retryAt: null,
    };
    expect(loadedBytes([unit('a', 10, failed)], [reading('a', 5)])).toBe(0);
  });

  test('begins anew when a unit was rolled back', () => {
    expect(withLoaded(steadily(1), {atMs: 700_000, value: 1})).toEqual([{atMs: 700_000, value: 1}]);
  });
});

describe('the load’s end', () => {
  test('is what is left at the rate of the windows', () => {
    const eta = estimateLoad([unit('a', 30, running)], steadily(1), null);
    expect(eta?.bytesLeft).toBe(20 * GB);
    expect(eta?.loadMinutes).toBeCloseTo(20, 5);
    expect(eta?.latest).toBeCloseTo(20, 5);
    expect(eta?.indexMinutes).toBeNull();
  });

  test('counts on the index phase only where an earlier attempt has shown it', () => {
    const eta = estimateLoad([unit('a', 30, running)], steadily(1), {loadMs: 60, indexMs: 30});
    // The whole load takes 30 minutes at this rate; the indexes took half as long as the load.
    expect(eta?.indexMinutes).toBeCloseTo(15, 5);
  });

  test('is foretold from the units that are in while nothing has been measured', () => {
    const eta = estimateLoad(
      [unit('a', 10, committed(10, 600_000)), unit('b', 5, queued)],
      [{atMs: 0, value: 10 * GB}],
      null,
    );
    expect(eta?.loadMinutes).toBeCloseTo(5, 5);
  });

  test('is not known before that, and not asked without a load', () => {
    expect(estimateLoad([unit('a', 10, running)], [], null)).toMatchObject({
      bytesLeft: 10 * GB,
      loadMinutes: null,
      latest: null,
    });
    expect(estimateLoad([], [], null)).toBeNull();
  });

  test('is now, when everything is in', () => {
    expect(estimateLoad([unit('a', 10, committed(10, 1))], [{atMs: 0, value: 10 * GB}], null)?.loadMinutes).toBe(0);
  });
});
