import {describe, expect, test} from 'vitest';
import {describeCatchUp, foretellCatchUp, isCaughtUpNow} from '../../../src/domain/ends/catch-up.ts';
import type {Sample} from '../../../src/domain/reading/growth.ts';

const MB = 1024 ** 2;
const MINUTE = 60_000;

/** Behind by so many megabytes, six seconds apart. */
const behind = (...megabytes: readonly number[]): Sample[] =>
  megabytes.map((value, n) => ({atMs: n * 6000, value: value * MB}));
const falling = (from: number, by: number, count: number): number[] =>
  Array.from({length: count}, (_, n) => from - n * by);

describe('when a slot will have caught up', () => {
  test('is not said before it was watched for half a minute', () => {
    expect(foretellCatchUp([], 0)).toBeNull();
    expect(foretellCatchUp(behind(100, 90, 80), 0)).toBeNull();
  });

  test('is what is left over by the rate at which it comes nearer, down to what counts as caught up', () => {
    // 10 MB in six seconds: 500 MB are left, of which 100 need not be waited for.
    const foretold = foretellCatchUp(behind(...falling(600, 10, 11)), 100 * MB);
    expect(foretold?.soonest).toBeCloseTo(4, 5);
    expect(foretold?.latest).toBeCloseTo(4, 5);
  });

  test('is a range where the rate changes, with the better one first', () => {
    const slow = falling(1000, 1, 25);
    const {soonest = null, latest = null} = foretellCatchUp(behind(...slow, ...falling(975, 5, 25)), 0) ?? {};
    expect(soonest).toBeGreaterThan(0);
    expect(latest ?? 0).toBeGreaterThan((soonest ?? 0) * 1.5);
  });

  test('is never where it falls behind at each of its rates, and may be never where it does at one', () => {
    expect(foretellCatchUp(behind(...falling(100, -5, 12)), 0)).toEqual({soonest: null, latest: null});
    const turning = [...falling(600, -2, 60), ...falling(720, 10, 12)];
    expect(foretellCatchUp(behind(...turning), 0)).toMatchObject({soonest: expect.any(Number), latest: null});
  });

  test('is now where it is as near as it is to be, whatever the rate', () => {
    expect(foretellCatchUp(behind(5), 16 * MB)).toEqual({soonest: 0, latest: 0});
    expect(isCaughtUpNow({soonest: 0, latest: 0})).toBe(true);
    expect(isCaughtUpNow({soonest: null, latest: null})).toBe(false);
  });

  test('goes by the last half hour alone', () => {
    const long = Array.from({length: 60}, (_, n) => ({atMs: n * MINUTE, value: (100 + n) * MB}));
    const now = Array.from({length: 32}, (_, n) => ({atMs: (60 + n) * MINUTE, value: (160 - n) * MB}));
    expect(foretellCatchUp([...long, ...now], 0)?.latest).not.toBeNull();
  });
});

test.each([
  [{soonest: 4, latest: 12}, 'caught up in 4-12 min'],
  [{soonest: 50, latest: 96}, 'caught up in 50 min to 1.6 h'],
  [{soonest: 3, latest: null}, 'caught up in 3 min to never'],
  [{soonest: 3, latest: 3.1}, 'caught up in 3 min'],
  [{soonest: 0.2, latest: 4}, 'caught up in <1-4 min'],
  [{soonest: null, latest: null}, 'NOT catching up'],
  [{soonest: 0, latest: 0}, 'caught up'],
])('%o is %s', (catchUp, words) => {
  expect(describeCatchUp(catchUp)).toBe(words);
});
