import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {isReplayResumed, stepOnProof, whyNotHandOver} from '../../../src/domain/pg/hand-over.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {slotsAway, type SlotNow} from '../../../src/domain/reading/slots-away.ts';
import {STEP_IDS, type StepId} from '../../../src/domain/run/step-id.ts';
import {inMemory} from '../../support/in-memory.ts';

const P = parseLsn('0/500');
const AT = '2026-11-24T00:00:00.000Z';
const run: RunEvent = {type: 'run.started', run: 'acme', version: '1', steps: STEP_IDS};
const captured: RunEvent = {
  type: 'boundary.captured',
  boundary: {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''},
};
const proved: RunEvent = {type: 'boundary.proved', evidence: {}, slots: ['a', 'b']};
const failure = {message: 'slot a is gone', remedy: 'r', unreachable: false};
const disproved: RunEvent = {type: 'boundary.disproved', failure, evidence: {}};
const said: RunEvent = {type: 'cdc.started', by: 'ana', evidence: {}};
const begun = (step: StepId): RunEvent => ({type: 'step.started', step});
const whole = inMemory(run, captured, proved).state();
const slot = (name: string, change: Partial<SlotNow> = {}): SlotNow => ({
  name,
  confirmedFlushLsn: parseLsn('0/200'),
  walStatus: 'reserved',
  invalidationReason: null,
  ...change,
});

const how = (slots: SlotNow[], state = whole, at: string | null = null) =>
  slotsAway(state, {at, slots}).map((away) => `${away.name} ${away.how}`);

describe('a slot that P rests on', () => {
  test('is as it was, also at P to the byte, beside slots of others', () => {
    expect(
      how([slot('a'), slot('b', {confirmedFlushLsn: P}), slot('theirs', {confirmedFlushLsn: parseLsn('9/0')})]),
    ).toEqual([]);
    // 9.4 and 9.5 do not tell.
    expect(how([slot('a', {confirmedFlushLsn: null}), slot('b')])).toEqual([]);
  });

  test.each<[string, SlotNow[], string]>([
    ['is gone', [slot('a')], 'b gone'],
    [
      'begins one byte after P: read away, or made again',
      [slot('a'), slot('b', {confirmedFlushLsn: parseLsn('0/501')})],
      'b moved',
    ],
    ['has lost its WAL', [slot('a', {walStatus: 'lost'}), slot('b')], 'a lost'],
    ['was invalidated', [slot('a', {invalidationReason: 'idle_timeout'}), slot('b')], 'a lost'],
  ])('%s', (_, slots, words) => {
    expect(how(slots)).toEqual([words]);
  });

  test('is not judged before there is a proof, by a look from before it, nor once change capture has begun', () => {
    expect(how([], inMemory(run, captured).state())).toEqual([]);
    expect(how([], whole, AT)).toEqual([]);
    expect(how([], whole, '2026-11-24T00:00:00.001Z')).toEqual(['a gone', 'b gone']);
    expect(how([], inMemory(run, captured, proved, said).state())).toEqual([]);
  });
});

describe('a proof that does not hold any more', () => {
  test('is none, says why, and keeps when it last held', () => {
    const state = inMemory(run, captured, proved, disproved).state();
    expect([state.boundaryProved, state.boundaryDisproved, state.lastProof?.slots]).toEqual([
      false,
      failure,
      ['a', 'b'],
    ]);
  });

  test('fails the step that rests on it, and no other', () => {
    const status = (step: StepId, ...events: RunEvent[]) =>
      inMemory(run, captured, proved, ...events, disproved)
        .state()
        .steps.find(({id}) => id === step)?.state.status;
    expect(status('full-load', begun('full-load'))).toBe('failed');
    expect(status('strip-target', {type: 'step.waiting', step: 'strip-target', question: '?', actions: []})).toBe(
      'failed',
    );
    // These prove P themselves.
    expect(status('prove-boundary', begun('prove-boundary'))).toBe('running');
    expect(status('resume-replay', begun('resume-replay'))).toBe('running');
    expect(stepOnProof(inMemory(run, begun('create-slots')).state())).toBeUndefined();
  });

  test('is made good by another proof, and by the word that change capture reads the slots, where there was one', () => {
    const again = inMemory(run, captured, proved, disproved, proved).state();
    expect([again.boundaryProved, again.boundaryDisproved]).toEqual([true, null]);
    const word = inMemory(run, captured, proved, disproved, said).state();
    expect([word.boundaryProved, word.boundaryDisproved, word.cdcStarted?.by]).toEqual([true, null, 'ana']);
    expect(inMemory(run, captured, said).state().boundaryProved).toBe(false);
  });

  test('is not that of a new P, nor is the word about change capture', () => {
    const state = inMemory(run, captured, proved, said, captured).state();
    expect([state.boundaryProved, state.lastProof, state.cdcStarted]).toEqual([false, null, null]);
    const released = inMemory(run, captured, proved, said, {type: 'slots.released', by: 'ana', dropped: ['a']}).state();
    expect([released.boundaryProved, released.lastProof, released.cdcStarted]).toEqual([false, null, null]);
  });
});

const resumedAt = (boundary: string): RunEvent => ({
  type: 'step.done',
  step: 'resume-replay',
  evidence: {boundary: parseLsn(boundary)},
  already: false,
});

describe('P may be handed over', () => {
  test('once replay was resumed at this P, and not because it was at another', () => {
    expect(isReplayResumed(inMemory(run, captured, proved, resumedAt('0/500')).state())).toBe(true);
    expect(whyNotHandOver(inMemory(run, captured, proved, resumedAt('0/500')).state())).toBeNull();
    expect(isReplayResumed(inMemory(run, captured, proved, resumedAt('0/400')).state())).toBe(false);
    expect(whyNotHandOver(inMemory(run, captured, proved, resumedAt('0/400')).state())).toBe(
      'the load at P has not begun',
    );
  });
});
