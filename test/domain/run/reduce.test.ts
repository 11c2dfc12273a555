import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {LoadUnit} from '../../../src/domain/run/load-unit.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';

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

  const gone = {message: 'slot dms_slot_01 is gone', remedy: 'release', unreachable: false};
  const proved: RunEvent[] = [
    {type: 'run.started', run: 'acme', version: '1', steps: ['prove-boundary', 'full-load', 'resume-replay']},
    {type: 'boundary.captured', boundary},
    {type: 'boundary.proved', evidence: {}, slots: ['dms_slot_01']},
  ];
  const lost: RunEvent = {type: 'boundary.disproved', failure: gone, evidence: {}};

  test('a P that is no longer proved says why, keeps its last proof, and ends the step that rests on it', () => {
    const state = after(...proved, {type: 'step.started', step: 'full-load'}, lost);
    expect(state).toMatchObject({boundaryProved: false, boundaryDisproved: gone, boundaryMoved: null});
    expect(state.lastProof).toEqual({at: '2026-11-24T00:00:02.000Z', slots: ['dms_slot_01']});
    expect(state.steps.map((step) => step.state.status)).toEqual(['pending', 'failed', 'pending']);
    const waiting: RunEvent = {type: 'step.waiting', step: 'resume-replay', question: '?', actions: []};
    expect(after(...proved, waiting, lost).steps[2]?.state).toMatchObject({status: 'failed', failure: gone});
  });

  test('a step before the proof, and replay that is being resumed, go on', () => {
    for (const step of ['prove-boundary', 'resume-replay'] as const) {
      const state = after(...proved, {type: 'step.started', step}, lost);
      expect(state.steps.find(({id}) => id === step)?.state.status).toBe('running');
    }
  });

  test('a new proof is one, and a new P or new slots have none', () => {
    expect(after(...proved, lost, {type: 'boundary.proved', evidence: {}, slots: []})).toMatchObject({
      boundaryProved: true,
      boundaryDisproved: null,
    });
    for (const anew of [
      {type: 'boundary.captured', boundary: {...boundary, lsn: parseLsn('0/900')}},
      {type: 'slots.released', by: 'ana', dropped: []},
    ] satisfies RunEvent[]) {
      expect(after(...proved, lost, {type: 'cdc.started', by: 'ana', evidence: {}}, anew)).toMatchObject({
        boundaryProved: false,
        lastProof: null,
        boundaryDisproved: null,
        cdcStarted: null,
      });
    }
  });

  test('once change capture has begun, its last proof is what there is', () => {
    const state = after(...proved, lost, {type: 'cdc.started', by: 'ana', evidence: {}});
    expect(state).toMatchObject({boundaryProved: true, boundaryDisproved: null, cdcStarted: {by: 'ana'}});
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

  test('what begins after an abort is another run, and its time counts from its own beginning', () => {
    const first: RunEvent = {type: 'run.started', run: 'acme', version: '1', steps: ['create-slots']};
    const events: RunEvent[] = [first, first, {type: 'run.aborted', by: 'ana', evidence: {}}];
    const begunAt = (...more: RunEvent[]) => after(...events, ...more).startedAt;
    expect(after(first, first).startedAt).toBe(after(first).startedAt);
    // What was given up is told with its own time for as long as nothing else has begun.
    expect(begunAt()).toBe(after(first).startedAt);
    expect(begunAt(first)).toBe('2026-11-24T00:00:03.000Z');
    expect(begunAt(first, first)).toBe('2026-11-24T00:00:03.000Z');
  });

  test('a paused lane keeps who paused it and since when, until it goes on', () => {
    const paused = after(
      ...begun,
      {type: 'unit.started', unit: 'a', attempt: 1, lane: 1, folder: '/f'},
      {type: 'unit.paused', unit: 'a', by: 'ana'},
    );
    expect(paused.units[0]?.state).toMatchObject({status: 'running', paused: {by: 'ana'}});
  });

  test('a step that was under way when its supervisor ended has its first beginning under the next one', () => {
    const state = after(
      ...begun,
      {type: 'step.started', step: 'full-load'},
      {type: 'supervisor.started', pid: 8, bootId: 'b'},
      {type: 'step.started', step: 'full-load'},
    );
    expect(state.steps.find(({id}) => id === 'full-load')?.state).toMatchObject({
      status: 'running',
      startedAt: '2026-11-24T00:00:05.000Z',
    });
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
