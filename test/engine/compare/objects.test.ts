import {describe, expect, test} from 'vitest';
import {whyExpected, describeFact, type Roles} from '../../../src/engine/compare/objects/describe-facts.ts';
import {judgeFacts} from '../../../src/engine/compare/objects/judge-facts.ts';
import {leftToStep} from '../../../src/engine/compare/objects/left-to-step.ts';
import {planFix} from '../../../src/engine/compare/objects/fix.ts';
import type {KnownDifference} from '../../../src/domain/run/difference.ts';
import type {Fact} from '../../../src/pg/objects/fact.ts';
import {inOneLine} from '../../../src/pg/objects/one-line.ts';
import type {LabContext} from '../../support/lab-context.ts';

function fact(kind: string, name: string, parts: Fact['parts'] = {}, make: string | null = null): Fact {
  return {kind, name, schema: 'public', relation: null, parts, make};
}

const ROLES: Roles = {own: 'longhaul', bootstrap: 'postgres', assumable: new Set(['longhaul', 'app'])};

function tableOf(name: string): Fact {
  return {...fact('table', name), relation: name};
}

function words(wanted: Fact[], there: Fact[]): string[] {
  return judgeFacts(wanted, there).map(
    (one) => `${one.kind} ${one.name} ${one.part ?? (one.wanted === null ? 'only' : 'missing')}`,
  );
}

function owned(owner: string): Fact {
  return fact('table', 'public.t', {owner});
}

function statement(wanted: Fact, there: Fact, part: string): string | null {
  return describeFact({kind: wanted.kind, name: wanted.name, part, wanted, there}).statement;
}

function why(wanted: Fact | null, there: Fact | null, part: string | null = null): string | null {
  const {kind = '', name = ''} = wanted ?? there ?? {};
  return whyExpected({kind, name, part, wanted, there}, ROLES);
}

describe('objects of both sides', () => {
  test('differ by each of their parts, and what one role may not read is not compared', () => {
    const wanted = fact('sequence', 'public.s', {start: '1', cache: '?', owner: 'app'});
    expect(words([wanted], [fact('sequence', 'public.s', {start: '2', cache: '5', owner: 'app'})])).toEqual([
      'sequence public.s start',
    ]);
    expect(words([wanted], [fact('sequence', 'public.s', {start: '?', cache: '5', owner: 'app'})])).toEqual([]);
  });

  test('are missing with what is on them, and told once', () => {
    const table = fact('table', 'public."a.b"');
    const column = fact('column', 'public."a.b"."x ON y"');
    const rule = fact('rule', 'r ON public."a.b"');
    expect(words([table, column, rule], [])).toEqual(['table public."a.b" missing']);
    expect(words([], [table, column, rule])).toEqual(['table public."a.b" only']);
    const [server, mapping] = [fact('server', '"a SERVER b"'), fact('user mapping', 'FOR app SERVER "a SERVER b"')];
    expect(words([server, mapping], [])).toEqual(['server "a SERVER b" missing']);
    expect(words([server, mapping], [server])).toEqual(['user mapping FOR app SERVER "a SERVER b" missing']);
    expect(words([table, column], [table])).toEqual(['column public."a.b"."x ON y" missing']);
  });

  test('of one name and another kind are two', () => {
    expect(words([fact('view', 'public.t')], [fact('table', 'public.t')])).toEqual([
      'view public.t missing',
      'table public.t only',
    ]);
  });
});

