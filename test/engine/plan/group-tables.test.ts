import {describe, expect, test} from 'vitest';
import type {Inventory} from '../../../src/domain/pg/inventory.ts';
import {tablesOf} from '../../../src/domain/run/load-unit.ts';
import {partOf} from '../../../src/domain/run/table-part.ts';
import {makePlan} from '../../../src/engine/plan/make-plan.ts';
import {noteUnits} from '../../../src/engine/plan/note-units.ts';
import {formatPlanFile, parsePlan, type Plan} from '../../../src/engine/plan/plan-file.ts';
import {GB, inventoryOf, relation, table} from './inventory.ts';

const LOAD = {bigTables: 5, method: 'copy', unitBytes: null, lanes: 4} as never;
const SMALL = 16_384 / GB;

function planOf(inventory: Inventory, load: object = {}): Plan {
  const cdc = {engine: 'none'} as const;
  const all = {...(LOAD as object), ...load} as never;
  return makePlan(inventory, {cdc, slots: {count: 1, prefix: 'dms_', assign: {}}, load: all});
}

const many = (count: number, gigabytes: number) =>
  Array.from({length: count}, (_, at) => table(`public.t${at}`, gigabytes));

describe('small tables by copy', () => {
  test('are loaded together: ten thousand are fifty units, and planning them takes no time', () => {
    const inventory = inventoryOf(many(10_000, SMALL), {version: 150_000});
    const {units} = planOf(inventory);
    expect(units).toHaveLength(50);
    expect(tablesOf(units)).toHaveLength(10_000);
    expect(noteUnits(inventory, units, LOAD)).toEqual(['50 units: 10,000 tables in 50 (156 MB)']);
  });

  test('are together by bytes as well: a group is a quarter of a unit at most', () => {
    const {units} = planOf(inventoryOf(many(100, 0.1), {version: 150_000}), {unitBytes: 2 * GB});
    expect(units).toHaveLength(20);
    expect(Math.max(...units.map(({bytes}) => bytes))).toBeLessThanOrEqual(GB / 2);
  });

  test('are together up to a megabyte however small the units are to be', () => {
    const {units} = planOf(inventoryOf(many(100, SMALL), {version: 150_000}), {unitBytes: 65_536});
    expect(units).toHaveLength(2);
  });

  test('are beside large ones, which have units of their own, the one first that takes longest with its indexes', () => {
    const tables = [
      table('public.large', 8),
      table('public.indexed', 1.5, {indexBytes: 20 * GB}),
      table('public.medium', 1.8),
      ...many(300, SMALL),
    ];
    const {units} = planOf(inventoryOf(tables, {version: 150_000}), {unitBytes: 2 * GB});
    const order = [...new Set(units.map(({tables: all}) => (all.length > 1 ? 'several' : (all[0]?.name ?? ''))))];
    expect(order).toEqual(['indexed', 'large', 'medium', 'several']);
    // Beside one another, so that its indexes can be built while others load.
    const large = units.flatMap(({id}, at) => (partOf(id) === null ? [] : [at]));
    expect(large).toEqual([1, 2, 3, 4]);
  });

  test('leave to rest what no table brings, and nothing of what one brings', () => {
    const sequences = [
      {relation: relation('public.a_id_seq'), ownedBy: relation('public.a')},
      {relation: relation('public.parent_id_seq'), ownedBy: relation('public.parent')},
      {relation: relation('public.unlogged_id_seq'), ownedBy: relation('public.unlogged')},
      {relation: relation('public.free'), ownedBy: null},
    ];
    const tables = [
      table('public.a', 1),
      table('public.parent', 0, {kind: 'partitioned'}),
      table('public.unlogged', 1, {persistence: 'unlogged'}),
    ];
    const extensionTables = [relation('cron.job')];
    const alsoOn = (version: number) =>
      planOf(inventoryOf(tables, {version, sequences, extensionTables}))
        .units.find(({id}) => id === 'rest')
        ?.also?.map(({name}) => name);
    expect(alsoOn(150_000)).toEqual(['parent_id_seq', 'free', 'job']);
    expect(alsoOn(140_000)).toEqual(['parent_id_seq', 'unlogged_id_seq', 'free', 'job']);
  });

  test('are read back as they were planned', () => {
    const inventory = inventoryOf([table('public.a', 3), ...many(500, SMALL)], {
      version: 150_000,
      sequences: [{relation: relation('public.free'), ownedBy: null}],
    });
    const plan = planOf(inventory);
    expect(parsePlan(formatPlanFile(plan), {path: 'plan.yaml', inventory, withSlots: false})).toEqual(plan);
  });

  test('may be in rest, as a plan of the last version has them, beside sequences that are there anyway', () => {
    const inventory = inventoryOf([table('public.a', 3), table('public.b', 1)], {
      sequences: [{relation: relation('public.a_id_seq'), ownedBy: relation('public.a')}],
    });
    for (const units of [
      '01-a: ["public.a"]\n  rest: ["public.b"]',
      '01-a: ["public.a"]\n  02-b: ["public.b"]\n  rest: []',
    ]) {
      const text = `slots: {}\nunits:\n  ${units}\n`;
      const plan = parsePlan(text, {path: 'plan.yaml', inventory, withSlots: false});
      expect(tablesOf(plan.units)).toHaveLength(2);
    }
  });
});
