import {describe, expect, test} from 'vitest';
import {fenceBroken, fenceLine, type Boundary, type Fence} from '../../../src/domain/pg/boundary.ts';
import {claimedSlots, nodeObject, setObject, slotObject} from '../../../src/domain/run/claimed.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {LoadUnit} from '../../../src/domain/run/load-unit.ts';
import {compareLsn, isLsn, laterLsn, lsnDistance, parseLsn} from '../../../src/domain/pg/lsn.ts';
import {allCommitted, isStanding, whatNeedsBoundary, type RunState} from '../../../src/domain/run/run-state.ts';
import {insertSetOf, updateSetOf} from '../../../src/domain/pg/slot-plan.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {DMS_STEPS} from '../../support/dms-steps.ts';
import {inMemory} from '../../support/in-memory.ts';

const P = parseLsn('0/500');
const boundary: Boundary = {
  lsn: P,
  postmasterStart: 'then',
  timeline: 1,
  systemIdentifier: '7',
  capturedAt: '2026-11-24T00:00:00Z',
};
const unit = (id: string): LoadUnit => ({id, kind: 'table', tables: [{schema: 'public', name: id}], bytes: 10});
const done = (step: StepId): RunEvent => ({
  type: 'step.done',
  step,
  evidence: {served: step},
  already: false,
});
const committed = (id: string, attempt = 1): RunEvent[] => [
  {type: 'unit.started', unit: id, attempt, lane: 1, folder: `/lanes/${id}.${attempt}`},
  {type: 'unit.committed', unit: id, attempt, rows: 3, bytes: 9, tookMs: 5},
];
const compared = (name: string, targetRows: number, monthsThatDiffer: string[] = []): RunEvent => ({
  type: 'table.compared',
  table: {schema: 'public', name},
  replicaRows: 3,
  targetRows,
  monthsThatDiffer,
  months: 1,
});

/** A run that is done: every step, two units in, one table compared. */
const WHOLE: RunEvent[] = [
  {type: 'run.started', run: 'acme', version: '1', steps: DMS_STEPS},
  {type: 'objects.claimed', objects: ['slot dms_slot_01', 'slot dms_slot_02', 'set dms_slot_01', 'node longhaul']},
  {type: 'replay.paused', by: 'run'},
  {type: 'boundary.captured', boundary},
  {type: 'boundary.proved', evidence: {}},
  {type: 'load.planned', boundary: P, units: [unit('a'), unit('b')], lanes: 2},
  ...committed('a'),
  ...committed('b'),
  compared('a', 2),
  ...DMS_STEPS.map((step) => done(step)),
  {type: 'run.done'},
];
const after = (...events: RunEvent[]): RunState => inMemory(...WHOLE, ...events).state();
const statuses = (state: RunState): Record<string, string> =>
  Object.fromEntries(state.steps.map((step) => [step.id, step.state.status]));
const released: RunEvent = {type: 'slots.released', by: 'ana', dropped: ['dms_slot_01']};
const moved: RunEvent = {type: 'boundary.moved', failure: {message: 'm', remedy: 'r', unreachable: false}};

describe('a P that is lost', () => {
  test.each([
    ['because the replica left it', moved],
    ['because its slots were dropped', released],
  ])('%s is proved no longer, and says why', (_, event) => {
    expect(after().boundaryProved).toBe(true);
    const state = after(event);
    expect(state.boundaryProved).toBe(false);
    expect(state.boundaryMoved).not.toBeNull();
  });

  test('is needed by nobody who could still use it: what is open stays open', () => {
    expect(whatNeedsBoundary(after())).toBeNull();
    expect(whatNeedsBoundary(inMemory(...WHOLE.slice(0, 8)).state())).toBe('1 unit is not loaded yet');
    expect(whatNeedsBoundary(inMemory(...WHOLE.slice(0, 10)).state())).toBe('the rows are not compared yet');
    expect(whatNeedsBoundary(inMemory(...WHOLE.slice(0, 4)).state())).toBe('the load at P has not begun');
  });
});