describe('what was meant to differ', () => {
  test('is an owner that nobody on the target can give, as long as it is ours there', () => {
    expect(why(owned('postgres'), owned('longhaul'), 'owner')).toContain('by the role that restores it');
    expect(why(owned('gone'), owned('longhaul'), 'owner')).toContain('owned by gone');
    expect(why(owned('app'), owned('longhaul'), 'owner')).toBeNull();
    expect(why(owned('postgres'), owned('app'), 'owner')).toBeNull();
  });

  test('is what DMS keeps on the target, whose tables stay when its tasks are deleted', () => {
    expect(why(null, tableOf('public.awsdms_txn_state'))).toContain("AWS DMS's own");
    expect(why(null, tableOf('control."awsdms_apply_exceptions"'))).toContain("AWS DMS's own");
    expect(why(null, tableOf('public.users'))).toBeNull();
    expect(why(null, tableOf('public.not_awsdms_at_all'))).toBeNull();
    // One of the source's is moved and compared as any other.
    expect(why(tableOf('public.awsdms_status'), null)).toBeNull();
  });

  test('is what stays behind, and what the target has by itself', () => {
    for (const kind of ['event trigger', 'publication', 'language'])
      expect(why(fact(kind, 'e'), null)).toContain('stay behind');
    expect(why(null, fact('extension', 'aws_s3'))).toContain("the target's own");
    expect(why(null, fact('table', 'public.t'))).toBeNull();
    expect(why(fact('extension', 'citext'), null)).toBeNull();
    const version = (one: string): Fact => fact('extension', 'citext', {version: one});
    expect(why(version('1.4'), version('1.6'), 'version')).toContain('1.4 on the source, 1.6 on the target');
  });

  test('is not what stays behind and was made on the target by hand, with other contents', () => {
    for (const [kind, part] of [
      ['publication', 'tables'],
      ['event trigger', 'enabled'],
      ['language', 'trusted'],
    ] as const)
      expect(why(fact(kind, 'e', {[part]: 'a'}), fact(kind, 'e', {[part]: 'b'}), part)).toBeNull();
  });
});

