import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {InventoryTable} from '../../../src/domain/pg/inventory.ts';
import type {RangeKey, SpreadValue} from '../../../src/domain/pg/range-key.ts';
import {cutOf} from '../../../src/domain/run/key-range.ts';
import {isKeyPart, judgeParts, partOf} from '../../../src/domain/run/table-part.ts';
import {spreadOf} from '../../../src/engine/inventory/read-range-keys.ts';
import {chooseBounds, cutTable} from '../../../src/engine/plan/cut-tables.ts';
import {keyChange} from '../../../src/engine/plan/judge-cuts.ts';
import {makePlan} from '../../../src/engine/plan/make-plan.ts';
import {noteUnits} from '../../../src/engine/plan/note-units.ts';
import {formatPlanFile, parsePlan, type Plan} from '../../../src/engine/plan/plan-file.ts';
import {GB, inventoryOf, table} from './inventory.ts';

/** So many values, each with the same share of the rows. */
const even = (count: number, write = (n: number): string => String(n)): SpreadValue[] =>
  Array.from({length: count}, (_, at) => ({value: write(at), share: at === count - 1 ? 0 : 1 / (count - 1)}));

const RANGE_KEY: RangeKey = {
  key: [{name: 'id', type: 'bigint'}],
  spread: [even(101)],
  correlation: 1,
  pages: (9 * GB) / 8192,
  rows: 1e8,
};
const OLD = {version: 130_000};
const SIZE = {unitBytes: 2 * GB, cutAbove: 2 * GB};
const LOAD = {bigTables: 0, method: 'copy', unitBytes: 2 * GB, lanes: 2} as never;

const keyed = (change: Partial<RangeKey> = {}, name = 'public.events'): InventoryTable =>
  table(name, 9, {rangeKey: {...RANGE_KEY, ...change}});

function planOf(...tables: InventoryTable[]): Plan {
  const cdc = {engine: 'none'} as const;
  return makePlan(inventoryOf(tables, OLD), {cdc, slots: {count: 1, prefix: 'dms_', assign: {}}, load: LOAD});
}

function read(text: string, ...tables: InventoryTable[]): Plan | string {
  try {
    return parsePlan(text, {path: 'plan.yaml', inventory: inventoryOf(tables, OLD), withSlots: false});
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return error.message;
  }
}

