import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {whatNow, whatNowAlone} from '../../../src/domain/rules/what-now.ts';
import {journal, LOADING, LOADING_STATE} from '../../ui/fixtures/acme-run.ts';

const after = (...events: readonly RunEvent[]): RunState =>
  reduceAll([...LOADING, ...journal(events, LOADING.length + 1)]);
const failure = {message: 'no route', remedy: 'see the net', unreachable: true};

/** Units that nobody has to do anything about. */
const going = LOADING_STATE.units.filter(
  ({state}) => state.status !== 'failed' && (state.status !== 'running' || state.paused === null),
);

describe('what now', () => {
  test('a run that has not begun begins with run', () => {
    expect(whatNow(NEW_RUN)).toEqual(['The run has not begun: longhaul run begins it.']);
  });

  test('a failed unit is named with its remedy, and not once more as its step', () => {
    const state = after({type: 'step.failed', step: 'full-load', failure});
    expect(whatNow(state)).toEqual([
      expect.stringMatching(/^Unit 05-users has failed: .*, then R$/),
      '1 lane is paused: longhaul resume --all lets it go on',
    ]);
  });

  test('a step that waits says its question and the command', () => {
    const state = after({type: 'step.waiting', step: 'strip-target', question: 'Strip it?', actions: []});
    expect(whatNow(state)).toContain(
      'strip-target waits for an answer: Strip it? If so: longhaul confirm strip-target acme-prod',
    );
  });

  test('a load that is held says how it is let go', () => {
    expect(whatNow(after({type: 'load.held', by: 'ana'}))).toContainEqual(
      expect.stringContaining('longhaul resume --start'),
    );
  });

  test('a failed step is run again once its remedy is done', () => {
    const units = LOADING_STATE.units.filter(({state}) => state.status === 'committed');
    const state = {...after({type: 'step.failed', step: 'compare-rows', failure}), units};
    expect(whatNow(state)).toEqual(['Step compare-rows has failed: see the net; then longhaul run']);
  });

  test('a lost P is the first thing', () => {
    const lost = {message: 'the replica was restarted', remedy: 'longhaul run begins again', unreachable: false};
    expect(whatNow(after({type: 'boundary.moved', failure: lost}))[0]).toBe('P is lost: longhaul run begins again');
  });

  test('a run that is given up says that a new one has a new P', () => {
    expect(whatNow(after({type: 'run.aborted', by: 'ana', evidence: {}}))).toEqual([
      expect.stringContaining('a new P'),
    ]);
  });

  test('while all goes well there is nothing to do', () => {
    expect(whatNow({...LOADING_STATE, units: going})).toEqual(['Nothing: full-load is at work.']);
  });

  test('without a supervisor nothing is at work, whatever the journal says, unless all is over', () => {
    expect(whatNowAlone({...LOADING_STATE, units: going})).toEqual([
      'No step goes on and nothing is watched without a supervisor: longhaul run starts one.',
    ]);
    expect(whatNowAlone(LOADING_STATE)[1]).toMatch(/^Unit 05-users has failed/);
    const aborted = after({type: 'run.aborted', by: 'ana', evidence: {}});
    expect(whatNowAlone(aborted)).toEqual(whatNow(aborted));
    expect(whatNowAlone(NEW_RUN)).toEqual(whatNow(NEW_RUN));
  });

  test('a run that is done says to start change capture, at which P, on which slots, and to say so', () => {
    const state: RunState = {
      ...LOADING_STATE,
      status: 'done',
      units: LOADING_STATE.units.filter(({state: unit}) => unit.status === 'committed'),
      steps: LOADING_STATE.steps.map(({id}) => ({
        id,
        state: {status: 'done', startedAt: '', endedAt: '', evidence: {}, already: false},
      })),
      lastProof: {at: '2026-11-24T04:00:00.000Z', slots: ['dms_slot_01', 'dms_slot_02']},
    };
    expect(whatNow(state)).toEqual([
      'Start change capture at P 35FE3/B63D4718 on dms_slot_01, dms_slot_02; once it reads them: longhaul cdc-started --yes acme-prod',
    ]);
    expect(whatNow({...state, cdcStarted: {at: '', by: 'ana'}})).toEqual([
      'Nothing: the load is done and change capture has begun.',
    ]);
  });
});
