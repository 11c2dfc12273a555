import {describe, expect, test} from 'vitest';
import {planBuild, planMarks} from '../../../src/engine/schema/goal/build.ts';
import {differencesOf, settleDifferences} from '../../../src/engine/schema/goal/differences.ts';
import {compareManifests} from '../../../src/engine/schema/goal/lacks.ts';
import {unknownIn, type Manifest} from '../../../src/engine/schema/goal/manifest.ts';
import {stripping} from '../../../src/engine/steps/load/strip-target.ts';
import {renderStatement} from '../../../src/pg/session/statement.ts';
import {check, foreignKey, index, manifest, trigger} from './rows.ts';

const statementsOf = (wanted: Manifest, there: Manifest): string[] => {
  const lacks = compareManifests(wanted, there);
  const tasks = [...planBuild({wanted, lacks, there}).flatMap((stage) => stage.tasks), ...planMarks(lacks)];
  return tasks.flatMap(({statements}) => statements.map((statement) => renderStatement(statement)));
};
const differing = (wanted: Manifest, there: Manifest): string[] =>
  differencesOf({lacks: compareManifests(wanted, there), comments: [], refused: new Map()}).map(
    ({object, differs}) => `${object} ${differs}`,
  );

const key = index('events_pkey', {unique: true, constraintType: 'p', constraintName: 'events_pkey'});

describe('the target has the name and not the state', () => {
  const cases: readonly [
    what: string,
    wanted: Partial<Manifest>,
    there: Partial<Manifest>,
    mended: readonly string[],
  ][] = [
    [
      'an index that a build left invalid is dropped and built again',
      {indexes: [index('at')]},
      {indexes: [index('at', {valid: false})]},
      ['DROP INDEX "public"."at"', 'CREATE INDEX at ON public.events USING btree (id)'],
    ],
    [
      'a key whose index is whole gets its constraint',
      {indexes: [key]},
      {indexes: [index('events_pkey', {unique: true})]},
      ['ALTER TABLE ONLY "public"."events" ADD CONSTRAINT "events_pkey" PRIMARY KEY USING INDEX "events_pkey"'],
    ],
    [
      'a foreign key that stayed NOT VALID is validated',
      {foreignKeys: [foreignKey('fk')]},
      {foreignKeys: [foreignKey('fk', {validated: false, definition: `${foreignKey('fk').definition} NOT VALID`})]},
      ['ALTER TABLE "public"."events" VALIDATE CONSTRAINT "fk"'],
    ],
    [
      'a check that stayed NOT VALID is validated',
      {checks: [check('positive')]},
      {checks: [check('positive', {validated: false, definition: 'CHECK ((x > 0)) NOT VALID'})]},
      ['ALTER TABLE "public"."events" VALIDATE CONSTRAINT "positive"'],
    ],
    [
      'a foreign key that is NOT VALID on the source is added so, and not validated',
      {
        foreignKeys: [
          foreignKey('fk', {validated: false, definition: 'FOREIGN KEY (a) REFERENCES public.users(id) NOT VALID'}),
        ],
      },
      {},
      ['ALTER TABLE ONLY "public"."events" ADD CONSTRAINT "fk" FOREIGN KEY (a) REFERENCES public.users(id) NOT VALID'],
    ],
    [
      'the replica identity of an index of an earlier attempt is set',
      {
        indexes: [index('u', {replicaIdentity: true})],
        tables: [{schema: 'public', table: 'events', replicaIdentity: 'i'}],
      },
      {indexes: [index('u')], tables: [{schema: 'public', table: 'events', replicaIdentity: 'd'}]},
      ['ALTER TABLE ONLY "public"."events" REPLICA IDENTITY USING INDEX "u"'],
    ],
    [
      'a replica identity of the table is set',
      {tables: [{schema: 'public', table: 'events', replicaIdentity: 'f'}]},
      {tables: [{schema: 'public', table: 'events', replicaIdentity: 'd'}]},
      ['ALTER TABLE ONLY "public"."events" REPLICA IDENTITY FULL'],
    ],
    [
      'the mark of CLUSTER is set',
      {indexes: [index('u', {clustered: true}), index('v')]},
      {indexes: [index('u'), index('v', {clustered: true})]},
      ['ALTER TABLE "public"."events" CLUSTER ON "u"'],
    ],
    [
      'a mark of CLUSTER that the source has not is taken off',
      {indexes: [index('v')]},
      {indexes: [index('v', {clustered: true})]},
      ['ALTER TABLE "public"."events" SET WITHOUT CLUSTER'],
    ],
    [
      'statistics targets are set, and those that the source has not go',
      {indexes: [index('e', {statistics: [{column: 2, target: 500}]})]},
      {indexes: [index('e', {statistics: [{column: 1, target: 100}]})]},
      [
        'ALTER INDEX "public"."e" ALTER COLUMN 1 SET STATISTICS -1',
        'ALTER INDEX "public"."e" ALTER COLUMN 2 SET STATISTICS 500',
      ],
    ],
    [
      'a trigger that fires is disabled where it is disabled on the source, a partition’s own after its parent’s',
      {triggers: [trigger('touch', {table: 'a_part', enabled: 'A', cloned: true}), trigger('touch', {enabled: 'D'})]},
      {triggers: [trigger('touch', {table: 'a_part', cloned: true}), trigger('touch')]},
      [
        'ALTER TABLE ONLY "public"."events" DISABLE TRIGGER "touch"',
        'ALTER TABLE ONLY "public"."a_part" ENABLE ALWAYS TRIGGER "touch"',
      ],
    ],
  ];

  test.each(cases)('%s', (_, wanted, there, mended) => {
    expect(statementsOf(manifest(wanted), manifest(there))).toEqual(mended);
    expect(differing(manifest(wanted), manifest(there))).not.toEqual([]);
    expect(statementsOf(manifest(wanted), manifest(wanted))).toEqual([]);
    expect(differing(manifest(wanted), manifest(wanted))).toEqual([]);
  });
});

