import {describe, expect, test} from 'vitest';
import type {Lsn} from '../../../src/domain/pg/lsn.ts';
import {
  describeBehind,
  isCaughtUp,
  withCatchUpSample,
  whyBehind,
  type CatchUpSample,
} from '../../../src/engine/capture/catch-up.ts';

const MB = 1024 ** 2;
const WANTED = {caughtUpWalBytes: 16 * MB, caughtUpLagMs: 10_000, caughtUpForMs: 30_000};
const slot: CatchUpSample['slots'][number] = {
  slot: 'lh_01',
  state: 'running',
  waitsFor: [],
  lagBytes: MB,
  lagSeconds: 0,
  errors: 0,
};
const at = (seconds: number, change: Partial<typeof slot> = {}): CatchUpSample => ({
  atMs: seconds * 1000,
  slots: [{...slot, ...change}],
});
const keep = (...samples: readonly CatchUpSample[]): readonly CatchUpSample[] =>
  samples.reduce<readonly CatchUpSample[]>((all, one) => withCatchUpSample(all, one, WANTED), []);

describe('change capture has caught up', () => {
  test('once every slot has been so for as long as is wanted, and not before', () => {
    expect(isCaughtUp([], WANTED)).toBe(false);
    expect(isCaughtUp(keep(at(0), at(29)), WANTED)).toBe(false);
    expect(isCaughtUp(keep(at(0), at(10), at(30)), WANTED)).toBe(true);
    expect(isCaughtUp(keep(at(0), at(10, {lagBytes: 17 * MB}), at(30)), WANTED)).toBe(false);
    expect(isCaughtUp(keep(at(0, {lagBytes: 17 * MB}), at(1), at(31)), WANTED)).toBe(true);
  });

  test('not while any of them is behind, by bytes or by its sentinel, or does not run', () => {
    const behind: readonly Partial<typeof slot>[] = [
      {lagBytes: 16 * MB + 1},
      {lagSeconds: 10.1},
      {state: 'down'},
      {state: 'stopped'},
      {state: 'blocked', waitsFor: [8]},
      {lagBytes: null},
    ];
    for (const change of behind) {
      const sample: CatchUpSample = {atMs: 30_000, slots: [slot, {...slot, ...change}]};
      expect([change, isCaughtUp(keep(at(0), sample), {...WANTED, caughtUpForMs: 0})]).toEqual([change, false]);
    }
    expect(whyBehind({...slot, state: 'down', errors: 4}, WANTED)).toBe('no worker applies it, 4 errors so far');
  });

  test('in a time that is foretold from how fast it goes, and never where the source is faster', () => {
    const busy = new Map([['lh_01', [{table: 'public.events', rowsPerSecond: 812.4}]]]);
    const words = (first: number, last: number): string =>
      describeBehind(keep(at(0, {lagBytes: first * MB}), at(20, {lagBytes: last * MB})), WANTED, busy);
    expect(words(116, 96)).toBe('lh_01: 96 MB and 0 s behind, about 1:20 more');
    expect(words(96, 116)).toContain('not catching up: the source writes faster than it applies');
    expect(words(96, 116)).toContain('over more slots: public.events (812 rows a second) change most');
    expect(describeBehind(keep(at(0)), WANTED, new Map())).toContain('every slot has caught up');
    const still = {appliedLsn: '0/100' as Lsn};
    const behind = keep(at(0, {...still, lagBytes: 96 * MB}), at(20, {...still, lagBytes: 116 * MB}));
    expect(describeBehind(behind, WANTED, busy)).toContain('and nothing of it is applied: its worker is at a large');
  });

  test('is judged by the last minute, whatever was before', () => {
    expect(keep(...Array.from({length: 200}, (_, second) => at(second)))).toHaveLength(61);
  });
});