describe('a large table of a source before 14', () => {
  test('is cut by its key into ranges of equally many rows, which are the whole of it', () => {
    const {units} = planOf(keyed());
    const parts = units.flatMap(({id}) => partOf(id) ?? []);
    expect(parts).toHaveLength(5);
    expect(judgeParts(parts)).toBeNull();
    expect(cutOf(units.flatMap(({range}) => range ?? [])).bounds).toEqual([['20'], ['40'], ['60'], ['80']]);
    expect(Math.max(...units.map(({bytes}) => bytes))).toBeLessThanOrEqual(2 * GB);
  });

  test.each([
    [{why: 'it has no primary key'}, 'it has no primary key'],
    [undefined, 'its key was not read'],
    [{...RANGE_KEY, spread: [[]]}, 'no statistics of its key: ANALYZE'],
    [{...RANGE_KEY, pages: 1000}, 'its statistics are stale'],
    [{...RANGE_KEY, correlation: 0.1}, 'do not lie in the order of its key (correlation 0.10)'],
    [{...RANGE_KEY, spread: [[{value: '7', share: 1}]]}, 'have one value in the first column'],
  ])('is one unit where its key does not serve, and the plan says why: %j', (rangeKey, words) => {
    const one = table('public.events', 9, rangeKey === undefined ? {} : {rangeKey});
    const {units} = planOf(one);
    expect(units.map(({id}) => id)).toEqual(['01-public.events']);
    expect(noteUnits(inventoryOf([one], OLD), units, LOAD).join('\n')).toContain(words);
  });

  test('has no more ranges than an id can tell apart, whatever the size that is asked for', () => {
    const values = even(101).map((one, at) => ({...one, share: at < 100 ? 0.01 : 0}));
    const key = [...RANGE_KEY.key, {name: 'n', type: 'bigint'}] as const;
    const one = keyed({key, spread: [values, even(201)]});
    const cutting = cutTable(one, 130_000, {method: 'copy', unitBytes: 0.4 * 1024 ** 2, cutAbove: 1});
    expect(cutting.by).toBe('key');
    expect(cutting.by === 'key' ? cutting.cut.bounds.length : 0).toBeGreaterThan(4000);
    expect(cutting.by === 'key' ? cutting.cut.bounds.length : 0).toBeLessThan(9999);
  });

  test.each([
    [{rowSecurity: true}, 'row security'],
    [{columnCount: 0}, 'no columns'],
    [{heapBytes: GB}, 'not larger than a unit'],
  ])('is one unit as well with %j', (change, words) => {
    const cutting = cutTable({...keyed(), ...change}, 130_000, {method: 'copy', ...SIZE});
    expect(cutting).toMatchObject({by: 'nothing', why: expect.stringContaining(words)});
  });

  test('whose rows lie in the opposite order of the key is cut as well', () => {
    expect(cutTable(keyed({correlation: -0.99}), 130_000, {method: 'copy', ...SIZE}).by).toBe('key');
  });

  test('is cut within a value that many rows have, by the next column of the key', () => {
    const leading = [
      {value: '1', share: 0.1},
      {value: '7', share: 0.7},
      {value: '9', share: 0.2},
    ];
    expect(chooseBounds([leading, even(101)], 4)).toEqual([['7', '34'], ['7', '67'], ['9']]);
    // There is none: the value is one range.
    expect(chooseBounds([leading], 4)).toEqual([['9']]);
  });

  test('has never more ranges than units, nor an empty one at its end, however the values are spread', () => {
    const spread = fc
      .array(fc.double({min: 0.001, max: 1, noNaN: true}), {minLength: 1, maxLength: 200})
      .map((weights) => {
        const sum = weights.reduce((all, one) => all + one, 0);
        return weights.map((weight, at) => ({value: String(at), share: weight / sum}));
      });
    fc.assert(
      fc.property(spread, fc.integer({min: 2, max: 500}), (values, wanted) => {
        const bounds = chooseBounds([values], wanted).map(([value]) => Number(value));
        expect(bounds.length).toBeLessThan(wanted);
        expect(bounds).toEqual([...new Set(bounds)].toSorted((a, b) => a - b));
        expect(bounds).not.toContain(0);
      }),
    );
  });

  test('has the shares of its values from the histogram, and of those that are too frequent for it', () => {
    const row = {histogram: ['10', '20', '30'], common: ['25'], frequencies: [0.5]};
    // In the order of the server: 10 20 25 30.
    expect(spreadOf(row, [0, 1, 3, 2])).toEqual([
      {value: '10', share: 0.25},
      {value: '20', share: 0.25},
      {value: '25', share: 0.5},
      {value: '30', share: 0},
    ]);
    expect(spreadOf({histogram: null, common: ['a', 'b'], frequencies: [0.6, 0.4]}, [0, 1])).toEqual([
      {value: 'a', share: 0.6},
      {value: 'b', share: 0.4},
    ]);
  });
});

