import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {simulate, type Shape} from './simulate.ts';

const MB = 1024 * 1024;
const RUNWAY = 6;

/** Writers that write for a share of every cycle, and little or nothing in the rest of it. */
const shapes = fc
  .record({
    cycle: fc.integer({min: 20, max: 480}),
    share: fc.double({min: 0.1, max: 1, noNaN: true}),
    phase: fc.double({min: 0, max: 1, noNaN: true}),
    still: fc.double({min: 0, max: 0.3, noNaN: true}),
    rate: fc.integer({min: 1, max: 40}),
  })
  .map(({cycle, share, phase, still, rate}): Shape & {readonly cycle: number} => {
    const mean = rate * MB * (share + (1 - share) * still);
    const rateAt = (second: number): number =>
      (second + phase * cycle) % cycle < share * cycle ? rate * MB : rate * MB * still;
    // Two cycles were seen, and then some, before the alarm is due.
    return {
      cycle,
      rateAt,
      room: mean * (RUNWAY * 60 * 1.5 + 3 * cycle),
      runwayMinutes: RUNWAY,
      knownAt: 2 * cycle + 60,
    };
  });

describe('whenever writers write and pause, a disk that fills', () => {
  test('raises its alarm with three quarters of alarms.runway left, keeps it, and is full within the range that was told', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const {raisedBefore, clearedBefore, wrong, forecasts} = simulate(shape);
        expect(raisedBefore).toBeGreaterThanOrEqual(0.75 * RUNWAY * 60);
        expect(Math.min(...clearedBefore)).toBeGreaterThan(1.1 * RUNWAY * 60);
        expect(wrong).toEqual([]);
        expect(forecasts).toBeGreaterThan(10);
      }),
      {numRuns: 25},
    );
  });

  test.each<[string, (second: number) => number, number]>([
    ['fifteen seconds in every minute', (second) => (second % 60 < 15 ? 16 * MB : 0), 130],
    ['three minutes on, three off', (second) => (second % 360 < 180 ? 8 * MB : 0), 800],
    ['twice as much from one minute to the next', (second) => (second < 600 ? 3 : 6) * MB, 660],
    ['nothing at all for ten minutes, and then for good', (second) => (second < 600 ? 0 : 6 * MB), 660],
  ])('by %s', (_, rateAt, knownAt) => {
    const {raisedBefore, clearedBefore, wrong} = simulate({rateAt, room: 4000 * MB, runwayMinutes: RUNWAY, knownAt});
    expect(raisedBefore).toBeGreaterThanOrEqual(0.75 * RUNWAY * 60);
    expect(clearedBefore).toEqual([]);
    expect(wrong).toEqual([]);
  });
});
