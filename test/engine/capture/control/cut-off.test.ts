import {describe, expect, test} from 'vitest';
import {hasFailed, hasOnlyBegun, mayBeCutOff, type WorkerThen} from '../../../../src/engine/capture/control/cut-off.ts';

const LIMIT_MS = 60_000;

/** A worker seen at these seconds: `[second, pid, errors]`. */
function seen(...all: readonly (readonly [number, number | null, number | null])[]): WorkerThen[] {
  return all.map(([second, pid, errors]) => ({atMs: second * 1000, pid, errors}));
}

describe('a worker that ends again', () => {
  test('soon after it has begun has failed at its transaction', () => {
    expect(hasFailed(seen([0, null, 4], [5, null, 4], [6, null, 5]), LIMIT_MS)).toBe(true);
  });

  test('after as long as a time-out lets it was cut off, though that is counted as an error', () => {
    expect(hasFailed(seen([0, null, 4], [1, 8, 4], [40, 8, 4], [61, null, 5]), LIMIT_MS)).toBe(false);
    expect(mayBeCutOff(60_000, Infinity)).toBe(false);
  });

  test('is not judged where nobody has seen it begin', () => {
    expect(hasFailed(seen([0, 8, 4], [1, null, 5]), LIMIT_MS)).toBeNull();
    expect(hasFailed(seen([0, 8, 4], [1, null, 5], [6, null, 5], [7, null, 6]), LIMIT_MS)).toBe(true);
  });

  test('where errors are not counted, has failed if mostly none was there, and none for long', () => {
    const without = [0, 1, 2, 3].map((second) => [second, null, null] as const);
    expect(hasOnlyBegun(seen(...without), LIMIT_MS)).toBe(true);
    expect(
      hasOnlyBegun(seen([0, 8, null], [40, 8, null], ...[41, 42, 43].map((at) => [at, null, null] as const)), LIMIT_MS),
    ).toBe(false);
    expect(hasOnlyBegun(seen(...without, [4, 9, null]), LIMIT_MS)).toBe(false);
    expect(hasFailed(seen(...without), LIMIT_MS)).toBeNull();
  });
});
