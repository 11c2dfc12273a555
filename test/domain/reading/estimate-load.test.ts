import {describe, expect, test} from 'vitest';
import {
  estimateLoad,
  loadedBytes,
  unitProgress,
  type LoadSeen,
  withLoaded,
} from '../../../src/domain/reading/estimate-load.ts';
import type {Sample} from '../../../src/domain/reading/growth.ts';
import type {UnitReading} from '../../../src/domain/reading/reading.ts';
import type {UnitState, UnitStatus} from '../../../src/domain/run/run-state.ts';

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
const failed = (retryAt: string | null): UnitStatus => ({
  status: 'failed',
  attempt: 1,
  tries: 1,
  failure: {cause: 'consumer', message: '', remedy: '', table: null, sqlstate: null, heals: true},
  failedAt: '',
  retryAt,
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

const seen = (what: Partial<LoadSeen>): LoadSeen => ({
  units: [],
  held: false,
  lost: false,
  readings: [],
  loaded: [],
  past: null,
  ...what,
});

describe('what is loaded', () => {
  test('is the same for a lane as for the load: text in the pipe is calibrated for both, and so is its pace', () => {
    const units = [unit('a', 10, committed(20, 1)), unit('b', 10, running)];
    const [, lane = units[0]] = units;
    const carried = {...reading('b', 8), bytesPerSecond: GB / 30};
    if (lane === undefined) throw new Error('no lane');
    const {loadedBytes: bytes, minutes} = unitProgress(lane, carried, units);
    expect(bytes / GB).toBe(4);
    expect(minutes).toBeCloseTo(6, 5);
  });

  test('is counted in bytes of the source; text in the pipe is calibrated by the units that are in', () => {
    const units = [unit('a', 10, committed(20, 1)), unit('b', 10, running), unit('c', 10, queued)];
    expect(loadedBytes(units, [reading('b', 8)]) / GB).toBe(14);
    // Before the first is in, a byte of the pipe is taken for a byte of the heap.
    expect(loadedBytes(units.slice(1), [reading('b', 8)]) / GB).toBe(8);
  });

  test('is never more than the unit has, nor counted for a failed one', () => {
    // Nor all of it before it is committed.
    expect(loadedBytes([unit('a', 10, running)], [reading('a', 99)]) / GB).toBe(9.9);
    expect(loadedBytes([unit('a', 10, failed(null))], [reading('a', 5)])).toBe(0);
  });

  test('does not run backwards for a small unit that is in, nor for large objects', () => {
    const units = [unit('a', 100, running), unit('b', 1, committed(3, 1000))];
    expect(loadedBytes(units, [reading('a', 40)]) / GB).toBe(41);
    const objects = {...unit('lo', 50, committed(200, 1000)), kind: 'large-objects' as const};
    expect(loadedBytes([unit('a', 100, running), objects], [reading('a', 40)]) / GB).toBe(90);
  });

  test('keeps its pace when a unit was rolled back', () => {
    const before = withLoaded(steadily(1), {atMs: 610_000, value: 5 * GB});
    expect(before.at(-1)).toEqual({atMs: 610_000, value: 5 * GB});
    expect(
      estimateLoad(seen({units: [unit('a', 30, running)], readings: [reading('a', 1)], loaded: before}))?.loadMinutes,
    ).toBeCloseTo(25, 0);
  });
});

describe('the load’s end', () => {
  test('is not foretold while no process of any running unit is seen', () => {
    const eta = estimateLoad(seen({units: [unit('a', 30, running)], loaded: steadily(1)}));
    expect(eta).toMatchObject({loadMinutes: null, why: 'being measured'});
  });

  test('is what is left at the rate of the windows', () => {
    const eta = estimateLoad(seen({units: [unit('a', 30, running)], readings: [reading('a', 1)], loaded: steadily(1)}));
    expect(eta?.bytesLeft).toBe(20 * GB);
    expect(eta?.loadMinutes).toBeCloseTo(20, 5);
    expect(eta?.latest).toBeCloseTo(20, 5);
    expect(eta?.indexMinutes).toBeNull();
  });

  test('counts on the index phase only where an earlier attempt has shown it', () => {
    const eta = estimateLoad(
      seen({units: [unit('a', 30, running)], loaded: steadily(1), past: {indexMs: 900_000, compareMs: 60_000}}),
    );
    // The same tables get the same indexes, whatever the pace of their rows.
    expect(eta?.indexMinutes).toBe(15);
    expect(eta?.compareMinutes).toBe(1);
  });

  test('is foretold from the units that are in while nothing has been measured', () => {
    const eta = estimateLoad(
      seen({
        units: [unit('a', 10, committed(10, 600_000)), unit('b', 5, queued)],
        loaded: [{atMs: 0, value: 10 * GB}],
      }),
    );
    expect(eta?.loadMinutes).toBeCloseTo(5, 5);
  });

  test('is what the lanes carry just now while the series is short', () => {
    const units = [unit('a', 10, running), unit('b', 5, queued)];
    const readings = [{...reading('a', 5), bytesPerSecond: GB / 60}];
    const eta = estimateLoad(seen({units, readings, loaded: [{atMs: 0, value: 5 * GB}]}));
    expect(eta?.loadMinutes).toBeCloseTo(10, 5);
  });

  test('is not known before that, and not asked without a load', () => {
    expect(estimateLoad(seen({units: [unit('a', 10, running)]}))).toMatchObject({
      bytesLeft: 10 * GB,
      loadMinutes: null,
      latest: null,
      why: 'being measured',
    });
    expect(estimateLoad(seen({}))).toBeNull();
  });

  test('is not foretold from a small unit that is in, nor while one lane shows no pace', () => {
    const quick = unit('a', 1, committed(1, 1000));
    const loaded = [{atMs: 0, value: GB}];
    expect(estimateLoad(seen({units: [quick, unit('b', 100, running)], loaded}))).toMatchObject({
      loadMinutes: null,
      why: 'being measured',
    });
    const units = [unit('a', 30, running), unit('b', 30, running)];
    const readings = [
      {...reading('a', 10), bytesPerSecond: GB},
      {...reading('b', 10), bytesPerSecond: 0},
    ];
    expect(estimateLoad(seen({units, readings, loaded: steadily(1)}))).toMatchObject({
      loadMinutes: null,
      why: 'being measured',
    });
  });

  const paused: UnitStatus = {...running, paused: {since: '', by: 'ana'}};
  const still = {...reading('a', 10), bytesPerSecond: 0};
  test.each<[string, Partial<LoadSeen>]>([
    ['lanes paused', {units: [unit('a', 30, paused), unit('b', 30, queued)]}],
    ['lanes paused', {units: [unit('a', 30, paused), unit('b', 30, running)]}],
    ['held', {units: [unit('a', 30, failed('2026-11-24T00:00:00Z'))], held: true}],
    ['P is lost', {units: [unit('a', 30, failed('2026-11-24T00:00:00Z'))], lost: true}],
    [
      'failed, waits for R',
      {units: [unit('a', 30, failed(null)), unit('b', 30, running)], readings: [reading('b', 1)]},
    ],
    ['a lane failed', {units: [unit('a', 30, failed('2026-11-24T00:00:00Z')), unit('b', 30, running)]}],
    ['failed, waits for R', {units: [unit('a', 30, failed(null)), unit('b', 30, committed(30, 1))]}],
    ['held', {units: [unit('a', 30, queued), unit('b', 30, committed(30, 1))], held: true}],
    ['nothing runs', {units: [unit('a', 30, queued)]}],
    ['stalled', {units: [unit('a', 30, running)], readings: [still]}],
  ])('is not foretold from old figures: %s', (why, what) => {
    expect(estimateLoad(seen({loaded: steadily(1), ...what}))).toMatchObject({why, loadMinutes: null, latest: null});
  });

  test('is never before the largest table’s own lane can be there', () => {
    const units = [unit('a', 100, running), unit('b', 1, running)];
    const slow = {...reading('a', 10), bytesPerSecond: GB / 60};
    expect(estimateLoad(seen({units, loaded: steadily(10), readings: [slow]}))?.loadMinutes).toBeCloseTo(90, 5);
  });

  test('is now, when everything is in', () => {
    expect(
      estimateLoad(seen({units: [unit('a', 10, committed(10, 1))], loaded: [{atMs: 0, value: 10 * GB}]}))?.loadMinutes,
    ).toBe(0);
  });
});
