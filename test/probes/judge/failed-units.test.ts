import {describe, expect, test} from 'vitest';
import {NEW_RUN, type RunState, type UnitState} from '../../../src/domain/run/run-state.ts';
import type {UnitFailure} from '../../../src/domain/run/load-unit.ts';
import {changeAlarms} from '../../../src/probes/judge/alarms.ts';
import {at, due, idsOf, loadingUnit} from './observed.ts';

const full = (id: string): UnitFailure => ({
  cause: 'consumer',
  message: 'psql: could not extend file: No space left on device',
  remedy: `make it larger, then longhaul retry ${id}; nothing of the unit stayed`,
  table: null,
  sqlstate: '53100',
  heals: false,
});
const failed = (id: string, failure: UnitFailure, table = id): UnitState => ({
  ...loadingUnit(id),
  tables: [{schema: 'public', name: table}],
  state: {status: 'failed', attempt: 2, tries: 2, failedAt: at(0), retryAt: null, failure},
});
const run = (...units: UnitState[]): RunState => ({...NEW_RUN, run: 'acme', status: 'running', units});
const parts = (count: number): string[] => Array.from({length: count}, (_, n) => `01-events.pages-${n}-${n + 1}`);
const said = (message: string): UnitFailure => ({...full(''), cause: 'producer', sqlstate: null, message});
const alarmsOfParts = (count: number): ReturnType<typeof due> =>
  due(1, [], run(...parts(count).map((id) => failed(id, full(id), 'events'))));

describe('units that fail for one reason', () => {
  test('are one alarm, with their count, their names and a remedy for all', () => {
    const state = run(...['01-events', '02-users', '03-orders'].map((id) => failed(id, full(id))));
    expect(due(1, [], state)).toEqual([
      {
        id: 'unit.failed:consumer:53100',
        severity: 'warning',
        subject: 'units',
        seen: '3 have failed for one reason and are not tried again by themselves: psql: could not extend file: No space left on device (01-events, 02-users, 03-orders)',
        remedy: 'make it larger, then longhaul retry --all; nothing of the unit stayed',
      },
    ]);
  });

  test('are named as far as a line holds them', () => {
    const [alarm] = due(1, [], run(...parts(60).map((id) => failed(id, full(id), 'events'))));
    expect(alarm?.seen).toMatch(/^60 have failed .*pages-5-6 and 54 more\)$/);
  });

  test('are two alarms where there are two reasons', () => {
    const denied = {...full('02-users'), sqlstate: '42501'};
    const state = run(failed('01-events', full('01-events')), failed('02-users', denied));
    expect(idsOf(due(1, [], state))).toEqual([
      'unit.failed:consumer:53100 warning',
      'unit.failed:consumer:42501 warning',
    ]);
  });

  test('are parts of one table, whatever pg_dump says of each, and elsewhere those with the same words', () => {
    const [one = '', two = ''] = parts(2);
    const ofParts = run(failed(one, said('page 1'), 'events'), failed(two, said('page 2'), 'events'));
    expect(idsOf(due(1, [], ofParts))).toEqual(['unit.failed:producer:public.events warning']);
    const alike = run(failed('05-a', said('no 05-a')), failed('06-b', said('no 06-b')), failed('07-c', said('what')));
    expect(idsOf(due(1, [], alike))).toEqual(['unit.failed:producer:no- warning', 'unit.failed:producer:what warning']);
  });

  test('are told again when the second one fails, not with each one more', () => {
    const clocks = {quietSince: new Map<string, number>(), nowMs: 0};
    expect(changeAlarms(alarmsOfParts(1), alarmsOfParts(1), clocks).raise).toEqual([]);
    expect(changeAlarms(alarmsOfParts(1), alarmsOfParts(2), clocks).raise).toEqual(alarmsOfParts(2));
    expect(changeAlarms(alarmsOfParts(2), alarmsOfParts(60), clocks).raise).toEqual([]);
  });

  test('say R beside the command where the remedy has the command already', () => {
    const [alarm] = due(1, [], run(failed('05-users', full('05-users'))));
    expect(alarm?.remedy).toBe('make it larger, then R, or longhaul retry 05-users; nothing of the unit stayed');
  });
});
