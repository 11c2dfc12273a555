import {describe, expect, test} from 'vitest';
import {NEW_RUN, type RunState, type UnitStatus} from '../../../src/domain/run/run-state.ts';
import {createRetries} from '../../../src/engine/load/retries.ts';
import {retryDelayMs, schedule} from '../../../src/engine/load/schedule.ts';

const isDue = createRetries({now: () => Date.parse('2026-11-24T00:00:00Z'), steady: () => 0});
const running = (lane: number): UnitStatus => ({
  status: 'running',
  attempt: 1,
  tries: 1,
  lane,
  folder: '',
  startedAt: '',
  paused: null,
});
const committed: UnitStatus = {status: 'committed', attempt: 1, rows: 1, bytes: 1, tookMs: 1, endedAt: ''};
const failed = (retryAt: string | null): UnitStatus => ({
  status: 'failed',
  attempt: 2,
  tries: 1,
  failedAt: '',
  retryAt,
  failure: {cause: 'producer', message: '', table: null, sqlstate: null, remedy: '', heals: true},
});

function load(lanes: number, ...units: UnitStatus[]): RunState {
  return {
    ...NEW_RUN,
    lanes,
    units: units.map((state, index) => ({id: `u${index}`, kind: 'table', tables: [], bytes: 0, state})),
  };
}

describe('what the load does next', () => {
  test('fills the free lanes in order and leaves the rest queued', () => {
    const {start, status} = schedule(
      load(
        3,
        running(2),
        {status: 'queued', attempts: 0},
        {status: 'queued', attempts: 0},
        {status: 'queued', attempts: 0},
      ),
      isDue,
      true,
    );
    expect(start.map(({unit, lane, attempt}) => [unit.id, lane, attempt])).toEqual([
      ['u1', 1, 1],
      ['u2', 3, 1],
    ]);
    expect(status).toBe('going on');
  });

  test('a failed unit waits for its time, then goes as the next attempt', () => {
    expect(schedule(load(1, failed('2026-11-24T00:00:01Z')), isDue, true).start).toEqual([]);
    expect(schedule(load(1, failed('2026-11-23T23:59:59Z')), isDue, true).start).toMatchObject([{attempt: 3}]);
  });

  test('is stuck when only the operator can help, and done when all is in', () => {
    expect(schedule(load(1, committed, failed(null)), isDue, true).status).toBe('stuck');
    expect(schedule(load(1, committed, committed), isDue, true).status).toBe('done');
  });

  test('a hold starts nothing and lasts; a lost P starts nothing and ends', () => {
    const held = {...load(1, {status: 'queued', attempts: 0}), held: true};
    expect(schedule(held, isDue, false)).toEqual({start: [], status: 'going on'});
    const moved = {
      ...load(1, {status: 'queued', attempts: 0}),
      boundaryMoved: {message: '', remedy: '', unreachable: false},
    };
    expect(schedule(moved, isDue, false)).toEqual({start: [], status: 'stuck'});
  });

  test('the delay doubles up to five minutes, a bounded number of times', () => {
    const config = {retries: 3, retryDelayMs: 5000};
    expect([1, 2, 3, 4].map((tries) => retryDelayMs(tries, config))).toEqual([5000, 10_000, 20_000, null]);
    expect(retryDelayMs(20, {...config, retries: 99})).toBe(300_000);
  });
});
