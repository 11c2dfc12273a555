import {describe, expect, test} from 'vitest';
import {createPublication, type PublishableRow, type PublishedRow} from '../../../../src/pg/capture/publications.ts';
import {judgeOlderSlots, judgePublications} from '../../../../src/engine/capture/native/create-publications.ts';
import {judgePublishing, judgeRelease} from '../../../../src/engine/capture/native/check-source.ts';
import {wantedPublications} from '../../../../src/engine/capture/native/wanted-publications.ts';
import {withSentinels} from '../../../../src/engine/plan/with-sentinels.ts';
import {planSlots} from '../../../../src/engine/plan/plan-slots.ts';
import {relation, inventoryOf, table} from '../../plan/inventory.ts';

const keyed = relation('public.keyed');
const keyless = relation('public.keyless');
const slots = [{name: 'lh_01', why: '', tables: [keyed, keyless]}];

const row = (name: string, change: Partial<PublishableRow> = {}): PublishableRow => ({
  schema: 'public',
  name,
  hasIdentity: true,
  isFull: false,
  fullBytes: 0,
  mayPublish: true,
  owner: 'app_owner',
  ownerIsSuperuser: false,
  ...change,
});

const published = (publication: string, name: string, updates: boolean): PublishedRow => ({
  publication,
  updates,
  publishes: updates ? 'all' : 'inserts',
  isNarrowed: false,
  schema: 'public',
  table: name,
});

describe('publications of a slot', () => {
  const {publications, insertOnly} = wantedPublications(slots, [row('keyed'), row('keyless', {hasIdentity: false})]);

  test('a table whose rows the WAL does not name is in that of inserts alone, or the application could not update it', () => {
    expect(publications.map(({name, insertsOnly, tables}) => [name, insertsOnly, tables])).toEqual([
      ['lh_01', false, [keyed]],
      ['ilh_01', true, [keyless]],
    ]);
    expect(insertOnly).toEqual([keyless]);
    expect(publications.map((one) => createPublication(one, 150_000).text)).toEqual([
      `CREATE PUBLICATION "lh_01" FOR TABLE ONLY "public"."keyed" WITH (publish = 'insert, update, delete, truncate')`,
      `CREATE PUBLICATION "ilh_01" FOR TABLE ONLY "public"."keyless" WITH (publish = 'insert, truncate')`,
    ]);
  });

  test('a table that is not known is taken for one without identity, and 10 knows no TRUNCATE', () => {
    expect(wantedPublications(slots, []).publications.map(({tables}) => tables.length)).toEqual([0, 2]);
    expect(createPublication({name: 'x', insertsOnly: true, tables: []}, 100_000).text).toBe(
      `CREATE PUBLICATION "x" WITH (publish = 'insert')`,
    );
  });

  const claimed = ['publication lh_01', 'publication ilh_01'];
  const whole = [published('lh_01', 'keyed', true), published('ilh_01', 'keyless', false)];
  const told = (rows: readonly PublishedRow[], ours = claimed): string[] =>
    judgePublications({wanted: publications, rows}, ours).map(({severity, seen}) => `${severity} ${seen}`);

  test('are judged by their tables, by what they publish and by who made them', () => {
    expect(told(whole)).toEqual([]);
    expect(told([])).toEqual([]);
    expect(told(whole, ['publication lh_01'])).toEqual(['blocker ilh_01 was there before this run']);
    expect(told([whole[0] ?? published('', '', true), published('ilh_01', 'keyless', true)])).toEqual([
      'blocker ilh_01 publishes updates of tables without replica identity',
    ]);
    expect(told([published('lh_01', 'another', true)])).toEqual(['blocker lh_01 does not have the tables of the plan']);
    const more = [...whole, published('lh_01', 'another', true)];
    expect(told(more)).toEqual(['blocker lh_01 does not have the tables of the plan']);
    // Behind P a table may be called otherwise, and counts as one that is gone.
    expect(judgePublications({wanted: publications, rows: more, mayHaveMore: true}, claimed)).toEqual([]);
    const less = judgePublications({wanted: publications, rows: more.slice(1), mayHaveMore: true}, claimed);
    expect(less.map(({seen}) => seen)).toEqual(['lh_01 does not have the tables of the plan']);
  });
});

