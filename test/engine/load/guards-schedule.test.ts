import {describe, expect, test} from 'vitest';
import {NEW_RUN, type RunState, type UnitStatus} from '../../../src/domain/run/run-state.ts';
import {createRetries} from '../../../src/engine/load/retries.ts';
import {lanesOf, mayBuild, schedule} from '../../../src/engine/load/schedule.ts';

const queued: UnitStatus = {status: 'queued', attempts: 0};
const committed: UnitStatus = {status: 'committed', attempt: 1, rows: 1, bytes: 1, tookMs: 1, endedAt: ''};
const load = (change: Partial<RunState>, ...units: UnitStatus[]): RunState => ({
  ...NEW_RUN,
  lanes: 2,
  units: units.map((state, index) => ({id: `u${index}`, kind: 'table', tables: [], bytes: 0, state})),
  ...change,
});
/** A second after 1970. */
const isDue = createRetries({now: () => 1000, steady: () => 0});
const lost = {message: 'the replica was restarted', remedy: '', unreachable: false};

const failed = (retryAt: string | null): UnitStatus => ({
  status: 'failed',
  attempt: 1,
  tries: 1,
  failedAt: '',
  retryAt,
  failure: {cause: 'consumer', message: '', table: null, sqlstate: null, remedy: '', heals: false},
});

test('a unit that waits for the operator is not tried by itself, beside one whose time has come', () => {
  const {start, status} = schedule(load({}, failed(null), failed('1970-01-01T00:00:01.000Z')), isDue, true);
  expect(start.map(({unit, attempt}) => [unit.id, attempt])).toEqual([['u1', 2]]);
  expect(status).toBe('going on');
  expect(schedule(load({}, failed(null)), isDue, true)).toEqual({start: [], status: 'stuck'});
});

describe('a load with nothing under way', () => {
  test('waits while it is held, however long', () => {
    expect(schedule(load({held: true}, queued, committed), isDue, false)).toEqual({start: [], status: 'going on'});
  });

  test('is stuck once P is lost, held or not: nothing that is open can come in', () => {
    for (const held of [true, false])
      expect(schedule(load({held, boundaryMoved: lost}, queued, committed), isDue, false)).toEqual({
        start: [],
        status: 'stuck',
      });
  });

  test('whose units are all in is done, also where P was lost afterwards', () => {
    expect(schedule(load({boundaryMoved: lost}, committed), isDue, false).status).toBe('done');
  });
});

const running = (lane: number): UnitStatus => ({
  status: 'running',
  attempt: 1,
  tries: 1,
  lane,
  folder: '',
  startedAt: '',
  paused: null,
});

describe('the number of lanes', () => {
  test('of which more run than there are to be lets none begin before fewer do, whichever ends first', () => {
    const started = (...units: UnitStatus[]): number[] =>
      schedule(load({lanes: 2}, ...units, queued), isDue, true).start.map(({lane}) => lane);
    expect(started(running(2), running(3))).toEqual([]);
    expect(started(running(3))).toEqual([1]);
    expect(schedule(load({lanes: 1}, queued, queued), isDue, true).start).toHaveLength(1);
  });

  test('is what an operator has asked for, until longhaul.yaml has another', () => {
    expect(lanesOf({lanesAsked: null}, 6)).toBe(6);
    expect(lanesOf({lanesAsked: {lanes: 3, instead: 6}}, 6)).toBe(3);
    expect(lanesOf({lanesAsked: {lanes: 3, instead: 6}}, 8)).toBe(8);
  });

  test('says nothing of index builds; a hold, a lost P and the pause of all lanes do', () => {
    const paused = {...running(1), paused: {since: '', by: 'ana'}} as UnitStatus;
    expect(mayBuild(load({}, running(1), paused))).toBe(true);
    expect(mayBuild(load({}, committed))).toBe(true);
    expect([
      mayBuild(load({}, paused, queued)),
      mayBuild(load({held: true}, running(1))),
      mayBuild(load({boundaryMoved: lost})),
    ]).toEqual([false, false, false]);
  });
});
