import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
  estimateRest,
  foreseenWay,
  ratesOf,
  restMs,
  tableMs,
  USUAL,
  type RestRates,
} from '../../../../src/engine/cutover/rest/estimate/estimate.ts';
import {rateOf, timeOf, usualRate, usualTime} from '../../../../src/engine/cutover/rest/estimate/figures.ts';
import {changedOf, objectsMs} from '../../../../src/engine/cutover/rest/estimate/measure-objects.ts';
import {triedOf} from '../../../../src/engine/cutover/rest/estimate/tried.ts';
import {FACTS} from './facts.ts';

const MB = 1024 ** 2;
const RATES: RestRates = {
  openMs: 40,
  programsMs: 150,
  lanes: 50_000,
  lane: 80_000,
  target: 100_000,
  copied: 20_000,
  objectsMs: 0,
  changedMs: 0,
};
const of = (facts: Partial<typeof FACTS>, kind: 'inserts-only' | 'unlogged' = 'inserts-only') => ({
  source: {...FACTS, ...facts},
  kind,
});
const equal = (megabytes: number) => of({changed: 0, bytes: megabytes * MB});

describe('how long a table takes', () => {
  test('is a scan where nothing was changed, two and a half where little was, and a copy where more was, or nobody knows', () => {
    const scan = (10 * MB) / RATES.lane;
    expect(tableMs(of({changed: 0}), RATES)).toBeCloseTo(3 + scan);
    expect(tableMs(of({changed: 7}), RATES)).toBeCloseTo(15 + 1.5 * scan + (10 * MB) / RATES.target);
    const copy = 15 + scan + (10 * MB) / RATES.copied + (10 * MB) / RATES.target;
    for (const one of [of({changed: 1e6}), of({changed: null}), of({changed: 0}, 'unlogged')])
      expect(tableMs(one, RATES)).toBeCloseTo(copy);
    expect([of({changed: 7}), of({changed: 7, bytes: MB}), of({changed: 0})].map(foreseenWay)).toEqual([
      'difference',
      'whole',
      'equal',
    ]);
  });

  test('is tried on as many rows as are in eight megabytes with their TOAST, by their share of the buckets', () => {
    const {bytes, rows, buckets} = triedOf({bytes: 80 * MB, heapBytes: 20 * MB, rows: 1_000_000});
    expect([bytes, rows, buckets]).toEqual([8 * MB, 100_000, 2048]);
    expect(triedOf({bytes: MB, heapBytes: MB, rows: 0})).toMatchObject({bytes: MB, buckets: 4096});
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (bytesOf, heapBytes, rowsOf) => {
        const tried = triedOf({bytes: bytesOf, heapBytes, rows: rowsOf});
        expect(Number.isInteger(Math.log2(tried.buckets))).toBe(true);
        expect(tried.rows).toBeGreaterThanOrEqual(1);
        expect(tried.bytes).toBeLessThanOrEqual(8 * MB);
      }),
    );
  });
});

describe('how long all of it takes', () => {
  test('is nothing where change capture carries everything, and that of the large objects besides', () => {
    expect(restMs([], false, RATES)).toBe(0);
    expect(restMs([], true, {...RATES, objectsMs: 500, changedMs: 70})).toBe(610);
  });

  test('goes by the rate of all lanes for as long as they read beside each other, and of one behind that', () => {
    const [one, both] = [(10 * MB) / RATES.lane, (10 * MB) / RATES.lanes];
    expect(restMs([equal(10)], false, RATES)).toBeCloseTo(40 + 1.5 + one);
    expect(restMs([equal(10), equal(10)], false, RATES)).toBeCloseTo(40 + 3 + both);
    expect(restMs([equal(20), equal(10)], false, RATES)).toBeCloseTo(40 + 3 + both + one);
    expect(restMs([equal(10), equal(10), equal(10), equal(10)], false, RATES)).toBeCloseTo(40 + 6 + 2 * both);
  });

  test('has every copy after the other', () => {
    const each = 12 + (10 * MB) / RATES.copied + (10 * MB) / RATES.target;
    const both = [of({}, 'unlogged'), of({}, 'unlogged')];
    expect(restMs(both, false, RATES)).toBeCloseTo(40 + 150 + 3 + (10 * MB) / RATES.lanes + 2 * each);
  });

  test('is told with its range, which is wide where little was measured', () => {
    const tables = [of({}, 'unlogged')];
    const measured = {...USUAL, lane: rateOf(MB, [10, 12]), target: rateOf(MB, [10, 12]), openMs: timeOf([40])};
    const copied = {...measured, programsMs: timeOf([100]), copied: rateOf(MB, [30, 33])};
    const [unsure, sure] = [estimateRest(tables, false, measured), estimateRest(tables, false, copied)];
    expect(sure.highMs / sure.lowMs).toBeLessThan(2);
    expect(unsure.highMs / unsure.lowMs).toBeGreaterThan(4);
    for (const {ms, lowMs, highMs} of [sure, unsure]) {
      expect(ms).toBeGreaterThan(lowMs);
      expect(ms).toBeLessThan(highMs);
    }
    expect(restMs(tables, false, ratesOf(copied, 'likely'))).toBe(sure.ms);
  });
});

test('a figure has its best, its likely and its worst, and says whether it was measured', () => {
  expect(timeOf([40, 20, 100])).toEqual({best: 20, likely: 40, worst: 100, isMeasured: true});
  expect(rateOf(600, [20, 40])).toEqual({best: 30, likely: 20, worst: 15, isMeasured: true});
  // What took no time at all was too small to tell.
  expect(rateOf(600, [0]).best).toBe(600);
  expect([usualTime(10), usualRate(30)]).toEqual([
    {best: 5, likely: 10, worst: 30, isMeasured: false},
    {best: 60, likely: 30, worst: 10, isMeasured: false},
  ]);
});

describe('large objects', () => {
  test('are counted by their numbers once, and what they hold by its share', () => {
    expect(objectsMs({numbers: 100, whole: 160, parts: 8})).toBe(100 + (60 * 8) / 2);
    expect(objectsMs({numbers: 100, whole: 90, parts: 8})).toBe(100);
    expect(objectsMs({numbers: 10, whole: 60, parts: 2})).toBe(60);
  });

  test('that differ are counted in a part, and as many more of them are expected in the others, more or fewer', () => {
    expect(changedOf({made: 0, differing: 4, times: 1, most: 100})).toEqual({best: 4, likely: 4, worst: 4});
    expect(changedOf({made: 0, differing: 4, times: 10, most: 800})).toEqual({best: 0, likely: 40, worst: 110});
    // None in a part is not none at all; new ones are counted without reading what they hold; and there are no more than there are.
    expect(changedOf({made: 0, differing: 0, times: 10, most: 800})).toEqual({best: 0, likely: 0, worst: 30});
    expect(changedOf({made: 7, differing: 0, times: 10, most: 20})).toEqual({best: 7, likely: 7, worst: 20});
  });
});
