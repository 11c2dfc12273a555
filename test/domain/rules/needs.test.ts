import {describe, expect, test} from 'vitest';
import {isCompared, isLoadOver, isReleased, isReplicaMissed, needsOf} from '../../../src/domain/rules/needs.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {inMemory} from '../../support/in-memory.ts';
import {eventsOf, NAMED_STATES, stateNamed, type NamedState} from '../../support/states.ts';

const OPEN = 'the load at P has not begun';
const LEFT = '2 units are not loaded yet';
const AT_P = 'change capture begins with them at P';

/** The same run without slots. */
const without = (name: NamedState) =>
  inMemory(
    ...eventsOf(name).map((event): RunEvent => (event.type === 'boundary.proved' ? {...event, slots: []} : event)),
  ).state();

describe('what a run still needs of its servers', () => {
  test.each<[NamedState, string | null, string | null, string | null, string | null]>([
    // P, the paused replica, the slots, the ledger
    ['new', null, null, null, null],
    ['before P', null, null, 'they keep every change for the P to come', null],
    ['a step waits', null, null, 'they keep every change for the P to come', null],
    ['P captured', OPEN, OPEN, AT_P, null],
    ['P proved', OPEN, OPEN, AT_P, null],
    ['loading', LEFT, LEFT, AT_P, 'it says which units are loaded'],
    ['a lane paused', LEFT, LEFT, AT_P, 'it says which units are loaded'],
    ['a unit failed', '1 unit is not loaded yet', '1 unit is not loaded yet', AT_P, 'it says which units are loaded'],
    [
      'load done',
      'the rows are not compared yet',
      'the rows are not compared yet',
      AT_P,
      'it says which units are loaded',
    ],
    ['a difference open', 'change capture begins at it', null, AT_P, 'it says which units are loaded'],
    ['compared', 'change capture begins at it', null, AT_P, 'it says which units are loaded'],
    ['replay resumed', 'change capture begins at it', null, AT_P, 'it says which units are loaded'],
    ['done', 'change capture begins at it', null, AT_P, 'it says which units are loaded'],
    ['change capture begun', null, null, 'change capture reads them', 'it says which units are loaded'],
    ['P lost by the replica', null, null, 'the next P is taken with them', 'it says which units are loaded'],
    ['P no longer proved', LEFT, LEFT, AT_P, 'it says which units are loaded'],
    ['released', null, null, null, 'it says which units are loaded'],
    ['aborted', null, null, null, 'it tells the next run which rows it may replace'],
  ])('%s', (name, boundary, replica, slots, ledger) => {
    expect(needsOf(stateNamed(name))).toEqual({boundary, replica, slots, ledger});
  });

  test('a plain copy needs P for the comparison, and for nothing after it', () => {
    expect(needsOf(without('load done')).boundary).toBe('the rows are not compared yet');
    expect(needsOf(without('compared')).boundary).toBeNull();
  });

  test('the replica is missed at P while the load there is open, also once that is known, and not after a release', () => {
    const missed = NAMED_STATES.filter((name) => isReplicaMissed(stateNamed(name)));
    expect(missed).toEqual([
      'P captured',
      'P proved',
      'loading',
      'a lane paused',
      'a unit failed',
      'load done',
      'P lost by the replica',
      'P no longer proved',
    ]);
  });

  test.each(['pause-replay', 'capture-boundary', 'resume-replay'] as const)(
    'the replica is not missed while %s itself moves it',
    (step) => {
      const state = inMemory(...eventsOf('load done'), {type: 'step.started', step}).state();
      expect(isReplicaMissed(state)).toBe(false);
    },
  );

  test('P is released where the slots were dropped by the run’s own command, and nowhere else', () => {
    expect(NAMED_STATES.filter((name) => isReleased(stateNamed(name)))).toEqual(['released']);
  });

  test('a load that is compared is over once the replica has left P; one that is not is not', () => {
    expect(NAMED_STATES.filter((name) => isCompared(stateNamed(name)))).toEqual([
      'a difference open',
      'compared',
      'replay resumed',
      'done',
      'change capture begun',
      'caught up',
      'cutover under way',
      'target being opened',
      'handed over',
      'cutover taken back',
    ]);
    expect(NAMED_STATES.filter((name) => isLoadOver(stateNamed(name), true))).toEqual([
      'a difference open',
      'compared',
      'replay resumed',
      'done',
      'change capture begun',
      'caught up',
      'cutover under way',
      'target being opened',
      'handed over',
      'cutover taken back',
    ]);
    expect(NAMED_STATES.filter((name) => isLoadOver(stateNamed(name), false))).toEqual([
      'replay resumed',
      'done',
      'change capture begun',
      'caught up',
      'cutover under way',
      'target being opened',
      'handed over',
      'cutover taken back',
    ]);
  });
});
