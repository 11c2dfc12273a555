import {describe, expect, test} from 'vitest';
import {wantedInShort, wantedOf} from '../../../src/domain/rules/wanted.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {isStanding, type RunState} from '../../../src/domain/run/run-state.ts';
import {stateNamed} from '../../support/states.ts';
import {journal, LOADING} from '../../ui/fixtures/acme-run.ts';

const after = (...events: readonly RunEvent[]): RunState =>
  reduceAll([...LOADING, ...journal(events, LOADING.length + 1)]);
const failure = {message: 'no route', remedy: 'see the net', unreachable: true};
const kinds = (state: RunState): string[] => wantedOf(state).map(({kind}) => kind);

describe('what waits for the operator', () => {
  test('a question comes first, whatever else has failed', () => {
    const state = after(
      {type: 'step.failed', step: 'full-load', failure},
      {type: 'step.waiting', step: 'strip-target', question: 'Strip it?', actions: []},
    );
    expect(kinds(state)).toEqual(['answer', 'step', 'unit']);
    expect(wantedInShort(state)).toBe('WAITS FOR YOU');
  });

  test('a unit that is tried again by itself waits for nobody, and no unit does once P is lost', () => {
    expect(wantedInShort(after())).toBe('1 UNIT FAILED');
    expect(kinds(after({type: 'unit.retried', unit: '05-users', by: 'ana'}))).toEqual([]);
    expect(kinds(after({type: 'boundary.moved', failure}))).toEqual([]);
  });

  test('a walk that ended by itself without a failed step is told with its reason; one that was to end is not', () => {
    const retried = {type: 'unit.retried', unit: '05-users', by: 'ana'} as const;
    const stopped = (end: 'failed' | 'incomplete' | 'reached' | 'halted'): RunState =>
      after(retried, {type: 'run.stopped', reason: 'ENOSPC', end});
    expect(wantedOf(stopped('failed'))).toEqual([{kind: 'walk', reason: 'ENOSPC'}]);
    expect(wantedInShort(stopped('incomplete'))).toBe('RUN FAILED');
    expect([...kinds(stopped('reached')), ...kinds(stopped('halted'))]).toEqual([]);
  });

  test('a run that is done waits for change capture, until somebody says that it has begun', () => {
    expect(wantedInShort(stateNamed('done'))).toBe('START CDC');
    expect(kinds({...stateNamed('done'), cdcStarted: {at: '', by: 'ana'}})).toEqual([]);
    expect(kinds({...stateNamed('done'), boundaryDisproved: failure})).toEqual([]);
  });

  test('a cutover that the run has taken back waits for another, and its failed step for nobody; one that an operator has taken back he knows of', () => {
    const taken = stateNamed('cutover taken back');
    expect(wantedOf(taken)).toEqual([{kind: 'taken-back', isBack: false, reason: 'drain: the target is away'}]);
    expect(wantedInShort(taken)).toBe('CUTOVER TAKEN BACK');
    expect(isStanding(taken)).toBe(false);
    expect(isStanding({...taken, cutover: null})).toBe(true);
    const by = (who: string): RunState['cutover'] =>
      taken.cutover === null ? null : {...taken.cutover, goneBack: {at: '', by: who, reason: ''}};
    expect(kinds({...taken, cutover: by('ana')})).toEqual([]);
    expect(wantedInShort({...taken, cutover: null, back: by('run')})).toBe('STEP FAILED');
  });

  test('a way back that the run has taken back is said as such', () => {
    const taken = stateNamed('cutover taken back');
    expect(wantedInShort({...taken, steps: [], cutover: null, back: taken.cutover})).toBe('WAY BACK TAKEN BACK');
  });
});
