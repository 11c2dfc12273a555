import {describe, expect, test} from 'vitest';
import {sideLeft, type Cutover} from '../../../../src/domain/run/cutover/cutover.ts';
import {isSomebodyNew, visitorWords, withVisits, type Visitor} from '../../../../src/domain/run/cutover/visitors.ts';
import type {RunEvent} from '../../../../src/domain/run/event.ts';
import {reduceAll} from '../../../../src/domain/run/reduce.ts';

const APP = {role: 'app', address: '10.0.0.7', applicationName: 'worker-3'};
const BATCH = {role: 'batch', address: null, applicationName: ''};
const [AT, LATER] = ['2026-11-24T04:31:07.000Z', '2026-11-24T04:32:00.000Z'];
const one: Visitor = {...APP, sessions: 2, lastAt: AT};

describe('who comes to the side that was left', () => {
  test('counts by his sessions, each once for as long as it is there', () => {
    const first = withVisits(
      [],
      [APP, APP, BATCH].map((client) => ({...client, isNew: false})),
      AT,
    );
    expect(first).toEqual([
      {...APP, sessions: 2, lastAt: AT},
      {...BATCH, sessions: 1, lastAt: AT},
    ]);
    const again = withVisits(
      first,
      [
        {...BATCH, isNew: false},
        {...BATCH, isNew: true},
      ],
      LATER,
    );
    // Who was seen last is the first to be looked for.
    expect(again).toEqual([
      {...BATCH, sessions: 2, lastAt: LATER},
      {...APP, sessions: 2, lastAt: AT},
    ]);
  });

  test('is another one from another address or by another name', () => {
    expect(isSomebodyNew([APP], [one])).toBe(false);
    expect(isSomebodyNew([{...APP, address: '10.0.0.8'}], [one])).toBe(true);
    expect(isSomebodyNew([{...APP, applicationName: 'worker-4'}], [one])).toBe(true);
  });

  test('is one of fifty at most, those that were seen last', () => {
    const many = Array.from({length: 60}, (_, n) => ({...APP, applicationName: `pool-${n}`, isNew: true}));
    const known = withVisits([one], many.slice(0, 30), LATER);
    expect(known).toHaveLength(31);
    expect(withVisits(known, many, '2026-11-24T04:33:00.000Z')).toHaveLength(50);
  });

  test('is named with role, address and application, as far as they are known', () => {
    expect(visitorWords(one)).toBe(`app from 10.0.0.7, worker-3: 2 sessions, last seen ${AT}`);
    expect(visitorWords({...BATCH, sessions: 1, lastAt: AT}, '04:31:07')).toBe('batch: 1 session, last seen 04:31:07');
  });
});

function stateAfter(...events: readonly RunEvent[]): {cutover: Cutover | null; back: Cutover | null} {
  return reduceAll(events.map((event, at) => ({...event, seq: at + 1, at: AT})));
}

const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ops', steps: []};
const OVER: readonly RunEvent[] = [BEGUN, {type: 'cutover.handed-over', by: 'run', evidence: {}}];
const BACK: RunEvent = {type: 'back.begun', by: 'ops', steps: []};
const RETURNED: RunEvent = {type: 'back.handed-over', by: 'run', evidence: {}};

describe('the side that was left', () => {
  test('is the source from the hand-over on, and none before', () => {
    expect(sideLeft(stateAfter())).toBeNull();
    expect(sideLeft(stateAfter(BEGUN, {type: 'cutover.opening', by: 'ops'}))).toBeNull();
    expect(sideLeft(stateAfter(...OVER, {type: 'cutover.visited', visitors: [one]}))).toEqual({
      side: 'source',
      visitors: [one],
    });
  });

  test('is the source for as long as one may stay on the target, and the target once one is back', () => {
    expect(sideLeft(stateAfter(...OVER, BACK))?.side).toBe('source');
    expect(sideLeft(stateAfter(...OVER, BACK, {type: 'back.gone-back', by: 'ops', reason: ''}))?.side).toBe('source');
    // Whoever comes to a source that is being opened is right there.
    expect(sideLeft(stateAfter(...OVER, BACK, {type: 'back.opening', by: 'ops'}))).toBeNull();
    const back = stateAfter(...OVER, BACK, RETURNED, {type: 'back.visited', visitors: [one]});
    expect(sideLeft(back)).toEqual({side: 'target', visitors: [one]});
    const again = stateAfter(...OVER, BACK, RETURNED, BEGUN);
    expect(sideLeft(again)).toBeNull();
  });
});