describe('a plan with cuts', () => {
  const hostile = [
    'it\'s "quoted"',
    'back\\slash',
    '$(id) `id` :x %s',
    'new\nline\ttab',
    '# no: [comment]',
    '\u0085\u2028',
    '😀',
    "'; --",
  ];
  const texts = keyed({
    key: [{name: 'we"ird\n# name', type: 'text'}],
    spread: [even(101, (n) => `${hostile[n % 8]}${n}`)],
  });
  const tables = [{...texts, primaryKey: ['we"ird\n# name']}, keyed({}, 'public.other')] as const;

  test('is read as it was written, hostile values and all', () => {
    const plan = planOf(...tables);
    const text = formatPlanFile(plan);
    expect(text).toMatch(/^[\n -~]*$/);
    expect(read(text, ...tables)).toEqual(plan);
  });

  test('is read as it was written whatever the values are', () => {
    fc.assert(
      // No value of Postgres has a byte that is 0.
      fc.property(
        fc.uniqueArray(
          fc.string({unit: 'binary'}).filter((text) => !text.includes('\0')),
          {minLength: 10, maxLength: 30},
        ),
        (values) => {
          const one = keyed({key: [{name: 'id', type: 'text'}], spread: [even(values.length, (n) => values[n] ?? '')]});
          const plan = planOf(one);
          expect(read(formatPlanFile(plan), one)).toEqual(plan);
        },
      ),
      {numRuns: 50},
    );
  });

  const [first] = planOf(...tables)
    .units.filter(({id}) => id.startsWith('02-'))
    .map(({id}) => id);
  const digest = first?.slice(-10) ?? '';

  test.each([
    ['a bound that was edited', '["40"]', '["41"]', 'is a range of a cut of public.other that is not in cuts'],
    ['an id that was edited', digest, '0123456789', 'is a range of a cut of public.other that is not in cuts'],
    ['a range that was taken out', `  ${first}: # 1.8 GB\n    - "public.other"\n`, '', 'leave out the range 1'],
    [
      'another column',
      '{name: "id", type: "bigint"}',
      '{name: "no", type: "bigint"}',
      'not by the first columns of the primary key',
    ],
    ['a type that is SQL', 'type: "bigint"', 'type: "bigint; DROP TABLE x"', 'is not a table with its key and bounds'],
    ['a bound that is a number', '["40"]', '[40]', 'is not a table with its key and bounds'],
    ['no cuts at all', /\ncuts:[^]*/, '', 'is a range of a cut of public.other that is not in cuts'],
  ])('is refused with %s', (_, from, to, words) => {
    const text = formatPlanFile(planOf(...tables));
    const edited = typeof from === 'string' ? text.split(from).join(to) : text.replace(from, to);
    expect(edited).not.toBe(text);
    expect(read(edited, ...tables)).toContain(words);
  });

  test('is read with a table whole that the plan had cut', () => {
    const text = formatPlanFile(planOf(keyed()));
    const whole = text.replace(/ {2}01-[^]*/, '  01-whole:\n    - public.events\n');
    const plan = read(whole, keyed());
    expect(typeof plan === 'string' ? plan : plan.units.map(({id}) => id)).toEqual(['01-whole']);
  });
});

/** A column of the key as the replica has it. */
const now = (column: string, type: string, notNull = true) => ({
  schema: 'public',
  name: 'events',
  column,
  type,
  notNull,
});

describe('a key that is another at the load than in the plan', () => {
  const key = [{name: 'id', type: 'bigint'}] as const;
  test.each([
    [[], 'no primary key any more'],
    [[now('no', 'bigint')], 'its primary key is (no bigint) by now, and the plan cuts it by (id bigint)'],
    [[now('id', 'numeric')], 'its primary key is (id numeric) by now'],
    [[now('tenant', 'integer'), now('id', 'bigint')], 'its primary key is (tenant integer, id bigint) by now'],
    [[now('id', 'bigint', false)], 'its primary key is'],
  ])('is seen: %j', (columns, words) => {
    expect(keyChange({key}, columns)).toContain(words);
  });

  test('is the same where it only goes on with more columns', () => {
    expect(keyChange({key}, [now('id', 'bigint'), now('more', 'text')])).toBeNull();
  });
});

describe('the parts of a cut', () => {
  test('of two tables never have the digest of each other', () => {
    const {units} = planOf(keyed({}, 'public.a'), keyed({}, 'public.b'));
    const digests = units.flatMap(({id}) => {
      const part = partOf(id);
      return part !== null && isKeyPart(part) ? [part.cut] : [];
    });
    expect(new Set(digests).size).toBe(2);
  });
});
