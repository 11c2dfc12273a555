import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import {etaCurves} from '../../src/report/measured/curves.ts';
import {endForecasts, judgeLoads} from '../../src/report/measured/load-forecast.ts';
import {forecastLines} from '../../src/report/measured/measured-sections.ts';

const BEGUN = Date.parse('2026-11-24T04:00:00.000Z');
const MINUTE = 60_000;
const at = (minute: number): string => new Date(BEGUN + minute * MINUTE).toISOString();

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

const names = (...readings: Reading[]): string[] => etaCurves(endForecasts(readings, JOURNAL)).map(({name}) => name);

describe("the load's end", () => {
  test('is held beside the load that went on then: not beside a later one, nor the end of what comes after the comparison', () => {
    const [given, told, indexing, late] = endForecasts([eta(10, 30), eta(60, 120), eta(170, 0), eta(300, 0)], JOURNAL);
    expect(given).toMatchObject({load: 30, loadTook: null, whole: 60, wholeTook: null});
    expect(told).toMatchObject({load: 120, loadTook: 90, whole: 150, wholeTook: 150});
    expect(indexing).toMatchObject({load: null, loadTook: null, whole: 30, wholeTook: 40});
    expect(late).toMatchObject({load: null, whole: null, wholeTook: null});
  });

  test('is drawn, the load by itself where what comes after it is not known; nothing where nothing was said', () => {
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

  test('is that of the last unit, not that of the indexes that are built beside it; a short load tells each forecast once', () => {
    const committed: RunEvent = {type: 'unit.committed', unit: 'a', attempt: 1, rows: 1, bytes: 1, tookMs: 1};
    const journal = journalOf([0, planned('0/1')], [20, committed], [30, done('full-load')]);
    expect(endForecasts([eta(10, 12)], journal)[0]).toMatchObject({load: 12, loadTook: 10});
    expect(judgeLoads(endForecasts([eta(0, 12), eta(19, 1)], journal)).map(({tookMinutes}) => tookMinutes)).toEqual([
      1,
    ]);
  });
});
