import {expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {judgeAlarms} from '../../../src/probes/judge/alarms.ts';
import {forecast} from '../../../src/probes/judge/filling/forecasts.ts';
import {NOTHING_SEEN, remember} from '../../../src/probes/judge/history.ts';
import {GB, idsOf, lanes, loadingUnit, slots, START, thresholds} from './observed.ts';

/** What the run's time says is not what went by: the clock was set forward by three hours, and this reading came ten minutes ago. */
const AHEAD = 180;
const heard = (readings: readonly [Reading, minute: number][]) =>
  readings.reduce(
    (history, [reading, minute]) => remember(history, reading, {state: NEW_RUN, atMs: minute * 60_000}),
    NOTHING_SEEN,
  );
const at = (minute: number) => ({nowMs: START, steadyMs: minute * 60_000, sinceMs: 0});

test('a probe that sees nothing any more is told after its time, wherever the clock is by then', () => {
  const history = heard([[slots(AHEAD, {}), 1]]);
  const seen = {history, state: NEW_RUN, thresholds, troubles: new Map(), staleAfterMs: new Map([['slots', 60_000]])};
  expect(judgeAlarms({...seen, ...at(1.9)})).toEqual([]);
  expect(judgeAlarms({...seen, ...at(3)})).toMatchObject([
    {id: 'probe.stale:slots', seen: 'has seen nothing for 2 min'},
  ]);
});

test('a lane that moves nothing is told after its time', () => {
  const history = heard([
    [lanes(AHEAD, '01-events', 5), 0],
    [lanes(AHEAD, '01-events', 6), 1],
    [lanes(AHEAD + 1, '01-events', 6), 11],
  ]);
  const state = {...NEW_RUN, units: [loadingUnit('01-events')]};
  const seen = {history, state, thresholds, troubles: new Map(), staleAfterMs: new Map()};
  expect(idsOf(judgeAlarms({...seen, ...at(10.9)}))).toEqual([]);
  expect(idsOf(judgeAlarms({...seen, ...at(11)}))).toEqual(['lane.stalled:01-events warning']);
});

test('what was free long ago is not known now, and what was free a moment ago is', () => {
  const disk: Reading = {
    at: new Date(START + AHEAD * 60_000).toISOString(),
    probe: 'disk',
    server: 'source',
    disk: {freeBytes: GB, totalBytes: 10 * GB, from: 'command'},
  };
  const source = (minute: number) =>
    forecast({
      history: heard([[disk, 1]]),
      state: NEW_RUN,
      past: null,
      staleAfterMs: new Map([['disk:source', 120_000]]),
      ...at(minute),
    }).find((reading) => reading.probe === 'runway' && reading.server === 'source');
  const [fresh, old] = [source(2), source(4)].map((reading) => (reading?.probe === 'runway' ? reading.why : ''));
  expect(old).toBe('free space is not known');
  expect(fresh).not.toBe(old);
});
