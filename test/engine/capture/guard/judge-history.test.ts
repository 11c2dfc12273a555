import {describe, expect, test} from 'vitest';
import type {RunState} from '../../../../src/domain/run/run-state.ts';
import type {Lsn} from '../../../../src/domain/pg/lsn.ts';
import {
  certainOf,
  certainUpTo,
  seenOfThese,
  whyVoid,
  type HistorySeen,
  type SlotThen,
} from '../../../../src/engine/capture/guard/judge-history.ts';

const slot: SlotThen = {
  slot: 'lh_01',
  state: 'running',
  appliedLsn: '0/500' as Lsn,
  receivedLsn: '0/500' as Lsn,
  confirmedLsn: '0/500' as Lsn,
  isRead: true,
  isHeld: false,
  certainLsn: '0/450' as Lsn,
  decoded: {transactions: 9, resetAt: null, countedSince: 'yesterday'},
};
const seen: HistorySeen = {
  boundary: {systemIdentifier: '7', timeline: 1},
  source: {systemIdentifier: '7', inRecovery: false, timeline: 1, insertLsn: '0/900' as Lsn},
  before: [slot],
  now: [slot],
};
const idle = {...slot, state: 'stopped', isRead: false} as const;
const later = '0/600' as Lsn;
const counts = {transactions: 9, resetAt: null, countedSince: 'yesterday'};

describe('the source of change capture', () => {
  test.each<[string, Partial<HistorySeen>, RegExp | null]>([
    ['is the same', {}, null],
    ['does not tell its identity, before 9.6', {source: {...seen.source, systemIdentifier: null}}, null],
    ['is another cluster', {source: {...seen.source, systemIdentifier: '8'}}, /another cluster/],
    ['was a standby that was promoted', {source: {...seen.source, timeline: 2}}, /timeline 2.*was promoted/],
    ['is a standby', {source: {...seen.source, inRecovery: true, timeline: null, insertLsn: null}}, /a standby now/],
    ['was set back', {source: {...seen.source, insertLsn: '0/400' as Lsn}}, /was set back/],
    ['has lost a slot', {now: [{...slot, confirmedLsn: null}]}, /is gone/],
    ['has a slot where it was last saved, after a restart', {now: [{...slot, confirmedLsn: '0/400' as Lsn}]}, null],
    ['has a slot that its worker has moved on', {now: [{...slot, confirmedLsn: later}]}, null],
    [
      'has a slot that moves though nobody of ours reads it',
      {before: [idle], now: [{...idle, confirmedLsn: later}]},
      /somebody else has/,
    ],
    [
      'has a slot that moved between two fences, or two pauses, of this run',
      {before: [{...idle, isHeld: true}], now: [{...idle, isHeld: true, confirmedLsn: later}]},
      null,
    ],
    [
      'has a slot that moved until a fence of this run was there',
      {before: [idle], now: [{...idle, isHeld: true, confirmedLsn: later}]},
      null,
    ],
    [
      'has a slot that moved once a fence of this run was let go',
      {before: [{...idle, isHeld: true}], now: [{...idle, confirmedLsn: later}]},
      null,
    ],
    [
      'has a slot whose task has run for a moment, and was stopped by somebody else',
      {before: [{...idle, lastRan: 'a'}], now: [{...idle, lastRan: 'b', confirmedLsn: later}]},
      null,
    ],
    [
      'has a slot that moves though its task has not run',
      {before: [{...idle, lastRan: 'a'}], now: [{...idle, lastRan: 'a', confirmedLsn: later}]},
      /somebody else has/,
    ],
    [
      'has lost a slot under a fence of this run',
      {before: [{...idle, isHeld: true}], now: [{...idle, isHeld: true, confirmedLsn: null}]},
      /is gone/,
    ],
    [
      'has a slot that was dropped and made again between two readings, under the worker that reads it',
      {now: [{...slot, confirmedLsn: later, decoded: {...counts, transactions: 2}}]},
      /dropped and made again/,
    ],
    [
      'has crashed, and counts anew',
      {now: [{...slot, decoded: {...counts, transactions: 0, countedSince: 'today'}}]},
      null,
    ],
    [
      'has a slot whose figures somebody has reset',
      {now: [{...slot, decoded: {...counts, transactions: 0, resetAt: 'today'}}]},
      null,
    ],
    ['does not count what its slots decode, before 14', {before: [{...slot, decoded: null}]}, null],
    [
      'is the same, and the target was restored from an earlier backup',
      {now: [{...slot, appliedLsn: '0/400' as Lsn}]},
      /the target was set back/,
    ],
    [
      'is the same, and the target has crashed before what it had applied was on its disk',
      {now: [{...slot, appliedLsn: '0/460' as Lsn}]},
      null,
    ],
    [
      'is the same, and both have crashed: its slot brings again what the target has lost',
      {now: [{...slot, appliedLsn: '0/400' as Lsn, confirmedLsn: '0/390' as Lsn}]},
      null,
    ],
    ['has a slot that moved while it was being stopped', {before: [slot], now: [{...idle, confirmedLsn: later}]}, null],
  ])('%s', (_, change, words) => {
    expect(whyVoid({...seen, ...change})?.why ?? 'the same').toMatch(words ?? /^the same$/);
  });

  test('tells whether it may come back as it was', () => {
    expect(whyVoid({...seen, source: {...seen.source, timeline: 2}})?.isAnother).toBe(true);
    expect(whyVoid({...seen, now: [{...slot, confirmedLsn: null}]})?.isAnother).toBe(false);
  });

  test('knows of the target what was applied once it is confirmed, and keeps that', () => {
    expect(certainOf(undefined, later)).toBeNull();
    expect(certainOf({appliedLsn: '0/700' as Lsn, certainLsn: null}, later)).toBeNull();
    expect(certainOf({appliedLsn: '0/700' as Lsn, certainLsn: '0/450' as Lsn}, later)).toBe('0/450');
    expect(certainOf({appliedLsn: '0/600' as Lsn, certainLsn: '0/450' as Lsn}, later)).toBe('0/600');
    expect(certainOf({appliedLsn: '0/400' as Lsn, certainLsn: '0/450' as Lsn}, later)).toBe('0/450');
  });

  test('holds nothing against slots that a cutover or a way back has made anew since', () => {
    const turn = {status: 'handed-over'} as NonNullable<RunState['cutover']>;
    expect(seenOfThese({slots: [slot], cutover: null, back: null}, {cutover: null, back: null})).toEqual([slot]);
    expect(seenOfThese({slots: [slot], cutover: turn, back: null}, {cutover: turn, back: null})).toEqual([slot]);
    expect(seenOfThese({slots: [slot], cutover: null, back: null}, {cutover: turn, back: null})).toEqual([]);
    expect(seenOfThese({slots: [slot], cutover: turn, back: null}, {cutover: turn, back: {...turn}})).toEqual([]);
  });

  test('is certain up to what every slot has applied', () => {
    expect(certainUpTo([slot, {...slot, appliedLsn: '0/400' as Lsn}, {...slot, appliedLsn: null}])).toBe('0/400');
    expect(certainUpTo([])).toBeNull();
  });
});
