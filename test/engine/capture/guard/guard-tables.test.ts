import {describe, expect, test} from 'vitest';
import {formatRelation} from '../../../../src/domain/pg/relation.ts';
import {goneNow, tellGone, uncapturedNow, type TablesSeen} from '../../../../src/engine/capture/guard/guard-tables.ts';
import {toBeTold, toldBy} from '../../../../src/engine/capture/guard/guard-sentinels.ts';
import {relation} from '../../plan/inventory.ts';

const [planned, born, taken] = [relation('public.planned'), relation('public.born'), relation('public.taken')];
const NOTHING: TablesSeen = {
  appeared: [],
  gone: [],
  unlogged: [],
  out: [],
  planned: [planned],
  adopted: [],
  newTables: [],
};
const names = (seen: Partial<TablesSeen>): string[] =>
  uncapturedNow({...NOTHING, ...seen}).map((table) => formatRelation(table));
const gone = (seen: Partial<TablesSeen>): string[] =>
  goneNow({...NOTHING, ...seen}).map((table) => formatRelation(table));

describe('a table that no slot captures', () => {
  test('is one that has come since the inventory, until it was adopted or is dropped again', () => {
    expect(names({appeared: [born]})).toEqual(['public.born']);
    expect(names({appeared: [born], adopted: [{table: born}]})).toEqual([]);
    expect(names({newTables: [{table: born}]})).toEqual([]);
  });

  test('is one that somebody has taken out of what captures it, and stays it when it is put back: what came in between is lost', () => {
    expect(names({out: [planned]})).toEqual(['public.planned']);
    expect(names({out: [planned], newTables: [{table: planned}]})).toEqual(['public.planned']);
    expect(names({newTables: [{table: planned}]})).toEqual(['public.planned']);
    expect(names({newTables: [{table: planned}], gone: [planned]})).toEqual([]);
  });

  test('is none that was dropped, which is in nothing that captures it, and that nobody can adopt', () => {
    expect(names({out: [planned], gone: [planned]})).toEqual([]);
    expect(names({out: [taken], adopted: [{table: taken}]})).toEqual([]);
  });

  test('is one of which the WAL has nothing any more, though all that captures it is as it was', () => {
    expect(names({gone: [planned], unlogged: [planned]})).toEqual(['public.planned']);
    expect(names({adopted: [{table: taken}], unlogged: [taken]})).toEqual(['public.taken']);
    expect(names({unlogged: [born]})).toEqual([]);
  });

  test('is one that was adopted and is taken out again', () => {
    const was = {appeared: [taken], adopted: [{table: taken}]};
    expect(names({...was, out: [taken]})).toEqual(['public.taken']);
    expect(names({...was, newTables: [{table: taken}]})).toEqual(['public.taken']);
    expect(names({adopted: [{table: taken}], newTables: [{table: taken}]})).toEqual([]);
  });

  test('is no sentinel of the way back', () => {
    expect(names({appeared: [relation('longhaul_cdc.r_lh_01')]})).toEqual([]);
  });
});

test('what the source has no more is told from what is only unlogged, and from what has come', () => {
  expect(gone({appeared: [born]})).toEqual([]);
  expect(gone({gone: [planned, born]})).toEqual(['public.planned']);
  expect(gone({gone: [planned], unlogged: [planned]})).toEqual([]);
  expect(gone({adopted: [{table: taken}, {table: planned}]})).toEqual(['public.taken']);
  expect(gone({adopted: [{table: taken}], appeared: [taken]})).toEqual([]);
  const sentinel = relation('longhaul_cdc.lh_01');
  expect(gone({planned: [sentinel], gone: [sentinel]})).toEqual([]);
  expect(names({planned: [sentinel], gone: [sentinel], out: [sentinel]})).toEqual(['longhaul_cdc.lh_01']);
});

test('a table that is back is owed a comparison, before it counts as there', () => {
  expect(tellGone([], [])).toEqual([]);
  expect(tellGone([planned], [planned])).toEqual([]);
  expect(tellGone([], [planned])).toEqual([{type: 'tables.gone', tables: [planned]}]);
  expect(tellGone([planned], [taken])).toEqual([
    {type: 'comparison.owed', tables: [planned], why: expect.any(String)},
    {type: 'tables.gone', tables: [taken]},
  ]);
});

const of = (count: number): ReadonlyMap<string, number> => new Map([['lh_01', count]]);

test('sentinels that are missing are told once two readings have it so, and again where more are', () => {
  const nothing = new Map<string, number>();
  expect(toBeTold(of(2), {before: nothing, told: nothing})).toEqual([]);
  expect(toBeTold(of(2), {before: of(1), told: nothing})).toEqual([]);
  expect(toBeTold(of(2), {before: of(2), told: nothing})).toEqual([['lh_01', 2]]);
  expect(toBeTold(of(2), {before: of(2), told: of(2)})).toEqual([]);
  expect(toBeTold(of(3), {before: of(3), told: of(2)})).toEqual([['lh_01', 3]]);
  expect(toBeTold(of(0), {before: of(0), told: nothing})).toEqual([]);
  // Mended, and lost once more as many.
  const mended = toldBy(of(2), {missing: of(0), fresh: []});
  expect(toBeTold(of(2), {before: of(2), told: mended})).toEqual([['lh_01', 2]]);
  expect(toldBy(nothing, {missing: of(2), fresh: [['lh_01', 2]]})).toEqual(of(2));
  expect(toldBy(of(2), {missing: of(3), fresh: []})).toEqual(of(2));
});
