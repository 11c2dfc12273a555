import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {whyNoCleanUp} from '../../../../src/domain/rules/clean-up.ts';
import {whyNoAbort, whyNoWayBack} from '../../../../src/domain/rules/cutover.ts';
import {triggerOffObject, triggersOff} from '../../../../src/domain/run/back/claimed-back.ts';
import {
  isTurnedRound,
  mirroredClaim,
  mirroredEvent,
  mirroredState,
  mirroredWords,
  turnedServers,
} from '../../../../src/domain/run/back/mirror.ts';
import type {JournalEntry, RunEvent} from '../../../../src/domain/run/event.ts';
import {reduceAll} from '../../../../src/domain/run/reduce.ts';
import type {RunState} from '../../../../src/domain/run/run-state.ts';

const by = 'ana';
const SLOTS: RunEvent = {type: 'objects.claimed', objects: ['slot lh_01', 'subscription lh_01', 'back-slot r_lh_01']};
const OVER: RunEvent[] = [
  SLOTS,
  {type: 'cutover.begun', by, steps: ['stop-writes', 'hand-over']},
  {type: 'cutover.opening', by},
  {type: 'cutover.handed-over', by, evidence: {}},
];
const BEGUN: RunEvent = {type: 'back.begun', by, steps: ['back-stop-writes', 'back-hand-over']};

function after(...events: readonly RunEvent[]): RunState {
  const entries = events.map((event, index): JournalEntry => ({
    seq: index + 1,
    at: `2026-11-27T05:00:0${index}.000Z`,
    ...event,
  }));
  return reduceAll(entries);
}

describe('the run seen from its other end', () => {
  test('is itself again when it is turned round twice', () => {
    const state = after(...OVER, BEGUN);
    expect(mirroredState(mirroredState(state))).toEqual(state);
    fc.assert(
      fc.property(fc.constantFrom('slot', 'back-slot', 'sentinel', 'read-only'), fc.string(), (kind, name) => {
        expect(mirroredClaim(mirroredClaim(`${kind} ${name}`))).toBe(`${kind} ${name}`);
      }),
    );
  });

  test('calls its own what the way back has made, and its cutover the way back', () => {
    const {claimed, cutover} = mirroredState(after(...OVER, BEGUN));
    expect(claimed).toEqual(['back-slot lh_01', 'back-subscription lh_01', 'slot r_lh_01']);
    expect(cutover?.status).toBe('under-way');
  });

  test('names the server that a finding is about', () => {
    const finding = {
      check: 'x',
      severity: 'warning',
      subject: 'target',
      seen: 'the target is small',
      remedy: '',
    } as const;
    expect(mirroredEvent({type: 'finding.seen', step: 'drain', finding})).toEqual({
      type: 'finding.seen',
      step: 'back-drain',
      finding: {...finding, subject: 'source', seen: 'the source is small'},
    });
  });

  test('has what failed in the words of its own direction, so that they are turned once', () => {
    const failure = {message: 'on the target somebody writes', remedy: '', unreachable: false};
    const state = after(...OVER, BEGUN, {type: 'step.failed', step: 'back-stop-writes', failure});
    const failed = mirroredState(state).steps.find(({id}) => id === 'stop-writes')?.state;
    expect(failed).toMatchObject({failure: {message: 'on the source somebody writes'}});
    expect(mirroredState(mirroredState(state))).toEqual(state);
  });

  test('records what a step of the cutover does as the way back’s, on the other server', () => {
    expect(mirroredEvent({type: 'cutover.opening', by})).toEqual({type: 'back.opening', by});
    expect(mirroredEvent({type: 'step.started', step: 'drain'})).toEqual({type: 'step.started', step: 'back-drain'});
    const failure = {message: 'the source takes writes', remedy: 'then longhaul cutover', unreachable: false};
    expect(mirroredEvent({type: 'step.failed', step: 'drain', failure})).toMatchObject({
      failure: {message: 'the target takes writes', remedy: 'then longhaul back'},
    });
  });

  test('leaves a server’s own words and names of tables as they are', () => {
    const failure = {message: 'target: relation "the source" is gone', remedy: 'see the target', unreachable: false};
    expect(mirroredEvent({type: 'step.failed', step: 'drain', failure})).toMatchObject({failure});
    expect(mirroredWords('on the source: public.source')).toBe('on the target: public.source');
    expect(mirroredWords('public."the source" of the source')).toBe('public."the source" of the target');
  });

  test('has the words of others as they were once they are turned twice, however they are written', () => {
    expect(turnedServers('THE SOURCE, the Target')).toBe('THE TARGET, the Source');
    const words = fc.constantFrom(
      'the ',
      'The ',
      'source',
      'TARGET',
      'Source',
      'tArget',
      ' ',
      '_',
      'x',
      '"',
      'İ',
      'longhaul cutover',
    );
    fc.assert(
      fc.property(fc.array(words), (some) => {
        const text = some.join('');
        expect(turnedServers(turnedServers(text))).toBe(text);
      }),
    );
  });

  test('has changes come the other way from the hand-over until the source is handed back', () => {
    expect(isTurnedRound(after(SLOTS))).toBe(false);
    expect(isTurnedRound(after(...OVER, BEGUN))).toBe(true);
    const back = after(...OVER, BEGUN, {type: 'back.opening', by}, {type: 'back.handed-over', by, evidence: {}});
    expect([isTurnedRound(back), back.cutover?.status, back.back?.status]).toEqual([false, 'gone-back', 'handed-over']);
  });
});

test('a trigger that is off is put back as it was, whatever it is called', () => {
  const trigger = {schema: 'a b', name: 'c"d', trigger: 'e\n', fires: 'REPLICA'} as const;
  expect(triggersOff(['slot lh_01', triggerOffObject(trigger)])).toEqual([trigger]);
});

describe('the way back', () => {
  test('is refused where nothing was handed over, and where what is written does not come to the source', () => {
    expect(whyNoWayBack(after(SLOTS))?.why).toBe('production is on the source');
    const without = after(...OVER, {type: 'objects.returned', objects: ['back-slot r_lh_01']});
    expect(whyNoWayBack(without)?.why).toContain('every row since the hand-over would be lost');
    expect(whyNoWayBack(after(...OVER))).toBeNull();
    expect(whyNoWayBack(after(...OVER, BEGUN))?.remedy).toContain('--back-out');
  });

  test('is named to whoever would give the run up, where there is one', () => {
    expect(whyNoAbort(after(...OVER))?.remedy).toContain('longhaul back leads back without losing a row');
    const without = whyNoAbort(after(...OVER, {type: 'objects.returned', objects: ['back-slot r_lh_01']}));
    expect(without?.remedy).toContain('no way back was made');
    expect(without?.remedy).not.toContain('longhaul back');
  });

  test('keeps clean-up from taking it away, unless somebody gives it up', () => {
    expect(whyNoCleanUp(after(...OVER), false)?.why).toContain('the way back is open');
    expect(whyNoCleanUp(after(...OVER), true)).toBeNull();
    expect(whyNoCleanUp(after(SLOTS), true)?.why).toContain('not handed over');
    // Nobody gives that up any more.
    expect(whyNoCleanUp(after(...OVER.slice(0, 3)), true)?.remedy).toMatch(/^longhaul cutover --yes/);
    expect(whyNoCleanUp(after(...OVER, BEGUN), true)?.why).toBe('a way back is under way');
  });
});