describe('a new P', () => {
  const other: Boundary = {...boundary, lsn: parseLsn('0/900')};

  test('is not proved, whatever the one before was, and makes good one that was lost', () => {
    const state = after(moved, {type: 'boundary.captured', boundary: other});
    expect([state.boundaryProved, state.boundaryMoved, state.replayPaused]).toEqual([false, null, true]);
    expect(after({type: 'boundary.captured', boundary}).boundaryProved).toBe(false);
  });

  test('ends the comparison while change capture ran, which was of the old one, as do slots that are dropped', () => {
    const log = {schema: 'public', name: 'log'};
    const begun: RunEvent = {type: 'again.begun', by: 'compare-again', how: 'fence', tables: 2, leftOut: [log]};
    expect(after(begun).again).toMatchObject({tables: 2, leftOut: ['public.log']});
    expect(after(begun, {type: 'boundary.captured', boundary: other}).again).toBeNull();
    expect(after(begun, released).again).toBeNull();
  });

  test('keeps no unit, no comparison and no later step: their rows are those of the old one', () => {
    const state = after({type: 'boundary.captured', boundary: other});
    expect(state.units.map((one) => one.state)).toEqual([
      {status: 'queued', attempts: 1},
      {status: 'queued', attempts: 1},
    ]);
    expect(state.rowsCompared).toEqual({tables: 0, differing: []});
    expect(allCommitted(state)).toBe(false);
    expect(allCommitted(inMemory(...WHOLE.slice(0, 8)).state())).toBe(false);
    const now = statuses(state);
    for (const id of ['prove-boundary', 'strip-target', 'full-load', 'build-indexes', 'compare-rows', 'resume-replay'])
      expect([id, now[id]]).toEqual([id, 'pending']);
    for (const id of ['create-slots', 'add-tables', 'pause-replay', 'capture-boundary'])
      expect([id, now[id]]).toEqual([id, 'done']);
  });

  test('that is the old one again keeps what was loaded at it', () => {
    const state = after({type: 'boundary.captured', boundary: {...boundary, capturedAt: 'later'}});
    expect(state.units.map((one) => one.state.status)).toEqual(['committed', 'committed']);
    expect(statuses(state)['full-load']).toBe('done');
  });

  test('a load that is planned for it begins with nothing in, and counts its attempts on', () => {
    const state = after({type: 'load.planned', boundary: parseLsn('0/900'), units: [unit('a'), unit('c')], lanes: 3});
    expect(state.units.map((one) => [one.id, one.state])).toEqual([
      ['a', {status: 'queued', attempts: 1}],
      ['c', {status: 'queued', attempts: 0}],
    ]);
    expect([state.loadBoundary, state.lanes, state.rowsCompared.tables]).toEqual(['0/900', 3, 0]);
    // Planned for another P than the one that is there, it is not the load at P.
    expect(
      allCommitted(
        inMemory(...WHOLE.slice(0, 4), {
          type: 'load.planned',
          boundary: parseLsn('0/900'),
          units: [],
          lanes: 1,
        }).state(),
      ),
    ).toBe(false);
  });
});

describe('slots that are released', () => {
  test('are claimed no more; what else was claimed still is', () => {
    expect(after(released).claimed).toEqual(['slot dms_slot_02', 'set dms_slot_01', 'node longhaul']);
  });

  test('take everything from create-slots on with them, and its evidence; what came before stays', () => {
    const state = after(released);
    const now = statuses(state);
    for (const id of DMS_STEPS)
      expect([id, now[id]]).toEqual([
        id,
        DMS_STEPS.indexOf(id) < DMS_STEPS.indexOf('create-slots') ? 'done' : 'pending',
      ]);
    expect(Object.keys(state.evidence)).toEqual([
      'preflight',
      'inventory',
      'plan-slots',
      'copy-globals',
      'copy-schema',
    ]);
    expect(state.status).toBe('stopped');
    expect(state.boundaryMoved?.remedy).toContain('new slots and a new P');
  });

  test('are told from sets and the node by what they are claimed as', () => {
    expect(claimedSlots(['slot a', 'set a', 'node a', 'slot b'])).toEqual(['a', 'b']);
    expect(new Set([slotObject('a'), setObject('a'), nodeObject('a')]).size).toBe(3);
    expect([updateSetOf('dms_slot_01'), insertSetOf('dms_slot_01')]).toEqual(['dms_slot_01', 'idms_slot_01']);
  });
});

describe('how the replica has left P', () => {
  const there = {replayLsn: '0/500', inRecovery: true, paused: true, postmasterStart: 'then'};

  test.each([
    ['by nothing', {}, null],
    ['by a restart', {postmasterStart: 'later'}, 'restarted'],
    ['by a promotion', {inRecovery: false}, 'promoted'],
    ['by going on', {replayLsn: '0/501'}, 'replay was resumed'],
    ['by a position that it cannot tell', {replayLsn: null}, 'nothing'],
    ['by a crash recovery, which forgets the pause and may end at P', {paused: false}, 'not paused any more'],
  ])('%s', (_, change, words) => {
    const now: Fence = {...there, ...change};
    const broken = fenceBroken(boundary, now);
    expect(words === null ? broken : broken?.includes(words)).toBe(words === null ? null : true);
  });
});

