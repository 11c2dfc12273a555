import {expect, test} from 'vitest';
import {judgeDrift} from '../../../../src/engine/compare/drift/judge-drift.ts';
import {isFollowed} from '../../../../src/engine/compare/drift/followed.ts';
import {takenAnew} from '../../../../src/engine/compare/drift/taken-names.ts';
import type {ObjectThen} from '../../../../src/engine/compare/drift/drift.ts';
import type {ChosenFact} from '../../../../src/pg/objects/drift/chosen-facts.ts';

const fact = (kind: string, oid: string, name: string, id = oid): ChosenFact => ({
  kind,
  name,
  schema: 'public',
  relation: name.split('.')[1] ?? '',
  parts: kind === 'rewrite' ? {file: '1', columns: '700'} : {},
  make: null,
  catalog: 'pg_class',
  oid,
  id,
  inherited: false,
});
/** A table by its number, as it was called and is called now; null where it was not there, or is no more. */
const table = (oid: string, before: string | null, now: string | null): ObjectThen => ({
  before: before === null ? [] : [fact('table', oid, before)],
  now: now === null ? [] : [fact('table', oid, now)],
});
const facts = (of: Readonly<Record<number, string>>): ChosenFact[] => [
  fact('table', '7', 'public.t'),
  fact('rewrite', '7', 'public.t'),
  ...Object.entries(of).map(([number, name]) => fact('column', '7', `public.t.${name}`, `7.${number}`)),
];
/** The columns of one table, by their numbers. */
const columns = (before: Readonly<Record<number, string>>, now: Readonly<Record<number, string>>): ObjectThen => ({
  before: facts(before),
  now: facts(now),
});

const judge = (...objects: readonly ObjectThen[]) => judgeDrift(objects, new Set());
const told = (...objects: readonly ObjectThen[]): string[] =>
  judge(...objects).changes.map(({object, change, statement}) => `${object} ${change}: ${statement}`);
const taken = (...objects: readonly ObjectThen[]): string[] =>
  judge(...objects).filled.map(({table: {name}, how}) => `${name}: ${how}`);

const SWAPPED = [table('1', 'public.a', 'public.b'), table('2', 'public.b', 'public.a')];
const REPLACED = [table('1', 'public.a', null), table('2', 'public.b', 'public.a')];

test('two tables that have swapped their names are owed a comparison each, and nothing is to be renamed on the target, which has both', () => {
  expect(taken(...SWAPPED)).toEqual([
    'b: another table than at P is called so on the source',
    'a: another table than at P is called so on the source',
  ]);
  const has = new Map(['public.a', 'public.b'].map((name) => [JSON.stringify(['table', name]), {parts: {}}]));
  expect(judge(...SWAPPED).changes.filter((change) => !isFollowed(change, has))).toEqual([]);
});

test('a table that has come into the place of one that is gone is owed one; what is dropped on the target is its own name, and never the rows that were copied for it', () => {
  expect(taken(...REPLACED)).toEqual(['a: another table than at P is called so on the source']);
  expect(told(...REPLACED)).toEqual(['table public.b is gone: DROP TABLE public.b']);
});

test('a table that comes into the place of one that is renamed is called so on the target as well, once that has followed', () => {
  const chain = [table('1', 'public.a', 'public.old_a'), table('2', 'public.new_a', 'public.a')];
  expect(taken(...chain)).toEqual(['a: another table than at P is called so on the source']);
  expect(told(...chain)).toEqual([
    'table public.a is called public.old_a now: ALTER TABLE public.a RENAME TO old_a',
    'table public.new_a is called public.a now: ALTER TABLE public.new_a RENAME TO a',
  ]);
});

test('a table that is only renamed, dropped or made anew is told as ever', () => {
  expect(told(table('1', 'public.a', 'public.c'))).toEqual([
    'table public.a is called public.c now: ALTER TABLE public.a RENAME TO c',
  ]);
  expect(told(table('1', 'public.a', null))).toEqual(['table public.a is gone: DROP TABLE public.a']);
  // In no publication and no set: the guard of the tables has it adopted.
  expect(taken(table('1', 'public.a', null), table('3', null, 'public.a'))).toEqual([]);
});

test('a table that was made anew under its name is told by what is another of it, and not to be dropped on the target, which has what was adopted', () => {
  const was = columns({1: 'id', 2: 'a'}, {1: 'id', 2: 'a'}).before;
  const anew = columns({1: 'id', 2: 'b'}, {1: 'id', 2: 'b'}).now.map((one) => ({
    ...one,
    oid: '8',
    id: one.id?.replace('7', '8') ?? null,
  }));
  expect(told({before: was, now: []}, {before: [], now: anew})).toEqual([
    'column public.t.b is new: null',
    'column public.t.a is gone: ALTER TABLE public.t DROP COLUMN a',
  ]);
  expect(taken({before: was, now: []}, {before: [], now: anew})).toEqual([]);
});

test('names that are swapped once more, or back, are owed once more each', () => {
  const now = judge(...SWAPPED).filled;
  const first = takenAnew([], now);
  expect(first.map(({table: {name}}) => name)).toEqual(['b', 'a']);
  expect(takenAnew(first, now)).toEqual([]);
  const back = takenAnew(first, []);
  expect(back.map(({how}) => how)).toEqual([
    'the table of P is called so again on the source',
    'the table of P is called so again on the source',
  ]);
  expect(takenAnew([...first, ...back], [])).toEqual([]);
  expect(takenAnew([...first, ...back], now)).toEqual(first);
});

test.each<[string, ObjectThen, string[]]>([
  ['swapped', columns({1: 'a', 2: 'b'}, {1: 'b', 2: 'a'}), ['t: another column than at P is called a']],
  ['dropped and made anew', columns({1: 'a', 2: 'b'}, {2: 'b', 3: 'a'}), ['t: another column than at P is called a']],
  [
    'put into the place of one that was renamed',
    columns({1: 'id'}, {1: 'old_id', 2: 'id'}),
    ['t: another column than at P is called id'],
  ],
  ['renamed', columns({1: 'a'}, {1: 'b'}), []],
  ['new', columns({1: 'a'}, {1: 'a', 2: 'b'}), []],
])('a table with a column that was %s is owed a comparison where the name was another one’s', (_, object, expected) => {
  expect(taken(object)).toEqual(expected);
});

test('a column that has the name of another one is neither dropped nor renamed on the target, which has one of that name', () => {
  expect(told(columns({1: 'a', 2: 'b'}, {1: 'b', 2: 'a'}))).toEqual([]);
  expect(told(columns({1: 'a', 2: 'b'}, {2: 'a', 3: 'b'}))).toEqual([]);
  expect(told(columns({1: 'id'}, {1: 'old_id', 2: 'id'}))).toEqual(['column public.t.old_id is new: null']);
});

test('a column that is made anew again is owed again', () => {
  const marks = [3, 4].map((n) => judge(columns({1: 'a', 2: 'b'}, {2: 'b', [n]: 'a'})).filled[0]?.mark);
  expect(new Set(marks).size).toBe(2);
});
