import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../src/domain/event.ts';
import type {LoadUnit} from '../../src/domain/load-unit.ts';
import {parseLsn} from '../../src/domain/lsn.ts';
import {reduceAll} from '../../src/domain/reduce.ts';
import type {RunState} from '../../src/domain/run-state.ts';

const P = parseLsn('0/500');
const unit = (id: string): LoadUnit => ({id, kind: 'table', tables: [{schema: 'public', name: id}], bytes: 10});
const boundary = {
  lsn: P,
  postmasterStart: 'then',
  timeline: 1,
  systemIdentifier: '7',
  capturedAt: '2026-11-24T00:00:00Z',
};

function after(...events: RunEvent[]): RunState {
  return reduceAll(
    events.map((event, index) => ({seq: index + 1, at: `2026-11-24T00:00:0${index % 10}.000Z`, ...event})),
  );
}

const begun: RunEvent[] = [
  {type: 'run.started', run: 'acme', version: '1', steps: ['create-slots', 'full-load']},
  {type: 'objects.claimed', objects: ['slot dms_slot_01']},
  {type: 'boundary.captured', boundary},
  {type: 'boundary.proved', evidence: {}},
  {type: 'load.planned', boundary: P, units: [unit('a'), unit('b')], lanes: 2},
];

describe('the state of a run', () => {
  test('a unit that ended well stays in through a new plan at the same P', () => {
    const state = after(
      ...begun,
      {type: 'unit.started', unit: 'a', attempt: 1, lane: 1, folder: '/f'},
      {type: 'unit.committed', unit: 'a', attempt: 1, rows: 3, bytes: 9, tookMs: 5},
      {type: 'load.planned', boundary: P, units: [unit('a'), unit('b'), unit('c')], lanes: 2},
    );
    expect(state.units.map(({id, state: {status}}) => [id, status])).toEqual([
      ['a', 'committed'],
      ['b', 'queued'],
      ['c', 'queued'],
    ]);
  });

  test('at a new P everything is loaded again', () => {
    const state = after(
      ...begun,
      {type: 'unit.started', unit: 'a', attempt: 1, lane: 1, folder: '/f'},
      {type: 'unit.committed', unit: 'a', attempt: 1, rows: 3, bytes: 9, tookMs: 5},
      {type: 'load.planned', boundary: parseLsn('0/900'), units: [unit('a')], lanes: 2},
    );
    expect(state.units.map(({state: {status}}) => status)).toEqual(['queued']);
  });

  test('a P that moved is no longer proved, and a new one clears it', () => {
    const moved = after(...begun, {type: 'boundary.moved', failure: {message: 'm', remedy: 'r', unreachable: false}});
    expect(moved.boundaryProved).toBe(false);
    expect(moved.boundaryMoved?.message).toBe('m');
    expect(after(...begun, {type: 'boundary.captured', boundary}).boundaryMoved).toBeNull();
  });

  test('an abort forgets what was claimed, P and the load, and every step is to do again', () => {
    const state = after(
      ...begun,
      {type: 'step.started', step: 'create-slots'},
      {type: 'step.done', step: 'create-slots', evidence: {}, already: false},
      {type: 'run.aborted', by: 'ana', evidence: {}},
    );
    expect(state).toMatchObject({status: 'aborted', run: 'acme', claimed: [], boundary: null, units: []});
    expect(state.steps.map((step) => step.state.status)).toEqual(['pending', 'pending']);
  });

  test('a paused lane keeps who paused it and since when, until it goes on', () => {
    const paused = after(
      ...begun,
      {type: 'unit.started', unit: 'a', attempt: 1, lane: 1, folder: '/f'},
      {type: 'unit.paused', unit: 'a', by: 'ana'},
    );
    expect(paused.units[0]?.state).toMatchObject({status: 'running', paused: {by: 'ana'}});
  });

  test('findings of a step are those of its last look', () => {
    const finding = {check: 'c', severity: 'note', subject: 's', seen: 'x', remedy: ''} as const;
    const state = after(
      ...begun,
      {type: 'step.started', step: 'create-slots'},
      {type: 'finding.seen', step: 'create-slots', finding},
      {type: 'step.started', step: 'create-slots'},
      {type: 'finding.seen', step: 'create-slots', finding: {...finding, seen: 'y'}},
    );
    expect(state.findings.map(({seen}) => seen)).toEqual(['y']);
  });
});
