import {expect, test} from 'vitest';
import {toFindRows} from '../../../../src/engine/capture/native/control/other-identity.ts';
import type {UniqueKey} from '../../../../src/pg/capture/publications.ts';
import {relation} from '../../plan/inventory.ts';

const table = relation('public.moods');
const key = (index: string, columns: string[], change: Partial<UniqueKey> = {}): UniqueKey => ({
  ...table,
  index,
  columns,
  isPrimary: false,
  isUsed: false,
  ...change,
});
const pk = key('moods_pkey', ['id'], {isPrimary: true, isUsed: true});
const code = key('moods_Code', ['code']);
const by = (...columns: string[]) => [{table, columns}];

test('rows that are named by what the target goes by, or by more, are found', () => {
  for (const columns of [['id'], ['id', 'code'], ['id', 'mood', 'code', 'big']])
    expect(toFindRows(by(...columns), [pk, code])).toBeNull();
  // With no key there the whole row is looked for; of rows that nothing names none is changed.
  expect(toFindRows(by('code'), [{...pk, isUsed: false}])).toBeNull();
  expect(toFindRows(by(), [pk])).toBeNull();
  expect(toFindRows(by('code'), [{...pk, ...relation('public.others')}])).toBeNull();
});

test('rows that are named by another index are found once the target goes by it, and by the key again', () => {
  const told = toFindRows(by('code'), [pk, code]);
  expect(told).toContain('it names rows of public.moods by code, and the target finds them by id alone');
  expect(told).toContain('ALTER TABLE "public"."moods" REPLICA IDENTITY USING INDEX "moods_Code"; it goes on');
  const back = toFindRows(by('id'), [
    {...pk, isUsed: false},
    {...code, isUsed: true},
  ]);
  expect(back).toContain('ALTER TABLE "public"."moods" REPLICA IDENTITY DEFAULT; it goes on');
});

test('the key is gone by where it will do, and an index is made where there is none', () => {
  const wide = key('wide', ['a', 'b'], {isUsed: true});
  expect(toFindRows(by('id', 'code'), [wide, code, {...pk, isUsed: false}])).toContain('REPLICA IDENTITY DEFAULT');
  expect(toFindRows(by('b', 'Day'), [pk])).toContain(
    'CREATE UNIQUE INDEX ON "public"."moods" ("b", "Day"); then give the command again',
  );
});
