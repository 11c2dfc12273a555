import {describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {recall} from '../../../src/probes/judge/recall.ts';
import {at, GB, lanes, slots, START} from './observed.ts';

const eta = (minute: number, bytesLeft: number, loadMinutes: number | null = 9): Reading => ({
  at: at(minute),
  probe: 'eta',
  eta: {
    bytesLeft,
    bytesTotal: 100,
    bytesPerSecond: null,
    loadMinutes,
    why: loadMinutes === null ? 'lanes paused' : '',
    soonest: null,
    latest: null,
    indexMinutes: null,
  },
});
const disk = (minute: number, freeBytes: number): Reading => ({
  at: at(minute),
  probe: 'disk',
  server: 'source',
  disk: {freeBytes, totalBytes: 100 * GB, from: 'command'},
});
const behind = (minute: number): Reading => ({
  at: at(minute),
  probe: 'figures',
  of: 'cdc',
  server: 'target',
  figures: [{name: 'lag_bytes', label: 'behind', value: minute, unit: 'bytes', of: 'slot lh_01'}],
});
const loading: RunState = {
  ...NEW_RUN,
  steps: [{id: 'full-load', state: {status: 'running', startedAt: at(5), progress: null}}],
};
const nowMs = START + 60 * 60_000;

describe('a supervisor that begins', () => {
  test('goes on with the series of the one before, and takes none of its readings for what is so now', () => {
    const past = [slots(0, {retainedBytes: GB}), disk(0, 9 * GB), slots(1, {retainedBytes: 2 * GB}), disk(1, 8 * GB)];
    const history = recall([...past, lanes(1, '01-users', 5)], NEW_RUN, {nowMs, steadyMs: 5000});
    expect(history.held.get('source')?.map(({value}) => value)).toEqual([GB, 2 * GB]);
    expect(history.used.get('source')).toHaveLength(2);
    expect(history.wal).toHaveLength(2);
    // An hour, and 59 minutes, before now: whatever the clocks show.
    expect(history.wal.map(({atMs}) => 5000 - atMs)).toEqual([60 * 60_000, 59 * 60_000]);
    expect(history.newest.size).toBe(0);
    expect(history.moved.size).toBe(0);
  });

  test('knows the pace of the load that goes on, and not that of one before, nor of a pause', () => {
    const past = [eta(1, 90), eta(6, 80), eta(7, 70)];
    expect(recall(past, loading, {nowMs, steadyMs: 5000}).loaded.map(({value}) => value)).toEqual([20, 30]);
    expect(recall([...past, eta(8, 70, null)], loading, {nowMs, steadyMs: 5000}).loaded).toHaveLength(1);
    expect(recall(past, NEW_RUN, {nowMs, steadyMs: 5000}).loaded).toEqual([]);
  });

  test('knows how far change capture was behind in the last hours, and nothing of the days before', () => {
    const past = [behind(-300), behind(-200), behind(-100), behind(50)];
    const {lags, newest} = recall(past, NEW_RUN, {nowMs, steadyMs: 5000});
    // Four hours before minute 60 is minute -180.
    expect(lags.get('lag_bytes slot lh_01')?.map(({value}) => value)).toEqual([-100, 50]);
    expect(newest.size).toBe(0);
  });

  test('leaves out what a clock that was set back has not reached yet', () => {
    expect(
      recall([disk(0, 9 * GB), disk(120, 8 * GB)], NEW_RUN, {nowMs, steadyMs: 5000}).used.get('source'),
    ).toHaveLength(1);
  });
});