describe('the target has the name and not the definition', () => {
  const cases: readonly [what: string, wanted: Partial<Manifest>, there: Partial<Manifest>][] = [
    ['an index on another column', {indexes: [index('a')]}, {indexes: [index('a', {detail: 'USING btree (other)'})]}],
    ['an index that is not unique', {indexes: [index('a', {unique: true})]}, {indexes: [index('a')]}],
    ['a key that is not deferrable', {indexes: [{...key, deferrable: true}]}, {indexes: [key]}],
    [
      'a foreign key that cascades',
      {foreignKeys: [foreignKey('k')]},
      {foreignKeys: [foreignKey('k', {definition: 'FOREIGN KEY (a) REFERENCES b(c) ON DELETE CASCADE'})]},
    ],
    [
      'a check that was never validated on the source and is here',
      {checks: [check('c', {validated: false, definition: 'CHECK ((x > 0)) NOT VALID'})]},
      {checks: [check('c')]},
    ],
    [
      'a trigger with another function',
      {triggers: [trigger('t')]},
      {
        triggers: [
          trigger('t', {detail: 'CREATE TRIGGER t BEFORE INSERT ON ? FOR EACH ROW EXECUTE FUNCTION public.g()'}),
        ],
      },
    ],
  ];

  test.each(cases)('%s is named, and not dropped', (_, wanted, there) => {
    expect(differing(manifest(wanted), manifest(there))).toEqual([
      expect.stringContaining('is there with another definition'),
    ]);
    expect(statementsOf(manifest(wanted), manifest(there))).toEqual([]);
  });
});

const refusedOf = (wanted: Partial<Manifest>, refused: Readonly<Record<string, string>>) =>
  differencesOf({
    lacks: compareManifests(manifest(wanted), manifest({})),
    comments: [],
    refused: new Map(Object.entries(refused).map(([object, sqlstate]) => [object, {sqlstate, words: 'because'}])),
  });

