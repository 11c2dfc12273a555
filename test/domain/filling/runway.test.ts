import {describe, expect, test} from 'vitest';
import {estimateGrowth, withSample, type Sample} from '../../../src/domain/reading/growth.ts';
import {forecastFull} from '../../../src/domain/filling/runway.ts';

const MB = 1024 * 1024;
const START = 1_000_000_000_000;

/** A series over `seconds`, one sample every `everyS`, of what `valueAt` says for each second. */
function series(seconds: number, everyS: number, valueAt: (second: number) => number): Sample[] {
  const samples: Sample[] = [];
  for (let second = 0; second <= seconds; second += everyS) {
    samples.push({atMs: START + second * 1000, value: valueAt(second)});
  }
  return samples;
}

const at = (seconds: number): number => START + seconds * 1000;

describe('growth', () => {
  test.each<[string, Sample[], number]>([
    ['a steady one, of a minute', series(60, 5, (s) => s * 3 * MB), 3 * MB],
    ['a steady one, of an hour', series(3600, 5, (s) => s * 3 * MB), 3 * MB],
    ['one that shows in steps of segments', series(600, 2, (s) => Math.floor((s * 3) / 16) * 16 * MB), 3 * MB],
    [
      'one with a bulk update of ten seconds in half an hour',
      series(1800, 5, (s) => s * MB + (s > 900 ? Math.min(s - 900, 10) * 500 * MB : 0)),
      MB,
    ],
    [
      'one that comes in bursts of half a minute, every five',
      series(1800, 5, (s) => Math.floor(s / 300) * 300 * MB),
      MB,
    ],
    ['a night’s batch in a day', series(86_400, 60, (s) => (s > 7200 ? Math.min(s - 7200, 3600) * 24 * MB : 0)), MB],
    ['none', series(600, 5, () => 7 * MB), 0],
    ['a shrinking one', series(600, 5, (s) => -s * MB), -MB],
  ])('is measured as %s', (_, samples, expected) => {
    const growth = estimateGrowth(samples);
    expect(growth?.perSecond).toBeGreaterThanOrEqual(expected - Math.abs(expected) * 0.1);
    expect(growth?.perSecond).toBeLessThanOrEqual(expected + Math.abs(expected) * 0.1);
    expect(growth?.slowest).toBeLessThanOrEqual(growth?.perSecond ?? 0);
    expect(growth?.fastest).toBeGreaterThanOrEqual(growth?.perSecond ?? 0);
  });

  test('is not known before half a minute, nor from three readings', () => {
    expect(estimateGrowth([])).toBeNull();
    expect(estimateGrowth(series(25, 1, (s) => s))).toBeNull();
    expect(estimateGrowth(series(60, 30, (s) => s))).toBeNull();
  });

  test('that has just doubled shows in the range before it shows in the middle', () => {
    const growth = estimateGrowth(series(1800, 5, (s) => s * MB + Math.max(0, s - 1740) * MB));
    expect(growth?.perSecond).toBeLessThan(1.5 * MB);
    expect(growth?.fastest).toBeCloseTo(2 * MB, -4);
  });

  test('is kept as a bounded series, however long it is watched', () => {
    let kept: readonly Sample[] = [];
    for (let second = 0; second < 200_000; second += 1)
      kept = withSample(kept, {atMs: at(second), value: second}, {gapMs: 2000});
    expect(kept.length).toBeLessThanOrEqual(901 + 24 * 60);
    expect(kept.at(-1)?.value).toBeGreaterThan(199_990);
    expect(kept[0]?.value).toBeLessThan(115_000);
  });
});

describe('the runway', () => {
  const growing = series(300, 5, (s) => s * 10 * MB);
  const still = series(300, 5, () => 0);

  test('is the free space at the growth of what the disk holds', () => {
    const {runway} = forecastFull({used: growing, held: [], free: {atMs: at(300), bytes: 600 * 10 * MB}}, at(300));
    expect(runway?.minutes).toBeCloseTo(10, 1);
    expect(runway?.soonest).toBeGreaterThan(9.5);
    // Five minutes have not shown whether writers pause.
    expect(runway?.latest).toBeNull();
  });

  test('has an end once ten minutes have shown that writers do not pause', () => {
    const longer = series(900, 5, (s) => s * 10 * MB);
    const {runway} = forecastFull({used: longer, held: [], free: {atMs: at(900), bytes: 600 * 10 * MB}}, at(900));
    expect(runway?.soonest).toBeGreaterThan(9.5);
    expect(runway?.latest).toBeLessThan(10.5);
  });

  test('counts what was written since the disk was last looked at', () => {
    const {runway} = forecastFull({used: growing, held: [], free: {atMs: at(300), bytes: 600 * 10 * MB}}, at(600));
    expect(runway?.minutes).toBeCloseTo(5, 1);
  });

  test('goes by the WAL that a slot holds while segments allocated ahead hide it from the disk', () => {
    const {runway} = forecastFull({used: still, held: growing, free: {atMs: at(300), bytes: 600 * 10 * MB}}, at(300));
    expect(runway?.minutes).toBeCloseTo(10, 1);
  });

  test('is never guessed', () => {
    expect(forecastFull({used: growing, held: growing, free: null}, at(300))).toEqual({
      runway: null,
      why: 'free space is not known',
    });
    const free = {atMs: at(300), bytes: MB};
    expect(forecastFull({used: [], held: growing.slice(0, 3), free}, at(300))).toEqual({
      runway: null,
      why: 'growth is being measured',
    });
    expect(forecastFull({used: still, held: still, free}, at(300))).toEqual({runway: null, why: 'it does not grow'});
  });

  test('is 0 on a full disk, not negative', () => {
    expect(forecastFull({used: growing, held: [], free: {atMs: at(0), bytes: MB}}, at(300)).runway?.minutes).toBe(0);
  });
});
