import {describe, expect, test} from 'vitest';
import {formatRelation} from '../../../src/domain/pg/relation.ts';
import {planSlots} from '../../../src/engine/plan/plan-slots.ts';
import {tablesChange} from '../../../src/engine/plan/tables-now.ts';
import {laneApplicationName} from '../../../src/engine/load/host/lane-name.ts';
import {inventoryOf, relation, table} from './inventory.ts';

const slots = (count: number, assign = {}) => ({count, prefix: 'dms_slot_', assign});
const shape = (plan: ReturnType<typeof planSlots>): Record<string, string[]> =>
  Object.fromEntries(plan.slots.map(({name, tables}) => [name, tables.map((one) => formatRelation(one))]));

describe('the slots', () => {
  test('give the huge and the busy one each, keep what foreign keys tie together, and spread the rest', () => {
    const inventory = inventoryOf(
      [
        table('public.huge', 900),
        table('public.busy', 1, {writesPerSecond: 1000}),
        table('public.orders', 10),
        table('public.lines', 10),
        table('public.a', 5),
        table('public.b', 5),
      ],
      {foreignKeys: [{name: 'fk', from: relation('public.lines'), to: relation('public.orders')}]},
    );
    expect(shape(planSlots(inventory, slots(4)))).toEqual({
      dms_slot_01: ['public.busy'],
      dms_slot_02: ['public.huge'],
      dms_slot_03: ['public.orders', 'public.lines'],
      dms_slot_04: ['public.a', 'public.b'],
    });
  });

  test('keep to what the operator assigned, and refuse what would part tied tables', () => {
    const inventory = inventoryOf([table('public.a', 1), table('public.b', 1), table('public.c', 1)], {
      foreignKeys: [{name: 'fk', from: relation('public.a'), to: relation('public.b')}],
    });
    const kept = planSlots(inventory, slots(2, {dms_slot_02: [relation('public.c')]}));
    expect(shape(kept)['dms_slot_02']).toEqual(['public.c']);
    const torn = {dms_slot_01: [relation('public.a')], dms_slot_02: [relation('public.b')]};
    expect(() => planSlots(inventory, slots(2, torn))).toThrow('ties to it into dms_slot_01');
    expect(() => planSlots(inventory, slots(2, {dms_slot_01: [relation('public.no')]}))).toThrow('no such table');
    expect(() => planSlots(inventory, slots(2, {other: [relation('public.a')]}))).toThrow('slots.assign names other');
  });

  test('have every table exactly once, however many there are', () => {
    const many = Array.from({length: 20_000}, (_, n) => table(`public.t${n}`, n % 7, {writesPerSecond: n % 11}));
    const tables = Object.values(shape(planSlots(inventoryOf(many), slots(20)))).flat();
    expect(new Set(tables).size).toBe(20_000);
    expect(tables).toHaveLength(20_000);
  });

  test('leave out what no slot can carry', () => {
    const inventory = inventoryOf([
      table('public.t', 1),
      table('public.unlogged', 1, {persistence: 'unlogged'}),
      table('public.parent', 0, {kind: 'partitioned'}),
    ]);
    expect(shape(planSlots(inventory, slots(3)))).toEqual({dms_slot_01: ['public.t']});
  });
});

test('tables that came or went since the inventory are named', () => {
  const known = ['public.a', 'public.b'].map(relation);
  const now = ['public.b', 'public."C"'].map(relation);
  expect(tablesChange(known, now)).toEqual({appeared: [relation('public."C"')], gone: [relation('public.a')]});
});

test('two lanes never look the same to the target, however long their names', () => {
  const run = 'a-run-whose-name-has-thirty-one';
  const names = ['a', 'b'].map((end) => laneApplicationName(run, `01-public.${'x'.repeat(40)}${end}`));
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(63);
  expect(laneApplicationName('acme', '01-events')).toBe('longhaul/acme/01-events');
});
