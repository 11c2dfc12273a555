import {describe, expect, test} from 'vitest';
import {adaptRoles} from '../../../src/engine/schema/adapt-roles.ts';
import {missingFrom, restorable, unknownIn, type Manifest} from '../../../src/engine/schema/manifest.ts';
import {parseToc, selectToc} from '../../../src/engine/schema/toc.ts';
import {stripping} from '../../../src/engine/steps/strip-target.ts';
import type {IndexRow} from '../../../src/pg/indexes.ts';

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

const index = (name: string, change: Partial<IndexRow> = {}): IndexRow => ({
  schema: 'public',
  table: 'events',
  name,
  definition: `CREATE INDEX ${name} ON public.events USING btree (id)`,
  unique: false,
  valid: true,
  constraintType: null,
  constraintName: null,
  constraintDefinition: null,
  deferrable: false,
  deferred: false,
  replicaIdentity: false,
  clustered: false,
  partitioned: false,
  parentSchema: null,
  parentName: null,
  tableBytes: 1,
  ...change,
});
const manifest = (...indexes: IndexRow[]): Manifest => ({indexes, foreignKeys: [], triggers: [], comments: []});

const kinds = (entries: readonly {kind: string}[]): string[] => entries.map(({kind}) => kind);

describe('the schema', () => {
  test('is divided into what comes first, the objects, the grants and what waits; what a managed target refuses is named', () => {
    const toc = parseToc(LIST);
    const after = new Set(toc.filter(({kind}) => kind === 'INDEX' || kind === 'POLICY').map(({line}) => line));
    const selection = selectToc(toc, after);
    expect(kinds(selection.first)).toEqual(['SCHEMA']);
    expect(kinds(selection.objects)).toEqual(['TABLE']);
    expect(kinds(selection.grants)).toEqual(['ACL']);
    expect(kinds(selection.afterLoad)).toEqual(['POLICY']);
    expect(selection.leftOut.map(({what}) => what.split(' ')[0])).toEqual(['EXTENSION', 'COMMENT', 'ACL', 'EVENT']);
  });

  test('what a superuser owns stays ours, and a grant to a role that is not there goes; nothing else is touched', () => {
    const script = [
      '-- Name: events; Type: TABLE; Schema: public; Owner: postgres',
      'CREATE TABLE public.events (id integer);',
      'ALTER TABLE public.events OWNER TO postgres;',
      '-- Name: TABLE events; Type: ACL; Schema: public; Owner: app_owner',
      'GRANT SELECT ON TABLE public.events TO app;',
      'GRANT SELECT ON TABLE public.events TO "Gone";',
    ].join('\n');
    const adapted = adaptRoles(script, {known: new Set(['app', 'postgres']), assumable: new Set(['app_owner'])});
    expect(adapted.sql).not.toContain('OWNER TO postgres');
    expect(adapted.sql).toContain('TO app;');
    expect(adapted.sql).not.toContain('Gone');
    expect(adapted.keptBack).toEqual([
      expect.stringContaining('owned by postgres on the source'),
      'ACL TABLE events: role Gone is not on the target',
    ]);
  });

  test('a grant that not the owner made becomes ours, default privileges of a superuser are told and left out', () => {
    const script = [
      '-- Name: TABLE t; Type: ACL; Schema: public; Owner: app_owner',
      'SET SESSION AUTHORIZATION app;',
      'GRANT SELECT ON TABLE public.t TO reporting;',
      'RESET SESSION AUTHORIZATION;',
      '-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: postgres',
      'ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES  TO reporting;',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA public GRANT SELECT ON TABLES  TO reporting;',
    ].join('\n');
    const adapted = adaptRoles(script, {known: new Set(['reporting']), assumable: new Set(['app_owner'])});
    expect(adapted.sql).not.toContain('SESSION AUTHORIZATION');
    expect(adapted.sql).toContain('GRANT SELECT ON TABLE public.t TO reporting;');
    expect(adapted.sql).not.toContain('FOR ROLE postgres');
    expect(adapted.sql).toContain('FOR ROLE "app_owner"');
    expect(adapted.keptBack).toHaveLength(2);
  });

  test('comments on what the manifest brings back wait for it, others come with the rest', () => {
    const toc = parseToc(
      [
        '1; 0 0 COMMENT public INDEX events_at app_owner',
        '2; 0 0 COMMENT public TRIGGER "touch ON events" app_owner',
        '3; 0 0 COMMENT public CONSTRAINT events_key ON events app_owner',
        '4; 0 0 COMMENT public POLICY own ON events app_owner',
        '5; 0 0 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES postgres',
      ].join('\n'),
    );
    const {afterLoad, grants} = selectToc(toc, new Set(toc.map(({line}) => line)));
    expect(afterLoad.map(({line}) => line[0])).toEqual(['4']);
    expect(grants.map(({line}) => line[0])).toEqual(['5']);
  });

  test('an invalid index of the source is not wanted on the target, nor its comment', () => {
    const comment = {kind: 'INDEX', schema: 'public', table: 'events', text: 'x'} as const;
    const source: Manifest = {
      ...manifest(index('good'), index('broken', {valid: false}), index('shell', {valid: false, partitioned: true})),
      comments: [
        {...comment, name: 'good'},
        {...comment, name: 'broken'},
      ],
    };
    const wanted = restorable(source);
    expect(wanted.indexes.map(({name}) => name)).toEqual(['good', 'shell']);
    expect(wanted.comments.map(({name}) => name)).toEqual(['good']);
    // A shell that is invalid on the source is as good as it gets on the target.
    expect(missingFrom(wanted, source).indexes).toEqual([]);
  });

  test('an invalid index and one without its constraint count as missing', () => {
    const key = index('events_pkey', {unique: true, constraintType: 'p', constraintName: 'events_pkey'});
    const wanted = manifest(key, index('events_at'), index('events_by'));
    const there = manifest(
      index('events_pkey', {unique: true}),
      index('events_at', {valid: false}),
      index('events_by'),
      index('own'),
    );
    expect(missingFrom(wanted, there).indexes.map(({name}) => name)).toEqual(['events_pkey', 'events_at']);
    expect(unknownIn(wanted, there).indexes.map(({name}) => name)).toEqual(['own']);
  });

  test('an index that is attached to its parent is not dropped by itself', () => {
    const statements = stripping(
      manifest(index('parent'), index('child', {parentName: 'parent', parentSchema: 'public'})),
    );
    expect(statements.map(({text}) => text)).toEqual(['DROP INDEX "public"."parent"']);
  });
});