test('the fence’s line has position, recovery, pause and start, to the microsecond', () => {
  expect(fenceLine({...boundary, postmasterStart: '2026-11-23 22:10:03.123456'})).toBe(
    '0/500 t t 2026-11-23 22:10:03.123456',
  );
});

describe('what the journal says of the run', () => {
  test('replay is paused by us only while the journal says so', () => {
    expect(inMemory().state().replayPaused).toBe(false);
    expect(inMemory({type: 'replay.paused', by: 'run'}).state().replayPaused).toBe(true);
    expect(after({type: 'replay.resumed', by: 'run'}).replayPaused).toBe(false);
  });

  test('a failed unit keeps its tries until somebody asks for it again; one that runs again counts on', () => {
    const failure = {cause: 'lost', message: '', table: null, sqlstate: null, remedy: '', heals: true} as const;
    const failed: RunEvent = {type: 'unit.failed', unit: 'a', attempt: 1, failure, retryAt: null};
    const start: RunEvent = {type: 'unit.started', unit: 'a', attempt: 1, lane: 1, folder: '/f'};
    const begun = [...WHOLE.slice(0, 6), start, failed];
    expect(inMemory(...begun).state().units[0]?.state).toMatchObject({status: 'failed', tries: 1, retryAt: null});
    expect(inMemory(...begun, {...start, attempt: 2}).state().units[0]?.state).toMatchObject({tries: 2, attempt: 2});
    const asked = inMemory(...begun, {type: 'unit.retried', unit: 'a', by: 'ana'}).state().units[0]?.state;
    expect(asked).toMatchObject({status: 'failed', tries: 0, retryAt: '2026-11-24T00:00:00.000Z'});
  });

  test('a table counts as equal only where its rows and its months are', () => {
    const state = inMemory(compared('same', 3), compared('fewer', 2), compared('moved', 3, ['2024-01'])).state();
    expect(state.rowsCompared).toEqual({tables: 3, differing: ['public.fewer', 'public.moved']});
  });

  test('a row that differs is a difference with as many rows on both sides, and a comparison that begins anew forgets it', () => {
    const rowsThatDiffer = {total: 1, atLeast: false, first: [], why: null};
    const differs: RunEvent = {
      ...(compared('same', 3) as RunEvent & {type: 'table.compared'}),
      how: 'rows',
      rowsThatDiffer,
    };
    const begun: RunEvent = {type: 'step.started', step: 'compare-rows'};
    expect(after(begun, differs).rowsCompared).toEqual({tables: 1, differing: ['public.same'], full: 1});
    expect(after(begun, differs, begun).rowsCompared).toEqual({tables: 0, differing: []});
  });

  test('an alarm lasts since it was first raised, and only its own end clears it', () => {
    const alarm = {id: 'x', severity: 'warning', subject: '', seen: '', remedy: ''} as const;
    const raised: RunEvent = {type: 'alarm.raised', alarm};
    const state = inMemory(
      raised,
      {type: 'alarm.raised', alarm: {...alarm, id: 'y'}},
      {type: 'alarm.cleared', id: 'y'},
    ).state();
    expect(state.alarms.map(({id}) => id)).toEqual(['x']);
  });

  test('a walk that was stopped, or has a failed step, waits for somebody', () => {
    expect(isStanding(after())).toBe(false);
    expect(isStanding(after({type: 'run.stopped', reason: ''}))).toBe(true);
    const failure = {message: '', remedy: '', unreachable: false};
    expect(isStanding(after({type: 'step.failed', step: 'full-load', failure}))).toBe(true);
  });
});

describe('positions in the WAL', () => {
  test('compare by their number, not as text', () => {
    const [low, high] = [parseLsn('9/FFFFFFFF'), parseLsn('A/0')];
    expect(Math.sign(compareLsn(low, high))).toBe(-1);
    expect(Math.sign(compareLsn(parseLsn('10/0'), parseLsn('9/0')))).toBe(1);
    expect(compareLsn(P, parseLsn('0/500'))).toBe(0);
    expect(laterLsn(low, high)).toBe(high);
    expect(laterLsn(high, low)).toBe(high);
    expect(lsnDistance(low, high)).toBe(1);
    expect(isLsn('0/5 ')).toBe(false);
    expect(() => parseLsn('dump')).toThrow('bug');
  });
});
