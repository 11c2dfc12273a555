import {describe, expect, test} from 'vitest';
import {NOTHING_CAPTURED, whyNotWhole} from '../../../../src/domain/run/capture/capture-state.ts';
import {reduceCapture} from '../../../../src/domain/run/reduce/capture.ts';
import type {RunEvent} from '../../../../src/domain/run/event.ts';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import {whyRefused} from '../../../../src/domain/rules/why-refused.ts';
import {inMemory} from '../../../support/in-memory.ts';

const BORN = {schema: 'public', name: 'born'};
const BEGUN: RunEvent = {type: 'cdc.started', by: 'start-cdc', evidence: {}};
const LOST = {
  type: 'source.lost',
  from: parseLsn('0/500'),
  failure: {message: 'a standby was promoted', remedy: 'a new run', unreachable: false},
  evidence: {},
} as const satisfies RunEvent;
const SKIPPING: RunEvent = {
  type: 'cdc.skipping',
  slot: 'lh_01',
  by: 'ana',
  xid: '7',
  commitLsn: parseLsn('0/1'),
  endLsn: parseLsn('0/2'),
  tables: [BORN],
  changes: [],
};

const stateAfter = (...events: readonly RunEvent[]) => inMemory(...events).state();
const whys = (...events: readonly RunEvent[]) => whyNotWhole(stateAfter(...events).capture).map(({why}) => why);

const inHour = (seq: number, event: RunEvent): Parameters<typeof reduceCapture>[1] =>
  ({seq, at: `2026-11-24T0${seq}:00:00.000Z`, ...event}) as Parameters<typeof reduceCapture>[1];

const capturedAfter = (...events: readonly RunEvent[]) =>
  events.reduce((state, event, index) => reduceCapture(state, inHour(index + 1, event)), NOTHING_CAPTURED);

