import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {whatReplayWouldBreak} from '../../../src/engine/run/commands.ts';

const P = parseLsn('0/500');
const run: RunEvent = {type: 'run.started', run: 'acme', version: '1', steps: ['full-load', 'compare-rows']};
const captured: RunEvent = {
  type: 'boundary.captured',
  boundary: {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: '2026-11-24T00:00:00Z'},
};
const planned: RunEvent = {
  type: 'load.planned',
  boundary: P,
  units: ['a', 'b'].map((id) => ({id, kind: 'table', tables: [], bytes: 1})),
  lanes: 2,
};
const committed = (unit: string): RunEvent[] => [
  {type: 'unit.started', unit, attempt: 1, lane: 1, folder: '/f'},
  {type: 'unit.committed', unit, attempt: 1, rows: 3, bytes: 9, tookMs: 5},
];
const loaded = [run, captured, planned, ...committed('a'), ...committed('b')];
const lost: RunEvent = {type: 'boundary.moved', failure: {message: 'restarted', remedy: 'r', unreachable: false}};

describe('whether the replica must still stand at P', () => {
  test.each<[string, RunEvent[], string | null]>([
    ['no P was captured', [run], null],
    ['P is lost already', [run, captured, planned, lost], null],
    ['the load has not begun', [run, captured], 'the load at P has not begun'],
    ['some units are open', [run, captured, planned, ...committed('a')], '1 units are not loaded yet'],
    ['all is in and not compared', loaded, 'the rows are not compared yet'],
    [
      'all is in and compared',
      [...loaded, {type: 'step.done', step: 'compare-rows', evidence: {}, already: false}],
      null,
    ],
  ])('%s', (_, events, why) => {
    const state = reduceAll(events.map((event, index) => ({seq: index + 1, at: '2026-11-24T00:00:00.000Z', ...event})));
    expect(whatReplayWouldBreak(state)).toBe(why);
  });
});
