import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import type {Reading, SlotReading} from '../../src/domain/reading/reading.ts';
import {diskCurves, walCurves, walRateCurve} from '../../src/report/measured/curves.ts';
import {diskSeries, judgeDisks} from '../../src/report/measured/disk-forecast.ts';
import {forecastLines} from '../../src/report/measured/measured-sections.ts';
import {thin, type Point} from '../../src/report/measured/series.ts';

const BEGUN = Date.parse('2026-11-24T04:00:00.000Z');
const MINUTE = 60_000;
const at = (minute: number): string => new Date(BEGUN + minute * MINUTE).toISOString();
const GB = 1024 ** 3;

describe('a series over days', () => {
  test('keeps its peaks, and days are as wide as they were however few of their readings are left', () => {
    const days = Array.from({length: 700}, (_, n): Point => [n * 600_000, n === 40 ? 9000 : 5]);
    const lastHour = Array.from({length: 7000}, (_, n): Point => [700 * 600_000 + n * 500, n === 3000 ? -7 : 5]);
    const kept = thin([...days, ...lastHour]);
    expect(kept.length).toBeLessThanOrEqual(900);
    expect(kept).toContainEqual([40 * 600_000, 9000]);
    expect(kept.map(([, value]) => value)).toContain(-7);
    expect(kept.filter(([ms]) => ms < 700 * 600_000).length).toBeGreaterThan(250);
    expect(kept.map(([ms]) => ms)).toEqual(kept.map(([ms]) => ms).toSorted((a, b) => a - b));
  });

  test('is broken where nothing was known, and as it is where it is short', () => {
    const points: Point[] = [
      [1, 1],
      [2, null],
      [3, 3],
    ];
    expect(thin(points)).toEqual(points);
    const long = Array.from({length: 3000}, (_, n): Point => [n, n === 1500 ? null : 1]);
    expect(thin(long)).toContainEqual([1500, null]);
    expect(thin([])).toEqual([]);
  });
});

const slots = (minute: number, lsn: string): Reading => ({
  at: at(minute),
  probe: 'slots',
  currentLsn: parseLsn(lsn),
  slots: [],
});

const slot = (n: number): SlotReading => ({
  name: `s${n}`,
  kind: 'logical',
  plugin: null,
  database: null,
  active: false,
  ours: true,
  restartLsn: null,
  confirmedFlushLsn: null,
  retainedBytes: n,
  walStatus: null,
  safeWalBytes: null,
  invalidationReason: null,
});

test('of many slots those are drawn that kept most', () => {
  const reading: Reading = {
    at: at(0),
    probe: 'slots',
    currentLsn: parseLsn('0/1'),
    slots: Array.from({length: 50}, (_, n) => slot(n)),
  };
  expect(walCurves([reading]).map(({name}) => name)).toEqual(['s44', 's45', 's46', 's47', 's48', 's49']);
});

describe('WAL that the source writes', () => {
  test('is the mean between two readings, so that thinned ones tell it as exactly; none where the WAL ends elsewhere', () => {
    const [curve] = walRateCurve([slots(0, '0/0'), slots(10, '0/2580000'), slots(11, '0/2580000'), slots(12, '0/100')]);
    expect(curve?.points.map(([ms, rate]) => [(ms - BEGUN) / MINUTE, rate])).toEqual([
      [5, 0x2580000 / 600],
      [10.5, 0],
      [11.5, null],
    ]);
    expect(walRateCurve([slots(0, '0/0')])).toEqual([]);
    expect(walRateCurve([])).toEqual([]);
  });
});

/** A disk that loses a gigabyte a minute for an hour, of which it was said that it loses half of that, and at most two. */
function shrinking(): Reading[] {
  return Array.from({length: 61}, (_, minute): Reading[] => {
    const freeBytes = (200 - minute) * GB;
    const full = freeBytes / GB;
    return [
      {at: at(minute), probe: 'disk', server: 'source', disk: {totalBytes: 300 * GB, freeBytes, from: 'command'}},
      {
        at: at(minute),
        probe: 'runway',
        server: 'source',
        why: '',
        runway: {minutes: full * 2, soonest: full / 2, latest: null, bytesPerSecond: GB / 120, freeBytes},
      },
    ];
  }).flat();
}

describe("a disk's free space", () => {
  test('has beside it what had been forecast for each moment, so long before as fits eight times in what was watched', () => {
    const [series] = diskSeries(shrinking());
    if (series === undefined) throw new Error('bug: it was known');
    expect(series.aheadMs).toBe(5 * MINUTE);
    // At the beginning 200 GB were free: five minutes later 197.5 were likely, 190 at the least, 200 at the most; 195 came.
    expect([series.likely[0], series.least[0], series.most[0]]).toEqual(
      [197.5, 190, 200].map((gb) => [BEGUN + 5 * MINUTE, gb * GB]),
    );
    expect(diskCurves(series).map(({name, as}) => [name, as])).toEqual([
      ['free', undefined],
      ['as forecast 5 min before', 'forecast'],
      ['at the least', 'range'],
      ['at the most', 'range'],
    ]);
    const [judged] = judgeDisks([series]);
    expect(judged).toMatchObject({
      leastFreeBytes: 140 * GB,
      leastFreeAt: at(60),
      compared: 56,
      held: 56,
      offBytes: -2.5 * GB,
    });
    expect(forecastLines({load: [], disks: judged === undefined ? [] : [judged]})[0]).toContain(
      'Of 56 moments that were forecast 5 min before, 56 had no less free than the least that was said; usually 2.5 GB less than what was likely',
    );
  });

  test('that fell below the least that was said is counted', () => {
    const fell = shrinking().map((one): Reading =>
      one.probe === 'disk' && Date.parse(one.at) >= BEGUN + 50 * MINUTE
        ? {...one, disk: {...one.disk, freeBytes: GB}}
        : one,
    );
    expect(judgeDisks(diskSeries(fell))[0]).toMatchObject({compared: 56, held: 45, leastFreeBytes: GB});
  });

  test('that does not grow is said to stay; one that nobody knows has no chart', () => {
    const still = shrinking().map((one): Reading =>
      one.probe === 'runway' ? {...one, runway: null, why: 'it does not grow'} : one,
    );
    expect(diskSeries(still)[0]?.likely[0]).toEqual([BEGUN + 5 * MINUTE, 200 * GB]);
    const measured = shrinking().map((one): Reading =>
      one.probe === 'runway' ? {...one, runway: null, why: 'growth is being measured'} : one,
    );
    const [series] = diskSeries(measured);
    expect(series === undefined ? [] : diskCurves(series).map(({name}) => name)).toEqual(['free']);
    expect(judgeDisks(diskSeries(measured))[0]).toMatchObject({compared: 0, offBytes: null});
    const unknown: Reading = {
      at: at(0),
      probe: 'disk',
      server: 'target',
      disk: {totalBytes: null, freeBytes: null, from: 'not configured'},
    };
    expect(diskSeries([unknown])).toEqual([]);
  });
});
