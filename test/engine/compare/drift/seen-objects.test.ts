import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {ObjectThen} from '../../../../src/engine/compare/drift/drift.ts';
import {native} from '../../../../src/engine/capture/native/native.ts';
import {pglogical} from '../../../../src/engine/capture/pglogical/pglogical.ts';
import {forLive, isFollowed, nearest, withoutCarried} from '../../../../src/engine/compare/drift/followed.ts';
import {keepSeen, readSeen} from '../../../../src/engine/compare/drift/kept-objects.ts';
import {changesOf, nothingSeen, seeObject} from '../../../../src/engine/compare/drift/seen-objects.ts';
import type {ChosenFact} from '../../../../src/pg/objects/drift/chosen-facts.ts';

const KEY = {catalog: 'pg_class', oid: '7'};
const fact = (kind: string, name: string, change: Partial<ChosenFact>): ChosenFact => ({
  kind,
  name,
  schema: 'public',
  relation: 't',
  parts: {},
  make: `ADD ${name}`,
  ...KEY,
  id: '7',
  inherited: false,
  ...change,
});
/** A table with columns by their numbers; of none it is not there. */
const table = (columns: Readonly<Record<number, string>> | null, type = 'integer'): ChosenFact[] =>
  columns === null
    ? []
    : [
        fact('table', 'public.t', {}),
        ...Object.entries(columns).map(([n, name]) =>
          fact('column', `public.t.${name}`, {id: `7.${n}`, parts: {type}}),
        ),
      ];

/** What is told of a table that was so at P, and then one after the other, to a target that has these columns. */
function told(atP: ChosenFact[], then: readonly ChosenFact[][], has: readonly string[]): (string | null)[] {
  const seen = nothingSeen();
  for (const now of then) seeObject(seen, KEY, {before: atP, now} satisfies ObjectThen);
  const target = new Map(has.map((name) => [keyed(name), {parts: {}}]));
  const left = changesOf(seen, new Set()).filter((change) => !isFollowed(change, target));
  return nearest(left, target).map(({statement}) => statement);
}
const keyed = (name: string): string => JSON.stringify([name === T ? 'table' : 'column', name]);
const [T, A, B, C] = ['public.t', 'public.t.a', 'public.t.b', 'public.t.c'];

test('what is changed on the source and changed back is told where the target has followed, and not where it has not', () => {
  const there = [table({1: 'b'}), table({1: 'a'})];
  expect(told(table({1: 'a'}), there, [T, B])).toEqual(['ALTER TABLE public.t RENAME COLUMN b TO a']);
  expect(told(table({1: 'a'}), there, [T, A])).toEqual([]);
});

test('what came and goes again is told where the target has it', () => {
  const there = [table({1: 'a', 2: 'b'}), table({1: 'a'})];
  expect(told(table({1: 'a'}), there, [T, A, B])).toEqual(['ALTER TABLE public.t DROP COLUMN b']);
  expect(told(table({1: 'a'}), there, [T, A])).toEqual([]);
  expect(told(table(null), [table({1: 'a'}), table(null)], [T, A])).toEqual(['DROP TABLE public.t']);
});

test('what is renamed twice is told from the name that the target has', () => {
  const there = [table({1: 'b'}), table({1: 'c'})];
  expect(told(table({1: 'a'}), there, [T, A])).toEqual(['ALTER TABLE public.t RENAME COLUMN a TO c']);
  expect(told(table({1: 'a'}), there, [T, B])).toEqual(['ALTER TABLE public.t RENAME COLUMN b TO c']);
  expect(told(table({1: 'a'}), there, [T, C])).toEqual([]);
});

test('a column that came since P and is renamed keeps its values on a target that has it, and is made on one that has not', () => {
  const there = [table({1: 'a', 2: 'b'}), table({1: 'a', 2: 'c'})];
  expect(told(table({1: 'a'}), there, [T, A, B])).toEqual(['ALTER TABLE public.t RENAME COLUMN b TO c']);
  expect(told(table({1: 'a'}), there, [T, A])).toEqual([`ADD ${C}`]);
});

const trigger = (enabled: string): ChosenFact[] => [
  ...table({1: 'a'}),
  fact('trigger', 'x ON public.t', {id: '9', parts: {enabled}}),
];

