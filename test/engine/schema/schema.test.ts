import {describe, expect, test} from 'vitest';
import {planBuild} from '../../../src/engine/schema/goal/build.ts';
import {compareManifests} from '../../../src/engine/schema/goal/lacks.ts';
import {restorable, type Manifest} from '../../../src/engine/schema/goal/manifest.ts';
import {parseToc, selectToc} from '../../../src/engine/schema/copy/toc.ts';
import {stripping} from '../../../src/engine/steps/load/strip-target.ts';
import {renderStatement} from '../../../src/pg/session/statement.ts';
import {index, manifest} from './rows.ts';

const LIST = [
  '; Archive',
  '5; 2615 1 SCHEMA - billing app_owner',
  '6; 3079 2 EXTENSION - pglogical ',
  '7; 0 0 COMMENT - EXTENSION citext ',
  '8; 1259 3 TABLE public events app_owner',
  '9; 0 0 ACL public TABLE events app_owner',
  '10; 0 0 ACL pg_catalog FUNCTION pg_wal_replay_pause() postgres',
  '11; 3466 4 EVENT TRIGGER - watch postgres',
  '12; 1259 5 INDEX public events_at app_owner',
  '13; 3256 6 POLICY public events own app_owner',
].join('\n');

const built = (wanted: Manifest, there: Manifest): string[] =>
  planBuild({wanted, lacks: compareManifests(wanted, there), there}).flatMap(({tasks}) =>
    tasks.flatMap(({statements}) => statements.map((statement) => renderStatement(statement))),
  );

const EVERYTHING = {includeSchemas: [], excludeSchemas: [], include: [], exclude: []};

const kinds = (entries: readonly {kind: string}[]): string[] => entries.map(({kind}) => kind);

describe('what is built', () => {
  test('an index that a run left whole and not attached is attached by the next one', () => {
    const shell = index('by_day_key', {table: 'by_day', partitioned: true, valid: false});
    const part = index('by_day_1_key', {parentSchema: 'public', parentName: 'by_day_key'});
    const there = manifest({indexes: [shell, index('by_day_1_key')]});
    const wanted = manifest({indexes: [{...shell, valid: true}, part]});
    expect(built(wanted, there)).toEqual([
      'ALTER INDEX "public"."by_day_key" ATTACH PARTITION "public"."by_day_1_key"',
    ]);
    expect(built(wanted, manifest({indexes: [{...shell, valid: true}, part]}))).toEqual([]);
  });
});

describe('the schema', () => {
  test('is divided into what comes before the load and what waits; what a managed target refuses is named', () => {
    const toc = parseToc(LIST);
    const after = new Set(toc.filter(({kind}) => kind === 'INDEX' || kind === 'POLICY').map(({id}) => id));
    const selection = selectToc(toc, after);
    // Schemas and grants are made from the catalogs.
    expect(kinds(selection.objects)).toEqual(['TABLE']);
    expect(kinds(selection.afterLoad)).toEqual(['POLICY']);
    expect(selection.leftOut.map(({what}) => what.split(' ')[0])).toEqual(['EXTENSION', 'COMMENT', 'EVENT']);
  });

  test('an entry with a line separator in its name, or with words in it that mean something elsewhere, is an entry', () => {
    const toc = parseToc(
      '1; 1259 1 TABLE public a\u2028b app\n2; 0 0 COMMENT public TABLE "PUBLICATION x" app\n3; 0 0 COMMENT - PUBLICATION p app',
    );
    const {objects, leftOut} = selectToc(toc, new Set());
    expect(objects.map(({id}) => id)).toEqual([1, 2]);
    expect(leftOut).toHaveLength(1);
  });

  test('comments on what the manifest brings back wait for it, others come with the rest, whatever they are called', () => {
    const toc = parseToc(
      [
        '10; 1259 5 INDEX public events_at app_owner',
        '11; 2620 6 TRIGGER public events touch ON events app_owner',
        '12; 2606 7 CONSTRAINT public events events_key app_owner',
        '13; 3256 8 POLICY public events the INDEX of events app_owner',
        '14; 2606 9 CHECK CONSTRAINT public events positive app_owner',
        '1; 0 0 COMMENT public INDEX events_at app_owner',
        ';\tdepends on: 10',
        '2; 0 0 COMMENT public TRIGGER "touch ON events" app_owner',
        ';\tdepends on: 11',
        '3; 0 0 COMMENT public CONSTRAINT events_key ON events app_owner',
        ';\tdepends on: 12',
        '4; 0 0 COMMENT public POLICY "the INDEX of events" ON events app_owner',
        ';\tdepends on: 13',
        '5; 0 0 COMMENT public POLICY "a TRIGGER b" ON events app_owner',
        ';\tdepends on: 13 8',
        '6; 0 0 COMMENT public CONSTRAINT positive ON events app_owner',
        ';\tdepends on: 14',
      ].join('\n'),
    );
    const {afterLoad} = selectToc(toc, new Set(toc.map(({id}) => id)));
    expect(afterLoad.map(({id}) => id)).toEqual([13, 14, 4, 5, 6]);
  });

  test('an invalid index of the source is not wanted on the target, nor its comment', () => {
    const comment = {kind: 'INDEX', schema: 'public', table: 'events', text: 'x'} as const;
    const source: Manifest = {
      ...manifest({
        indexes: [index('good'), index('broken', {valid: false}), index('shell', {valid: false, partitioned: true})],
      }),
      comments: [
        {...comment, name: 'good'},
        {...comment, name: 'broken'},
      ],
    };
    const wanted = restorable(source, EVERYTHING);
    expect(wanted.indexes.map(({name}) => name)).toEqual(['good', 'shell']);
    expect(wanted.comments.map(({name}) => name)).toEqual(['good']);
    // A shell that is invalid on the source is as good as it gets on the target.
    expect(built(wanted, source)).toEqual([]);
  });

  test('an index that is attached to its parent is not dropped by itself', () => {
    const statements = stripping(
      manifest({indexes: [index('parent'), index('child', {parentName: 'parent', parentSchema: 'public'})]}),
    );
    expect(statements.map(({text}) => text)).toEqual(['DROP INDEX "public"."parent"']);
  });
});
