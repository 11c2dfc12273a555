import {assert, array, constantFrom, property} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
  bucketsOf,
  differenceOf,
  differingBuckets,
  divideRest,
  isMendable,
  isMended,
  sumOf,
} from '../../../../src/engine/cutover/rest/choose-way.ts';
import {NEW_RUN, type RunState} from '../../../../src/domain/run/run-state.ts';
import type {RestTable} from '../../../../src/engine/cutover/rest/read-rest.ts';
import type {RestFacts} from '../../../../src/pg/cutover/rest-tables.ts';

const MB = 1024 ** 2;
const P = '2026-11-27T08:00:00.000000Z';
const FACTS: RestFacts = {
  schema: 'public',
  name: 'log',
  oid: '16400',
  file: '16400',
  bytes: 100 * MB,
  heapBytes: 100 * MB,
  rows: 1_000_000,
  changed: 0,
  countedSince: '2026-11-01T00:00:00.000000Z',
  mayTruncate: true,
  mayWrite: true,
  maySwitch: true,
  hasTriggers: false,
  hasRules: false,
};
const STATE: Pick<RunState, 'boundary' | 'capture' | 'evidence' | 'back'> = {
  ...NEW_RUN,
  boundary: {
    lsn: '0/0' as NonNullable<RunState['boundary']>['lsn'],
    postmasterStart: '',
    timeline: null,
    systemIdentifier: null,
    capturedAt: P,
  },
};
const table = (facts: Partial<RestFacts>, kind: RestTable['kind'] = 'inserts-only'): RestTable => ({
  table: {schema: 'public', name: 'log'},
  kind,
  source: {...FACTS, ...facts},
  target: FACTS,
});

describe('a table of which inserts alone come', () => {
  test.each([
    ['is large and only grows, by counters that are older than P: it is left to the last comparison', {}, true],
    ['is counted nobody knows since when, as after a crash from 15 on', {countedSince: null}, false],
    ['is counted since just before P, by clocks that may differ', {countedSince: '2026-11-27T07:56:00.000000Z'}, false],
    ['was updated', {changed: 1}, false],
    ['is counted only since P, for the server has crashed', {countedSince: '2026-11-27T08:00:00.000001Z'}, false],
    ['is not counted at all', {changed: null}, false],
    ['is small enough to be read in any case', {bytes: 64 * MB}, false],
  ] as const)('%s', (_, facts, isLeft) => {
    const one = table(facts);
    expect(divideRest([one], STATE)).toEqual(isLeft ? {compared: [], left: [one]} : {compared: [one], left: []});
  });

  test('is read all the same where the last comparison does not read it, and once production was on the target', () => {
    const one = table({});
    const adopted = [{table: one.table, slot: 'lh_01'}];
    expect(divideRest([one], {...STATE, capture: {...STATE.capture, adopted}}).compared).toEqual([one]);
    const evidence = {'back-hand-over': {}} as RunState['evidence'];
    expect(divideRest([one], {...STATE, evidence}).compared).toEqual([one]);
  });

  test('on the way back is told by what the target has counted since the hand-over', () => {
    const one = table({});
    const handedOver = {...STATE, boundary: null, back: {handedOverAt: P} as NonNullable<RunState['back']>};
    expect(divideRest([one], handedOver, true).left).toEqual([one]);
    expect(divideRest([table({changed: 1})], handedOver, true).left).toEqual([]);
    expect(divideRest([table({countedSince: P})], handedOver, true).left).toEqual([]);
    expect(divideRest([one], STATE, true).left).toEqual([]);
  });

  test('that is unlogged, or was truncated, is compared whatever was counted', () => {
    const all = [table({}, 'unlogged'), table({}, 'truncated')];
    expect(divideRest(all, STATE).compared).toEqual(all);
  });
});

describe('two sides by buckets', () => {
  test('have about 64 rows in each, as many buckets as may be', () => {
    expect(bucketsOf({rows: 1000, heapBytes: MB})).toBe(4096);
    expect(bucketsOf({rows: 1_000_000, heapBytes: 100 * MB})).toBe(16_384);
    expect(bucketsOf({rows: 0, heapBytes: 200 * MB})).toBe(32_768);
    expect(bucketsOf({rows: 1e9, heapBytes: MB})).toBe(262_144);
  });

  test('are mended by their difference where few changes are scattered in many rows', () => {
    expect(isMendable({rows: 10_000_000, heapBytes: MB}, 1000)).toBe(true);
    expect(isMendable({rows: 10_000_000, heapBytes: MB}, 2000)).toBe(false);
    // Of 4,096 buckets, each change is in two.
    expect(isMendable({rows: 100_000, heapBytes: MB}, 1024)).toBe(true);
    expect(isMendable({rows: 100_000, heapBytes: MB}, 1025)).toBe(false);
  });

  const source = [
    {bucket: 0, rows: 10, sum: '5'},
    {bucket: 1, rows: 10, sum: '7'},
    {bucket: 2, rows: 1, sum: '-3'},
  ];

  test('differ where rows or sums do, or one has none', () => {
    const target = [
      {bucket: 0, rows: 10, sum: '5'},
      {bucket: 1, rows: 10, sum: '8'},
      {bucket: 3, rows: 1, sum: '4'},
    ];
    expect(differingBuckets(source, target)).toEqual([1, 2, 3]);
    expect(differingBuckets(source, source)).toEqual([]);
    expect(sumOf(source)).toEqual({rows: 21, sum: '9'});
  });

  test('of a large table are mended row by row where few rows are in buckets that differ', () => {
    const target = source.with(2, {bucket: 2, rows: 2, sum: '9'});
    expect(isMended({bytes: 9 * MB}, source, target)).toBe(true);
    expect(isMended({bytes: 8 * MB}, source, target)).toBe(false);
    const same = {bucket: 2, rows: 500_000, sum: '1'};
    const [many, others] = [150_000, 100_000].map((rows) => [{bucket: 1, rows, sum: String(rows)}, same]);
    expect(isMended({bytes: 9 * MB}, many ?? [], others ?? [])).toBe(false);
  });

  test('are copied whole where most of their rows would be looked for, as those of a table that the target has none of', () => {
    expect(isMended({bytes: 9 * MB}, source, [])).toBe(false);
    expect(isMended({bytes: 9 * MB}, source, source.slice(2))).toBe(false);
  });
});

/** Rows as a server gives them: those that are alike together, each with its place. */
const alike = (all: readonly string[]) =>
  [...Map.groupBy(all.keys(), (at) => all[at] ?? '')].map(([hash, places]) => ({hash, places: places.map(String)}));

describe('the difference of two multisets', () => {
  const rows = array(constantFrom('a', 'b', 'c', 'd'), {maxLength: 30});
  test('makes the target the source, whatever they hold, and touches no more rows than it must', () => {
    assert(
      property(rows, rows, (source, target) => {
        const {take, remove} = differenceOf(alike(source), alike(target));
        const kept = target.filter((_, at) => !remove.includes(String(at)));
        const taken = take.map((place) => source[Number(place)] ?? '');
        expect([...kept, ...taken].toSorted()).toEqual(source.toSorted());
        expect(taken.filter((one) => target.some((row, at) => row === one && remove.includes(String(at))))).toEqual([]);
      }),
    );
  });
});
