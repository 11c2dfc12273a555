import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {cdcNotExpected, describeBoundary, isBoundaryLost} from '../../../src/domain/pg/hand-over.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';

const lsn = parseLsn('0/500');
const run: RunEvent = {type: 'run.started', run: 'acme', version: '1', steps: ['compare-rows', 'resume-replay']};
const captured: RunEvent = {
  type: 'boundary.captured',
  boundary: {lsn, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''},
};
const proved: RunEvent = {type: 'boundary.proved', evidence: {}, slots: ['dms_slot_01']};
const planned: RunEvent = {type: 'load.planned', boundary: lsn, units: [], lanes: 1};
const compared: RunEvent = {type: 'step.done', step: 'compare-rows', evidence: {}, already: false};
const resumed: RunEvent = {
  type: 'step.done',
  step: 'resume-replay',
  evidence: {boundary: parseLsn('0/500')},
  already: false,
};
const failure = {message: 'somebody resumed replay', remedy: 'r', unreachable: false};
const moved: RunEvent = {type: 'boundary.moved', failure};
const disproved: RunEvent = {type: 'boundary.disproved', failure, evidence: {}};
const said: RunEvent = {type: 'cdc.started', by: 'ana', evidence: {}};

function after(...events: RunEvent[]): RunState {
  return reduceAll(events.map((event, index) => ({seq: index + 1, at: `2026-11-24T00:00:0${index}.000Z`, ...event})));
}

describe('change capture may begin', () => {
  test.each<[string, RunEvent[], string | null]>([
    ['not without P', [run], 'change capture cannot have begun: there is no P yet'],
    ['not without a proof', [run, captured], 'change capture cannot have begun: P 0/500 is not proved'],
    [
      'not in a run without slots',
      [run, captured, {...proved, slots: []}, planned, compared],
      'change capture cannot have begun: this run has no slots that change capture could read',
    ],
    [
      'not before the rows are compared',
      [run, captured, proved, planned],
      'change capture cannot have begun: the rows are not compared yet',
    ],
    ['once they are', [run, captured, proved, planned, compared], null],
    ['without the comparison, once replay was resumed', [run, captured, proved, planned, resumed], null],
    [
      'also where the slots seem to be read away: it may be what reads them',
      [run, captured, proved, planned, compared, disproved],
      null,
    ],
    ['once', [run, captured, proved, planned, compared, said], 'ana has said so at 2026-11-24T00:00:05.000Z'],
    [
      'not by a load at an older P',
      [
        run,
        captured,
        proved,
        planned,
        resumed,
        {...captured, boundary: {...captured.boundary, lsn: parseLsn('0/900')}},
        proved,
      ],
      'change capture cannot have begun: the load at P has not begun',
    ],
  ])('%s', (_, events, why) => {
    expect(cdcNotExpected(after(...events))).toBe(why);
  });
});

describe('P is told as it is', () => {
  test.each<[RunEvent[], string]>([
    [[run], 'not captured'],
    [[run, captured], '0/500, not proved'],
    [[run, captured, proved], '0/500, proved at 2026-11-24T00:00:02.000Z'],
    [[run, captured, proved, moved], '0/500, LOST: somebody resumed replay'],
    [
      [run, captured, proved, disproved],
      '0/500, NO LONGER PROVED (proved last at 2026-11-24T00:00:02.000Z): somebody resumed replay',
    ],
    [
      [run, captured, proved, planned, compared, said],
      '0/500, proved last at 2026-11-24T00:00:02.000Z; change capture has begun, said ana at 2026-11-24T00:00:05.000Z',
    ],
    [[run, captured, proved, moved, planned, proved, resumed], '0/500, proved at 2026-11-24T00:00:05.000Z'],
  ])('%#', (events, words) => {
    expect(describeBoundary(after(...events))).toBe(words);
  });

  test('a P that the replica has left is lost, unless its load went on whole and its slots were proved again', () => {
    expect(isBoundaryLost(after(run, captured, proved, moved))).toBe(true);
    expect(isBoundaryLost(after(run, captured, proved, moved, planned, proved))).toBe(true);
    expect(isBoundaryLost(after(run, captured, proved, moved, planned, proved, resumed))).toBe(false);
    expect(isBoundaryLost(after(run, captured, proved, moved, planned, proved, resumed, moved))).toBe(true);
  });
});