describe('the right to publish', () => {
  const may = {role: 'longhaul', superuser: false, createInDatabase: true, database: 'app'};
  const told = (rights: typeof may, ...tables: readonly PublishableRow[]): string[] =>
    judgePublishing(rights, tables).map(({severity, check}) => `${severity} ${check}`);

  test.each<[string, typeof may, PublishableRow, string[]]>([
    ['is there', may, row('a'), []],
    [
      'wants CREATE on the database',
      {...may, createInDatabase: false},
      row('a'),
      ['blocker source.create-in-database'],
    ],
    ['wants the owner', may, row('a', {mayPublish: false}), ['blocker source.publish']],
    [
      'is not to be had of a superuser',
      may,
      row('a', {mayPublish: false, ownerIsSuperuser: true}),
      ['blocker source.publish-superusers'],
    ],
    [
      'is a superuser’s',
      {role: 'x', superuser: true, createInDatabase: false, database: 'app'},
      row('a', {mayPublish: false}),
      [],
    ],
    ['is there, and FULL costs', may, row('a', {isFull: true, fullBytes: 9 * 1024 ** 2}), ['warning source.full']],
    ['is there, and FULL costs nothing of a small table', may, row('a', {isFull: true, fullBytes: 8192}), []],
  ])('%s', (_, rights, one, expected) => {
    expect(told(rights, one)).toEqual(expected);
  });

  test('is nobody’s before 10', () => {
    expect(judgeRelease(90_624).map(({check}) => check)).toEqual(['source.native-release']);
    expect(judgeRelease(100_001)).toEqual([]);
  });
});

describe('a slot’s sentinel', () => {
  const config = {prefix: 'lh_', count: 2, assign: {}};
  const sentinels = ['lh_01', 'lh_02'].map((name) => table(`longhaul_cdc.${name}`, 0));

  test('is in its own slot, and weighs nothing where the tables are spread', () => {
    const users = [table('public.a', 5), table('public.b', 4)];
    const inventory = inventoryOf([...sentinels, ...users]);
    const plan = withSentinels(inventory, (one) => planSlots(one, config));
    const without = planSlots(inventoryOf(users), config);
    expect(plan.slots.map(({name, tables}) => [name, tables.at(-1)?.name])).toEqual([
      ['lh_01', 'lh_01'],
      ['lh_02', 'lh_02'],
    ]);
    expect(plan.slots.map(({tables}) => tables.slice(0, -1))).toEqual(without.slots.map(({tables}) => tables));
  });

  test('whose slot has no table is in the first, so that it is in one', () => {
    const plan = withSentinels(inventoryOf([...sentinels, table('public.a', 1)]), (one) => planSlots(one, config));
    expect(plan.slots.flatMap(({tables}) => tables.map(({name}) => name)).toSorted()).toEqual(['a', 'lh_01', 'lh_02']);
  });

  test('is all that there is to replicate in an empty database', () => {
    expect(withSentinels(inventoryOf(sentinels), (one) => planSlots(one, config)).slots.length).toBeGreaterThan(0);
  });
});

test('a publication that is gone is not made again behind the slots, which would fail at their first older change', () => {
  const missing = [{name: 'lh_01', tables: [], insertsOnly: false}];
  expect(judgeOlderSlots({missing, slots: []}, 'acme')).toEqual([]);
  const [told] = judgeOlderSlots({missing, slots: ['lh_01']}, 'acme');
  expect(told).toMatchObject({severity: 'blocker', check: 'create-publications.gone'});
  expect(told?.remedy).toContain('longhaul release --yes acme');
  expect(judgeOlderSlots({missing: [], slots: ['lh_01']}, 'acme')).toEqual([]);
});
