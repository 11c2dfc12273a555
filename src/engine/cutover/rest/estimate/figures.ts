import {medianOf} from '../../rehearsal/measured-parts.ts';

/** What was measured, or is taken for it: the best, the likely and the worst of it. Rates are in bytes a millisecond, times in milliseconds. */
export interface Figure {
  readonly best: number;
  readonly likely: number;
  readonly worst: number;
  /** False where it is only experience. */
  readonly isMeasured: boolean;
}

/** How sure one is of it. */
export type Sureness = 'best' | 'likely' | 'worst';

/** A time by how long it took, once or several times. Pure. */
export function timeOf(tookMs: readonly number[]): Figure {
  return {best: Math.min(...tookMs), likely: medianOf(tookMs), worst: Math.max(...tookMs), isMeasured: true};
}

/** A rate by how long so many bytes took, once or several times. Pure. */
export function rateOf(bytes: number, tookMs: readonly number[]): Figure {
  const {best, likely, worst} = timeOf(tookMs.map((ms) => Math.max(1, ms)));
  return {best: bytes / best, likely: bytes / likely, worst: bytes / worst, isMeasured: true};
}

/** What is usual where nothing was measured: half of it, or three times as much, would surprise nobody. Pure. */
export function usualTime(ms: number): Figure {
  return {best: ms / 2, likely: ms, worst: 3 * ms, isMeasured: false};
}

/** The same of a rate. Pure. */
export function usualRate(rate: number): Figure {
  return {best: 2 * rate, likely: rate, worst: rate / 3, isMeasured: false};
}
