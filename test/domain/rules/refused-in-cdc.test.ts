import {describe, expect, test} from 'vitest';
import {whyNotAdopted, whyNotOfSlot} from '../../../src/domain/rules/refused-in-cdc.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {stateNamed} from '../../support/states.ts';

const SLOT = 'dms_slot_01';
const WORDS = ['pause-cdc', 'resume-cdc', 'kick-cdc', 'skip-cdc'] as const;

/** With a table that could be adopted. */
function born(state: RunState): RunState {
  const newTables = [{table: {schema: 'public', name: 'born'}, since: '', adoptedInto: null}];
  return {...state, capture: {...state.capture, newTables}};
}

const {cutover} = stateNamed('cutover under way');
const {cutover: opening} = stateNamed('target being opened');
const handedOver = stateNamed('handed over');

describe('what is done to change capture by hand', () => {
  test.each<[string, RunState, string]>([
    ['a cutover', stateNamed('cutover under way'), 'longhaul cutover --back-out takes it back'],
    ['a target that is being opened', stateNamed('target being opened'), 'longhaul status shows how far it is'],
    ['a way back', {...handedOver, back: cutover}, 'longhaul back --back-out takes it back'],
    ['a source that is being opened', {...handedOver, back: opening}, 'longhaul status shows how far it is'],
  ])(
    'is refused during %s: what was skipped would be lost, and what goes on applied to a side that is open',
    (_, state, remedy) => {
      for (const word of WORDS) expect(whyNotOfSlot(state, word, SLOT)?.remedy).toBe(remedy);
      expect(whyNotAdopted(born(state), 'public.born')?.remedy).toBe(remedy);
    },
  );

  test.each(['caught up', 'handed over', 'cutover taken back'] as const)('is carried out where it is %s', (name) => {
    for (const word of WORDS) expect(whyNotOfSlot(stateNamed(name), word, SLOT)).toBeNull();
    expect(whyNotAdopted(born(stateNamed(name)), 'public.born')).toBeNull();
  });
});