test('a part that was another for a while is told only to a target that has it so: what is made for the cutover is not', () => {
  const seen = nothingSeen();
  for (const now of [trigger('D'), trigger('O')]) seeObject(seen, KEY, {before: trigger('O'), now});
  const [change, ...others] = changesOf(seen, new Set());
  expect(others).toEqual([]);
  if (change === undefined) throw new Error('bug: it has turned');
  const name = JSON.stringify(['trigger', 'x ON public.t']);
  expect(isFollowed(change, new Map())).toBe(true);
  expect(isFollowed(change, new Map([[name, {parts: {enabled: 'O'}}]]))).toBe(true);
  expect(isFollowed(change, new Map([[name, {parts: {enabled: 'D'}}]]))).toBe(false);
  // Dropped and made again, a constraint that the load has left out is none that is new.
  const again = nothingSeen();
  for (const now of [table({1: 'a'}), trigger('O')]) seeObject(again, KEY, {before: trigger('O'), now});
  expect(changesOf(again, new Set()).filter((one) => !isFollowed(one, new Map()))).toEqual([]);
});

const mood = (...labels: string[]): ChosenFact[] => [
  fact('type', 'public.mood', {
    relation: null,
    catalog: 'pg_type',
    parts: {labels: labels.map((one) => `'${one}'`).join(', ')},
  }),
];

test('a part that has changed twice is told from what the target has of it', () => {
  const seen = nothingSeen();
  const atP = mood('sad', 'glad');
  for (const now of [mood('sad', 'calm', 'glad'), mood('low', 'calm', 'glad')])
    seeObject(seen, KEY, {before: atP, now});
  const on = (...labels: string[]): (string | null)[] => {
    const target = new Map([[JSON.stringify(['type', 'public.mood']), {parts: mood(...labels)[0]?.parts ?? {}}]]);
    const left = changesOf(seen, new Set()).filter((change) => !isFollowed(change, target));
    return nearest(left, target).map(({statement}) => statement);
  };
  expect(on('sad', 'calm', 'glad')).toEqual(["ALTER TYPE public.mood RENAME VALUE 'sad' TO 'low'"]);
  expect(on('low', 'calm', 'glad')).toEqual([]);
});

const identity = (value: string): ChosenFact[] => [
  ...table({1: 'a'}),
  fact('replica identity', 'public.t', {parts: {value}}),
];

test('what has changed several times is told from whichever of these the target has, and as it is now to no other', () => {
  const seen = nothingSeen();
  for (const now of ['USING INDEX k', 'FULL', 'DEFAULT'])
    seeObject(seen, KEY, {before: identity('DEFAULT'), now: identity(now)});
  const on = (value: string): (string | null)[] => {
    const target = new Map([[JSON.stringify(['replica identity', T]), {parts: {value}}]]);
    const left = changesOf(seen, new Set()).filter((change) => !isFollowed(change, target));
    return nearest(left, target).map(({statement}) => statement);
  };
  const back = 'ALTER TABLE public.t REPLICA IDENTITY DEFAULT';
  expect(['USING INDEX k', 'FULL', 'NOTHING', 'DEFAULT'].map((value) => on(value))).toEqual([[back], [back], [], []]);
  // Of three names the target has the first, the second, the third.
  const there = [table({1: 'b'}), table({1: 'c'}), table({1: 'd'})];
  expect([A, B, C].map((has) => told(table({1: 'a'}), there, [T, has]))).toEqual(
    ['a', 'b', 'c'].map((from) => [`ALTER TABLE public.t RENAME COLUMN ${from} TO d`]),
  );
});

/** A table as a partition of this parent, or by itself, with this key. */
const partition = (parent: string | null, key: string | null): ChosenFact[] => [
  fact('table', T, {parts: {'partition of': parent, bound: parent === null ? null : 'DEFAULT'}}),
  ...(key === null ? [] : [fact('constraint', `${key} ON ${T}`, {id: '9', parts: {definition: 'PRIMARY KEY (a)'}})]),
];
const leftOf = (before: ChosenFact[], now: ChosenFact[], has: readonly ChosenFact[]): string[] => {
  const seen = {...nothingSeen(), drifted: new Map([['t', {before, now}]])};
  const target = new Map(has.map(({kind, name, parts}) => [JSON.stringify([kind, name]), {parts}]));
  const left = changesOf(seen, new Set()).filter((change) => !isFollowed(change, target));
  return withoutCarried(left).map(({kind, part: of}) => `${kind} ${of ?? 'as a whole'}`);
};

