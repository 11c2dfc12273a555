import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import type {UnitState} from '../../src/domain/run/run-state.ts';
import {diskCurves, etaCurves, walRateCurve} from '../../src/report/measured/curves.ts';
import {diskSeries, judgeDisks} from '../../src/report/measured/disk-forecast.ts';
import {endForecasts, judgeLoads} from '../../src/report/measured/load-forecast.ts';
import {loadedTables, slowestOf} from '../../src/report/measured/loaded-tables.ts';
import {forecastLines, tableLines} from '../../src/report/measured/measured-sections.ts';
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
    expect(kept.filter(([ms]) => ms < 700 * 600_000).length).toBeGreaterThan(400);
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

describe('WAL that the source writes', () => {
  const slots = (minute: number, lsn: string): Reading => ({
    at: at(minute),
    probe: 'slots',
    currentLsn: parseLsn(lsn),
    slots: [],
  });

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
      ['as forecast 5:00 before', 'forecast'],
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
      'Of 56 moments that were forecast 5:00 before, 56 had no less free than the least that was said; usually 2.5 GB less than what was likely',
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

describe("the load's end", () => {
  const eta = (minute: number, loadMinutes: number | null, compareMinutes: number | null = 10): Reading => ({
    at: at(minute),
    probe: 'eta',
    eta: {
      bytesLeft: 1,
      bytesTotal: 2,
      bytesPerSecond: 1,
      loadMinutes,
      why: '',
      soonest: null,
      latest: null,
      indexMinutes: 20,
      compareMinutes,
    },
  });
  const planned = (boundary: string): RunEvent => ({
    type: 'load.planned',
    boundary: parseLsn(boundary),
    units: [],
    lanes: 2,
  });
  const done = (step: 'full-load' | 'compare-rows'): RunEvent => ({
    type: 'step.done',
    step,
    evidence: {},
    already: false,
  });
  const journalOf = (...events: readonly (readonly [minute: number, event: RunEvent])[]): JournalEntry[] =>
    events.map(([minute, event], n) => ({...event, seq: n + 1, at: at(minute)}));
  /** The first load was given up; the second took 100 minutes, and all of it 160. */
  const JOURNAL = journalOf(
    [0, planned('0/1')],
    [50, planned('0/2')],
    [150, done('full-load')],
    [210, done('compare-rows')],
    [999, {type: 'run.done'}],
  );

  test('is held beside the load that went on then: not beside a later one, nor the end of what comes after the comparison', () => {
    const [given, told, indexing, late] = endForecasts([eta(10, 30), eta(60, 120), eta(170, 0), eta(300, 0)], JOURNAL);
    expect(given).toMatchObject({load: 30, loadTook: null, whole: 60, wholeTook: null});
    expect(told).toMatchObject({load: 120, loadTook: 90, whole: 150, wholeTook: 150});
    expect(indexing).toMatchObject({load: null, loadTook: null, whole: 30, wholeTook: 40});
    expect(late).toMatchObject({load: null, whole: null, wholeTook: null});
  });

  test('is drawn, the load by itself where what comes after it is not known; nothing where nothing was said', () => {
    const names = (...readings: Reading[]): string[] =>
      etaCurves(endForecasts(readings, JOURNAL)).map(({name}) => name);
    expect(names(eta(60, 120))).toEqual([
      'load, forecast',
      'load, as it came',
      'everything, forecast',
      'everything, as it came',
    ]);
    expect(names(eta(60, 120, null))).toEqual(['load, forecast', 'load, as it came']);
    expect(names(eta(10, 30, null))).toEqual(['load, forecast']);
    expect(names(eta(60, null))).toEqual([]);
  });

  test('is told at a tenth, a quarter, a half of the load, with what it took', () => {
    const readings = Array.from({length: 101}, (_, n) => eta(50 + n, (100 - n) * 1.2));
    const judged = judgeLoads(endForecasts(readings, JOURNAL));
    expect(judged.map(({share, saidMinutes, tookMinutes}) => [share, Math.round(saidMinutes), tookMinutes])).toEqual([
      [0.1, 108, 90],
      [0.25, 90, 75],
      [0.5, 60, 50],
      [0.75, 30, 25],
      [0.9, 12, 10],
    ]);
    expect(forecastLines({load: judged, disks: []}).join('\n')).toContain('| 10 % | 1.8 h | ? to ? | 1.5 h | +20 % |');
    expect(judgeLoads(endForecasts(readings, JOURNAL.slice(0, 2)))).toEqual([]);
  });
});

describe('the tables of the load', () => {
  const unit = (id: string, table: string | null, bytes: number, minutes: number): UnitState => ({
    id,
    kind: 'table',
    tables: table === null ? ['a', 'b'].map((name) => ({schema: 'public', name})) : [{schema: 'public', name: table}],
    bytes,
    state: {status: 'committed', attempt: 1, rows: 10, bytes, tookMs: minutes * MINUTE, endedAt: at(0)},
  });
  const UNITS = [
    unit('01-events.pages-0-9', 'events', 3 * GB, 10),
    unit('01-events.pages-9-on', 'events', 3 * GB, 20),
    unit('rest', null, GB, 60),
    {...unit('09-late', 'late', 99 * GB, 1), state: {status: 'queued', attempts: 0}} satisfies UnitState,
  ];

  test('are told with all of their parts together, the largest first, with the rate of a lane', () => {
    const tables = loadedTables(UNITS);
    expect(tables.map(({name, units, bytes, rows, tookMs}) => [name, units, bytes, rows, tookMs])).toEqual([
      ['public.events', 2, 6 * GB, 20, 30 * MINUTE],
      ['rest (2 tables)', 1, GB, 10, 60 * MINUTE],
    ]);
    expect(slowestOf(tables, 1).map(({name}) => name)).toEqual(['rest (2 tables)']);
    expect(tableLines(tables)).toContain('| public.events | 6.0 GB | 20 | 30:00 | 3.4 MB/s | 2 |');
  });

  test('are in the Markdown where they are among the largest or the slowest, and in the JSON all of them', () => {
    const many = Array.from({length: 200}, (_, n) => unit(`u${n}`, `t${n}`, (n + 1) * GB, 500 - n));
    const lines = tableLines(loadedTables(many));
    expect(lines.filter((line) => line.startsWith('| public.'))).toHaveLength(50);
    expect(lines.at(-1)).toContain('And 150 smaller and quicker ones');
    expect(tableLines([])).toEqual([]);
  });
});