describe('what the journal has of change capture that runs', () => {
  test('a table that is not captured counts until it was adopted whole, or is gone from the source, also where its adoption has failed', () => {
    const adopting: RunEvent = {type: 'table.adopting', table: BORN, slot: 'lh_01', by: 'ana'};
    const seen: RunEvent = {type: 'tables.uncaptured', tables: [BORN]};
    expect(whys(seen)).toHaveLength(1);
    expect(whys(seen, {type: 'tables.uncaptured', tables: []})).toEqual([]);
    const failed: RunEvent = {type: 'table.not-adopted', table: BORN, failure: LOST.failure};
    expect(whys(seen, adopting, failed)).toHaveLength(1);
    expect(whys(seen, adopting, failed, {type: 'tables.uncaptured', tables: [BORN]})).toHaveLength(1);
    expect(whys(seen, adopting, failed, {type: 'tables.uncaptured', tables: []})).toEqual([]);
    expect(whys(seen, adopting, {type: 'table.adopted', table: BORN, slot: 'lh_01', rows: 1})).toEqual([]);
  });

  test('a comparison that is owed since a skip counts until it was made', () => {
    expect(whys(SKIPPING)).toEqual([
      'public.born has to be compared: transaction 7 of lh_01 at 0/1 was skipped by ana',
    ]);
    expect(whys(SKIPPING, {type: 'comparison.made', tables: [BORN]})).toEqual([]);
  });

  test('a comparison of a table that the source has no more is owed by nobody', () => {
    const gone: RunEvent = {type: 'tables.gone', tables: [BORN]};
    expect(whys(SKIPPING, gone)).toEqual([]);
    expect(capturedAfter(SKIPPING, gone).gone).toEqual([BORN]);
    expect(capturedAfter(gone, {type: 'tables.gone', tables: []}).gone).toEqual([]);
    expect(whys(gone, {type: 'comparison.owed', tables: [BORN], why: 'it is back'})).toHaveLength(1);
  });

  test('a table that comes to be owed once more is owed since then, for its first reason', () => {
    const entry = (seq: number, at: string, why: string) =>
      ({type: 'comparison.owed', seq, at, tables: [BORN], why}) as const;
    const first = reduceCapture(NOTHING_CAPTURED, entry(1, '2026-11-24T00:00:00.000Z', 'a skip'));
    const again = reduceCapture(first, entry(2, '2026-11-24T01:00:00.000Z', 'another'));
    expect(again.owed).toEqual([{table: BORN, since: '2026-11-24T01:00:00.000Z', why: 'a skip'}]);
  });

  test('a source that is another makes all void, and nothing is resumed, kicked, skipped or adopted any more', () => {
    const state = stateAfter(BEGUN, {type: 'tables.uncaptured', tables: [BORN]}, LOST);
    expect(whyNotWhole(state.capture)[0]?.why).toBe('a standby was promoted');
    for (const type of ['resume-cdc', 'kick-cdc'] as const)
      expect(whyRefused(state, {type, slot: 'lh_01'}, 'acme')?.why).toBe('a standby was promoted');
    expect(whyRefused(state, {type: 'skip-cdc', slot: 'lh_01', commitLsn: '0/1', typed: 'acme'}, 'acme')?.remedy).toBe(
      'a new run',
    );
    expect(whyRefused(state, {type: 'adopt-table', table: 'public.born', typed: 'acme'}, 'acme')?.remedy).toBe(
      'a new run',
    );
    expect(whyRefused(state, {type: 'pause-cdc', slot: 'lh_01'}, 'acme')).toBeNull();
  });

  test('a slot that is paused is neither paused again, nor kicked, nor skipped', () => {
    const state = stateAfter(BEGUN, {type: 'cdc.paused', slot: 'lh_01', by: 'ana'});
    for (const type of ['pause-cdc', 'kick-cdc'] as const)
      expect(whyRefused(state, {type, slot: 'lh_01'}, 'acme')?.remedy).toBe('longhaul cdc resume lh_01');
    expect(whyRefused(state, {type: 'resume-cdc', slot: 'lh_01'}, 'acme')).toBeNull();
    expect(
      stateAfter(BEGUN, {type: 'cdc.paused', slot: 'lh_01', by: 'ana'}, {type: 'cdc.resumed', slot: 'lh_01', by: 'ana'})
        .capture.paused,
    ).toEqual([]);
  });

  test('a table that is copied anew is owed no comparison any more, but one that came to be owed on the way', () => {
    const owed: RunEvent = {type: 'comparison.owed', tables: [BORN], why: 'a skip'};
    const adopting: RunEvent = {type: 'table.adopting', table: BORN, slot: 'lh_01', by: 'ana'};
    const adopted: RunEvent = {type: 'table.adopted', table: BORN, slot: 'lh_01', rows: 1};
    expect(capturedAfter(owed, adopting, adopted).owed).toEqual([]);
    expect(capturedAfter(adopting, owed, adopted).owed).toHaveLength(1);
    // Told first, then owed, then copied as it is by then.
    const seen: RunEvent = {type: 'tables.uncaptured', tables: [BORN]};
    expect(capturedAfter(seen, owed, adopting, adopted).owed).toEqual([]);
  });

  test('a table that may differ is copied anew by the same command', () => {
    const state = stateAfter(BEGUN, {type: 'comparison.owed', tables: [BORN], why: 'a skip'});
    expect(whyRefused(state, {type: 'adopt-table', table: 'public.born', typed: 'acme'}, 'acme')).toBeNull();
  });

  test('the sentinels of a slot are taken in whenever they are lost, and those of nobody are not', () => {
    const {claimed, ...state} = stateAfter(BEGUN);
    const adopts = (table: string) =>
      whyRefused(
        {...state, claimed: [...claimed, 'sentinel lh_01']},
        {type: 'adopt-table', table, typed: 'acme'},
        'acme',
      );
    expect(adopts('longhaul_cdc.lh_01')).toBeNull();
    expect(adopts('longhaul_cdc.lh_02')?.why).toContain('not among the tables');
    expect(adopts('public.lh_01')?.why).toContain('not among the tables');
  });

  test('only a table that is not captured, or may differ, is adopted', () => {
    const state = stateAfter(BEGUN);
    expect(whyRefused(state, {type: 'adopt-table', table: 'public.born', typed: 'acme'}, 'acme')?.why).toContain(
      'not among the tables',
    );
    expect(whyRefused(state, {type: 'adopt-table', table: 'born', typed: 'acme'}, 'acme')?.why).toContain('no table');
  });
});