describe('what could not be made', () => {
  test('orphans of a foreign key are listed by an anti-join; one null lets a row off, with MATCH FULL only all of them', () => {
    const two = {columns: ['a', 'B'], toColumns: ['x', 'y']};
    const [simple, full] = refusedOf(
      {foreignKeys: [foreignKey('simple', two), foreignKey('full', {...two, matchFull: true})]},
      {'foreign key simple of public.events': '23503', 'foreign key full of public.events': '23503'},
    );
    expect(simple?.query).toBe(
      'SELECT c.* FROM ONLY "public"."events" c WHERE c."a" IS NOT NULL AND c."B" IS NOT NULL' +
        ' AND NOT EXISTS (SELECT FROM ONLY "public"."users" p WHERE p."x" = c."a" AND p."y" = c."B")',
    );
    expect(full?.query).toContain('WHERE (c."a" IS NOT NULL OR c."B" IS NOT NULL) AND NOT EXISTS');
    expect(simple?.why).toBe('public.events refers to public.users: because');
  });

  test('duplicates under a unique index are listed by key, within its condition, nulls apart', () => {
    const partial = index('u', {unique: true, keys: ['"Mail"', 'lower(name)'], predicate: '(NOT gone)'});
    const [found] = refusedOf({indexes: [partial]}, {'index public.u': '23505'});
    expect(found?.query).toBe(
      'SELECT "Mail", (lower(name)) AS key_2, count(*) FROM ONLY "public"."events"' +
        ' WHERE ((NOT gone)) AND "Mail" IS NOT NULL AND (lower(name)) IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1',
    );
  });

  test('rows that break a check are listed', () => {
    const [found] = refusedOf({checks: [check('positive')]}, {'check positive of public.events': '23514'});
    expect(found?.query).toBe('SELECT * FROM "public"."events" WHERE NOT ((x > 0))');
  });

  test('a foreign key that lacks its unique index says so', () => {
    const found = refusedOf(
      {
        indexes: [index('users_pkey', {table: 'users', unique: true})],
        foreignKeys: [foreignKey('fk')],
      },
      {'index public.users_pkey': '23505', 'foreign key fk of public.events': '42830'},
    );
    expect(found.find(({object}) => object.startsWith('foreign'))?.why).toBe(
      'it needs index public.users_pkey, which is not there',
    );
  });

  test('a policy or view that was refused is named, though comparing does not show it; what was made after all is not', () => {
    const found = refusedOf(
      {},
      {'POLICY public t p app_owner': '', 'materialized view public.mv': '42883', 'index public.x': '42883'},
    );
    expect(found.map(({object}) => object)).toEqual(['POLICY public t p app_owner', 'materialized view public.mv']);
  });

  test('what was accepted keeps its words, and what cannot be compared stays accepted', () => {
    const one = {object: 'index public.u', differs: 'is not there', why: 'Key (u7)', query: null, remedy: 'r'};
    const view = {...one, object: 'materialized view public.mv', differs: 'could not be made'};
    const accepted = {by: 'ana', at: '2026-11-01T00:00:00Z'};
    const known = [
      {...one, step: 'build-indexes' as const, accepted},
      {...view, step: 'build-indexes' as const, accepted},
      {...one, object: 'index public.mended', step: 'build-indexes' as const, accepted},
    ];
    expect(settleDifferences([{...one, why: ''}], known)).toEqual([one, view]);
  });
});

test('a check that was never validated is stripped, and one that the source does not know stands in the way', () => {
  const there = manifest({checks: [check('positive', {validated: false})]});
  expect(stripping(there).map(({text}) => text)).toEqual(['ALTER TABLE "public"."events" DROP CONSTRAINT "positive"']);
  expect(unknownIn(manifest({}), there).checks).toHaveLength(1);
});
