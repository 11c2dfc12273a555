import {describe, expect, test} from 'vitest';
import {NEW_RUN, type RunState, type StepState, type UnitState} from '../../../src/domain/run/run-state.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {stateNamed} from '../../support/states.ts';
import {at, due, idsOf, loadingUnit} from './observed.ts';

const failure = {message: 'no route', remedy: 'see the net', unreachable: true};
const run: RunState = {...NEW_RUN, run: 'acme', status: 'running', claimed: ['slot dms_slot_01']};
const withStep = (id: StepId, state: StepState): RunState => ({...run, steps: [{id, state}]});
const failedUnit = (retryAt: string | null): UnitState => ({
  ...loadingUnit('05-users'),
  state: {
    status: 'failed',
    attempt: 3,
    tries: 3,
    failedAt: at(0),
    retryAt,
    failure: {
      cause: 'consumer',
      message: 'value too long',
      remedy: 'widen it',
      table: null,
      sqlstate: null,
      heals: false,
    },
  },
});

describe('nobody must sit there: an alarm is due', () => {
  test('for a unit that is not tried again by itself, with what to do and how to go on', () => {
    const [alarm] = due(1, [], {...run, units: [failedUnit(null)]});
    expect(alarm).toMatchObject({
      id: 'unit.failed:consumer:value-too-long',
      severity: 'warning',
      subject: 'unit 05-users',
    });
    expect(alarm?.seen).toContain('value too long');
    expect(alarm?.remedy).toBe('widen it; then R, or longhaul retry 05-users');
    expect(due(1, [], {...run, units: [failedUnit(at(2))]})).toEqual([]);
  });

  test('for a step that failed: critical as long as the run holds slots or the replica', () => {
    const failed = withStep('compare-rows', {status: 'failed', startedAt: at(0), endedAt: at(1), failure});
    expect(due(1, [], failed)).toMatchObject([
      {id: 'step.failed:compare-rows', severity: 'critical', remedy: 'see the net; then C, or longhaul run'},
    ]);
    expect(idsOf(due(1, [], {...failed, claimed: []}))).toEqual(['step.failed:compare-rows warning']);
    expect(idsOf(due(1, [], {...failed, claimed: [], replayPaused: true}))).toEqual([
      'step.failed:compare-rows critical',
    ]);
  });

  test('not for a step that ended with P: what took P away is the alarm', () => {
    const failed = withStep('full-load', {status: 'failed', startedAt: at(0), endedAt: at(1), failure});
    expect(due(1, [], {...failed, boundaryDisproved: failure})).toEqual([]);
    expect(due(1, [], {...failed, boundaryMoved: failure})).toEqual([]);
  });

  test('for a step of a cutover with the command that goes on with it, not with run', () => {
    const failed = withStep('validate-constraints', {status: 'failed', startedAt: at(0), endedAt: at(1), failure});
    expect(due(1, [], failed)[0]?.remedy).toBe('see the net; then longhaul cutover --yes acme');
  });

  test('for a cutover that the run has taken back, instead of its failed step', () => {
    const taken: RunState = {...stateNamed('cutover taken back'), alarms: []};
    expect(due(600, [], taken).filter(({id}) => /^(step|cutover)\./.test(id))).toEqual([
      {
        id: 'cutover.taken-back',
        severity: 'warning',
        subject: 'the cutover',
        seen: 'was taken back, and the source takes writes: drain: the target is away',
        remedy: 'once that is mended: longhaul cutover --yes acme',
      },
    ]);
  });

  test('for a step that left differences, while the steps after it go on', () => {
    const left: StepState = {status: 'failed', startedAt: at(0), endedAt: at(1), failure, unfinished: true};
    expect(idsOf(due(1, [], withStep('build-indexes', left)))).toEqual(['step.failed:build-indexes warning']);
  });

  test('for a question that nobody answers for alarms.waiting', () => {
    const waits = withStep('pause-replay', {status: 'waiting', since: at(0), question: 'Pause it?', actions: []});
    expect(due(9.9, [], waits)).toEqual([]);
    expect(due(10, [], waits)).toMatchObject([
      {
        id: 'step.waiting:pause-replay',
        seen: 'waits for your answer for 10 min (warn 10 min): Pause it?',
        remedy: 'answer it: c, or longhaul confirm pause-replay acme',
      },
    ]);
  });

  test('for a walk that ended by itself', () => {
    const stopped: RunState = {...run, status: 'stopped', stopped: {reason: 'EIO', end: 'failed'}};
    expect(idsOf(due(1, [], stopped))).toEqual(['run.stopped critical']);
    expect(due(1, [], {...stopped, stopped: {reason: 'asked', end: 'reached'}})).toEqual([]);
  });

  test('for change capture that is to be started, as long as nobody has said that it has begun', () => {
    const done: RunState = {...stateNamed('done'), alarms: []};
    const [alarm] = due(600, [], done).filter(({id}) => id === 'cdc.start');
    expect(alarm?.remedy).toMatch(/^Start change capture at P .* longhaul cdc-started --yes acme$/);
    const full = {
      id: 'disk.runway:source',
      severity: 'critical',
      subject: '',
      seen: '',
      remedy: '',
      since: at(0),
    } as const;
    expect(due(600, [], {...done, alarms: [full]})).toContainEqual(alarm);
    expect(due(600, [], {...done, cdcStarted: {at: at(1), by: 'ana'}})).toEqual([]);
  });

  test('for a plain copy that is done, for ten minutes', () => {
    const copy: RunState = {...NEW_RUN, run: 'acme', status: 'done', doneAt: at(0)};
    expect(idsOf(due(9, [], copy))).toEqual(['run.done warning']);
    expect(due(10, [], copy)).toEqual([]);
    expect(due(1, [], {...copy, doneAt: null})).toEqual([]);
  });
});