test('what a partition carries is told once that is detached, or attached: a key that comes with it is made by nobody', () => {
  const [inside, out] = [partition('public.p', null), partition(null, 'key')];
  expect(leftOf(inside, out, inside)).toEqual(['table partition of']);
  expect(leftOf(out, inside, out)).toEqual(['table partition of']);
  expect(leftOf(inside, out, partition(null, null))).toEqual(['constraint as a whole']);
  expect(leftOf(inside, out, out)).toEqual([]);
});

test('an identity without a key is followed behind the hand-over where no row is found by it', () => {
  const [change] = changesOf(
    {...nothingSeen(), drifted: new Map([['t', {before: identity('DEFAULT'), now: identity('FULL')}]])},
    new Set(),
  );
  if (change === undefined) throw new Error('bug: it has another identity');
  expect(forLive(change, native.live).statement).toBe('ALTER TABLE public.t REPLICA IDENTITY FULL');
  const {statement, why} = forLive(change, pglogical.live);
  expect(statement).toBeNull();
  expect(why).toContain('after the hand-over, there: ALTER TABLE public.t REPLICA IDENTITY FULL');
  const byIndex = {...change, value: 'USING INDEX k'};
  expect(forLive(byIndex, pglogical.live)).toBe(byIndex);
});

test('of what comes and goes all day the last ways are known', () => {
  const seen = nothingSeen();
  for (let n = 0; n < 50; n += 1)
    seeObject(seen, KEY, {before: identity('DEFAULT'), now: identity(`USING INDEX k${n}`)});
  const [turned] = [...seen.turned.values()];
  expect(turned?.before.length).toBe(8);
  expect(turned?.before.at(-1)?.at(-1)?.parts).toEqual({value: 'USING INDEX k48'});
});

test('what was seen once, or as it is now, has not turned', () => {
  const seen = nothingSeen();
  for (const now of [table({1: 'b'}), table({1: 'b'})]) seeObject(seen, KEY, {before: table({1: 'a'}), now});
  expect([seen.drifted.size, seen.turned.size]).toEqual([1, 0]);
});

test('what turns back while no supervisor lives is told by the next one, of the same P', async () => {
  const folder = {path: mkdtempSync(join(tmpdir(), 'seen-'))};
  const atP = table({1: 'a'});
  const first = await readSeen(folder, 'P');
  seeObject(first, KEY, {before: atP, now: table({1: 'b'})});
  await keepSeen(folder, 'P', first);
  const next = await readSeen(folder, 'P');
  seeObject(next, KEY, {before: atP, now: atP});
  const target = new Map([T, B].map((name) => [keyed(name), {parts: {}}]));
  const left = changesOf(next, new Set()).filter((change) => !isFollowed(change, target));
  expect(nearest(left, target).map(({statement}) => statement)).toEqual(['ALTER TABLE public.t RENAME COLUMN b TO a']);
  expect((await readSeen(folder, 'another P')).drifted.size).toBe(0);
  writeFileSync(join(folder.path, 'objects-seen.json'), '{"p":"P","dri');
  expect((await readSeen(folder, 'P')).drifted.size).toBe(0);
});

test('it is kept anew where something has changed, and not each time that it is seen', async () => {
  const folder = {path: mkdtempSync(join(tmpdir(), 'seen-'))};
  const seen = nothingSeen();
  const see = (now: ChosenFact[]): void => seeObject(seen, KEY, {before: table({1: 'a'}), now});
  see(table({1: 'b'}));
  await keepSeen(folder, 'P', seen);
  writeFileSync(join(folder.path, 'objects-seen.json'), 'as it was');
  see(table({1: 'b'}));
  await keepSeen(folder, 'P', seen);
  expect((await readSeen(folder, 'P')).drifted.size).toBe(0);
  see(table({1: 'c'}));
  await keepSeen(folder, 'P', seen);
  expect((await readSeen(folder, 'P')).turned.size).toBe(1);
});
