import {doublingMs} from '../../domain/base/doubling.ts';

const LONGEST_MS = 60_000;
/** A server that is away costs nothing to ask, and whoever waits for it reads the screen. */
const LONGEST_AWAY_MS = 10_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * How long to wait after the n-th failure in a row (from 1): the interval, doubled each time, at most a minute or one interval; at most
 * ten seconds where the server is away.
 */
export function backOffMs(everyMs: number, failures: number, away: boolean): number {
  const longest = away ? LONGEST_AWAY_MS : LONGEST_MS;
  return Math.max(everyMs, doublingMs(failures, everyMs, longest));
}

/** When a probe is due again after a success that took so long; a costly one keeps to its share of the server's time, up to five minutes. */
export function pauseMs(probe: {readonly everyMs: number; readonly atMostShare?: number}, tookMs: number): number {
  if (probe.atMostShare === undefined) return probe.everyMs;
  return Math.max(probe.everyMs, Math.min(LONGEST_PAUSE_MS, tookMs / probe.atMostShare));
}

/** From which age on a probe's last reading is stale. */
export function staleAfterMs(probe: {readonly everyMs: number; readonly atMostShare?: number}): number {
  return Math.max(60_000, 5 * probe.everyMs, probe.atMostShare === undefined ? 0 : 2 * LONGEST_PAUSE_MS);
}