describe('what mends a difference', () => {
  test.each([
    ['column', 'public."T"."x.y"', 'default', '5', null, 'ALTER TABLE public."T" ALTER COLUMN "x.y" SET DEFAULT 5'],
    ['column', 'public.t.x', 'default', null, '5', 'ALTER TABLE public.t ALTER COLUMN x DROP DEFAULT'],
    ['table', 'public.t', 'owner', 'a"b', 'c', 'ALTER TABLE public.t OWNER TO "a""b"'],
    [
      'table',
      'public.t',
      'options',
      'fillfactor=70',
      'autovacuum_enabled=false',
      'ALTER TABLE public.t RESET (autovacuum_enabled); ALTER TABLE public.t SET (fillfactor=70)',
    ],
    [
      'domain constraint',
      'c ON public.d',
      'comment',
      "it's",
      null,
      "COMMENT ON CONSTRAINT c ON DOMAIN public.d IS 'it''s'",
    ],
    ['rule', 'r ON public.t', 'enabled', 'D', 'O', 'ALTER TABLE public.t DISABLE RULE r'],
    [
      'type',
      'public.mood',
      'labels',
      "'a', 'b''s', 'c'",
      "'a', 'c'",
      "ALTER TYPE public.mood ADD VALUE 'b''s' AFTER 'a'",
    ],
    ['type', 'public.mood', 'labels', "'a'", "'a', 'b'", null],
    ['type', 'public.mood', 'labels', "'b'", null, "ALTER TYPE public.mood ADD VALUE 'b'"],
    ['type', 'public.mood', 'labels', "'a', 'd'", "'a', 'b'", "ALTER TYPE public.mood RENAME VALUE 'b' TO 'd'"],
    ['type', 'public.mood', 'labels', "'a', 'b'", "'b', 'a'", null],
    [
      'type',
      'public.pair',
      'attribute comments',
      `"a b" 'left, ''x''', c E'\\'`,
      "c 'same', d 'gone'",
      `COMMENT ON COLUMN public.pair."a b" IS 'left, ''x'''; COMMENT ON COLUMN public.pair.c IS E'\\'; COMMENT ON COLUMN public.pair.d IS NULL`,
    ],
    ['sequence', 'public.s', 'kept', 'LOGGED', 'UNLOGGED', 'ALTER SEQUENCE public.s SET LOGGED'],
    ['table', 'public.t', 'keys not enforced', 'k', null, null],
    ['policy', 'p ON public.t', 'using', null, 'true', null],
    ['publication', 'p', 'tables', 'TABLE ONLY a', 'TABLE ONLY b', 'ALTER PUBLICATION p SET TABLE ONLY a'],
    ['publication', 'p', 'tables', 'ALL TABLES', 'TABLE ONLY b', null],
    ['publication', 'p', 'tables', 'TABLE ONLY a', 'ALL TABLES', null],
    ['publication', 'p', 'publishes', 'insert', 'insert, delete', "ALTER PUBLICATION p SET (publish = 'insert')"],
    ['event trigger', 'e', 'enabled', 'D', 'O', 'ALTER EVENT TRIGGER e DISABLE'],
  ] as const)('%s %s: %s', (kind, name, part, value, has, expected) => {
    expect(statement(fact(kind, name, {[part]: value}), fact(kind, name, {[part]: has}), part)).toBe(expected);
  });

  test.each([
    ['numeric(12,2)', null, 'ALTER TABLE t ALTER COLUMN x SET STORAGE MAIN'],
    ['text', null, 'ALTER TABLE t ALTER COLUMN x SET STORAGE EXTENDED'],
    ['public.hstore', null, null],
    ['public.hstore', 'e', 'ALTER TABLE t ALTER COLUMN x SET STORAGE EXTERNAL'],
  ])('column of %s is kept as its type is, where that is known: %s', (type, storage, expected) => {
    const column = (kept: string | null): Fact => fact('column', 't.x', {type, storage: kept});
    expect(statement(column(storage), column('p'), 'storage')).toBe(expected);
  });

  test('is one line that does what the statement does, whatever it holds', () => {
    expect(inOneLine('ALTER TABLE public.t SET LOGGED')).toBe('ALTER TABLE public.t SET LOGGED');
    expect(inOneLine("COMMENT ON TABLE t IS 'a\n\\b'")).toBe(
      String.raw`DO $do$BEGIN EXECUTE E'COMMENT ON TABLE t IS ''a\n\\b'''; END$do$`,
    );
    expect(inOneLine('$do$\u001b')).toContain('$longhaul$');
  });

  test('is run by --fix only where something is made: nothing is dropped, taken or replaced', () => {
    const ctx = {} as LabContext;
    const missing = fact('view', 'public.v', {}, 'CREATE VIEW public.v AS SELECT 1');
    const differences = [
      ...judgeFacts([missing], [fact('table', 'public.more')]),
      ...judgeFacts([fact('table', 'public.t', {owner: 'app'})], [fact('table', 'public.t', {owner: 'b'})]),
    ].map((one) => describeFact(one));
    expect(planFix(ctx, differences).map(({text}) => text)).toEqual(['CREATE VIEW public.v AS SELECT 1']);
  });
});

describe('what is left to the step', () => {
  const one = {object: 'index public.i', differs: 'is not there', why: '', query: null, remedy: ''};
  const known = (step: KnownDifference['step']): KnownDifference => ({...one, step, accepted: null});
  const told = (object: string): KnownDifference => ({...known('build-indexes'), object, differs: 'could not be made'});
  const left = (object: string, other: string): number =>
    leftToStep([{...one, object}], {known: [], others: [told(other)], gone: false}).length;

  test('is not what build-indexes has told of', () => {
    expect(leftToStep([one], {known: [], others: [known('build-indexes')], gone: false})).toEqual([]);
    expect(leftToStep([one], {known: [], others: [], gone: false})).toEqual([one]);
  });

  test('is not what could not be restored, by whatever name that was told', () => {
    expect(left('policy own ON public.t', 'POLICY public t own app_owner')).toBe(0);
    expect(left('policy own ON public.t', 'POLICY public t other app_owner')).toBe(1);
    expect(left('materialized view public.v', 'materialized view public.v')).toBe(0);
  });

  test('once replay goes on is what was found at P, and nothing that production has altered since', () => {
    expect(leftToStep([one], {known: [], others: [], gone: true})).toEqual([]);
    const before = [known('compare-objects')];
    expect(leftToStep([one], {known: before, others: before, gone: true})).toEqual([one]);
  });
});
