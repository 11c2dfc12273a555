import type {Reading} from '../../domain/reading/reading.ts';
import {NO_TRENDS, withTrend, type Trends} from '../../domain/reading/trends.ts';

/** The trends of the last half hour, for consoles that attach. */
export interface TrendsHeard {
  hear(reading: Reading): void;
  now(): Trends;
}

/** A spark line has a dozen cells; fifty slots would make a snapshot of half a megabyte at the pace of the console's own samples. */
const GAP_MS = 30_000;

/** Begins with what the supervisors before have read; readings of a clock that was set back since are left out. */
export function createTrends(past: readonly Reading[], nowMs: number): TrendsHeard {
  let trends = NO_TRENDS;
  const hear = (reading: Reading): void => {
    trends = withTrend(trends, reading, Date.parse(reading.at), GAP_MS);
  };
  for (const reading of past) if (Date.parse(reading.at) <= nowMs) hear(reading);
  return {hear, now: () => trends};
}
