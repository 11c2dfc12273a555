import {describe, expect, test} from 'vitest';
import {judgeBytes} from '../../../src/engine/preflight/database/check-bytes.ts';
import {judgeFunctions} from '../../../src/engine/preflight/database/check-functions.ts';
import {judgeRowsByChecks} from '../../../src/engine/preflight/database/check-rows-by-checks.ts';
import {judgeLeftBehind} from '../../../src/engine/preflight/database/check-left-behind.ts';
import {judgeDeadlockTimeout, judgeLockTable} from '../../../src/engine/preflight/servers/check-lock-tables.ts';
import {fitsOneTransaction, lockTable} from '../../../src/engine/schema/copy/lock-room.ts';
import {judgeSuperuserObjects} from '../../../src/engine/preflight/database/check-superuser-objects.ts';
import {judgeTablespaces} from '../../../src/engine/preflight/servers/check-tablespaces.ts';
import type {CallingExpression} from '../../../src/pg/catalog/called-functions.ts';
import {told} from './told.ts';

const row = (name: string, text = ''): {kind: string; name: string; text: string} => ({
  kind: 'index',
  name: Buffer.from(name, 'latin1').toString('hex'),
  text: Buffer.from(text, 'latin1').toString('hex'),
});

const calling = (kind: CallingExpression['kind'], what: string): {calling: CallingExpression; words: string} => ({
  calling: {
    kind,
    what,
    schema: 'shop',
    name: 't',
    expression: '',
    functions: ['shop.f(text)'],
    ofExtensions: [],
    functionSchema: 'shop',
  },
  words: 'relation "kinds" does not exist',
});

const tables = (count: number): {kind: string}[] => Array.from({length: count}, () => ({kind: 'TABLE'}));

test.each([
  ['longer than the server waits', 1001, []],
  ['as long as the server waits', 1000, ['w source.deadlock-timeout']],
])('a lock that is waited for %s has an autovacuum ended, or not', (_, lockMs, expected) => {
  expect(told(judgeDeadlockTimeout('source', 1, lockMs))).toEqual(expected);
});

describe('lock tables', () => {
  const settings = new Map([
    ['max_locks_per_transaction', 64],
    ['max_connections', 100],
    ['max_prepared_transactions', 0],
  ]);

  test.each([
    ['a half of it', 3200, []],
    ['more than half: the others want for room', 3201, ['w source.lock-table']],
    ['more than there is', 6401, ['b source.lock-table']],
  ])('%s', (_, needed, expected) => {
    expect(told(judgeLockTable('source', needed, lockTable(settings)))).toEqual(expected);
  });

  test('prepared transactions have their share of it', () => {
    expect(
      judgeLockTable('target', 12_800, lockTable(new Map([...settings, ['max_prepared_transactions', 300]]))),
    ).toEqual([]);
  });

  test('a rehearsal takes one transaction where it leaves others half of the lock table', () => {
    expect(
      fitsOneTransaction([...tables(1000), ...Array.from({length: 200}, () => ({kind: 'INDEX'}))], lockTable(settings)),
    ).toBe(true);
    expect(fitsOneTransaction(tables(1067), lockTable(settings))).toBe(false);
  });

  test('the remedy is a setting that is enough', () => {
    const [finding] = judgeLockTable('source', 14_000, lockTable(settings));
    expect(finding?.remedy).toMatch(/^ALTER SYSTEM SET max_locks_per_transaction = 320/);
    expect(
      judgeLockTable('source', 14_000, lockTable(new Map([...settings, ['max_locks_per_transaction', 320]]))),
    ).toEqual([]);
  });
});

describe('a database in SQL_ASCII', () => {
  test('names and definitions that are UTF-8 are no hindrance', () => {
    expect(judgeBytes([row('plain', 'CREATE INDEX'), {kind: 'index', name: '', text: 'c3a9'}])).toEqual([]);
  });

  test('those that are not are named, their bytes written out', () => {
    const [finding] = judgeBytes([row('a'), row('caf\u00e9'), row('d_i', 'WHERE t <> \u00e9')]);
    expect(finding).toMatchObject({check: 'source.not-utf8', severity: 'blocker'});
    expect(finding?.seen).toMatch(String.raw`: index caf\xe9, index d_i`);
  });
});

describe('functions that want a search_path', () => {
  test('a check that would refuse every row blocks; an index is a warning, for it can be mended on the target', () => {
    expect(
      told(judgeFunctions([calling('check', 'c of shop.t'), calling('index', 'i of shop.t')], 'shop, public')),
    ).toEqual(['b source.function-search-path', 'w source.function-search-path']);
  });

  test.each([
    ['"$user", public', 'shop, public'],
    ['shop, public', 'shop, public'],
    ['"My Schema"', 'shop, "My Schema"'],
    ['""', 'shop'],
  ])('with search_path %s the remedy gives the function %s', (usual, expected) => {
    const [finding] = judgeFunctions([calling('check', 'c of shop.t')], usual);
    expect(finding?.remedy).toContain(`ALTER FUNCTION shop.f(text) SET search_path = ${expected};`);
  });
});

describe('rows by checks', () => {
  const check = {
    schema: 'public',
    name: 'codes_1',
    constraint: 'fi"ts',
    condition: 'fits(code)',
    definition: 'CHECK (fits(code)) NO INHERIT',
    ofSchema: 'public',
    ofTable: 'codes',
  };

  test('what rows break blocks, what was not read is a note, what holds is not told', () => {
    const findings = judgeRowsByChecks([
      {check, broken: true},
      {check: {...check, name: 'codes_2'}, broken: true},
      {check: {...check, name: 'large'}, broken: null},
      {check: {...check, name: 'fine'}, broken: false},
    ]);
    expect(findings.map(({severity}) => severity)).toEqual(['blocker', 'note']);
    expect(findings[0]?.seen).toMatch(/: fi"ts of public\.codes_1, fi"ts of public\.codes_2$/);
    // Once, and of the parent.
    expect(findings[0]?.remedy).toMatch(
      /^on the source: ALTER TABLE "public"\."codes" DROP CONSTRAINT "fi""ts", ADD CONSTRAINT "fi""ts" CHECK \(fits\(code\)\) NO INHERIT NOT VALID; such/,
    );
    expect(findings[1]?.seen).toMatch(/: fi"ts of public\.large$/);
  });

  test('a domain is changed once for all columns of it, and each is named', () => {
    const {constraint, definition, schema, name} = check;
    const ofDomain = {schema, name, type: 'public.code', constraint, definition, ofSchema: 'public', ofDomain: 'code'};
    const [finding] = judgeRowsByChecks([
      {check: {...ofDomain, column: 'c'}, broken: true},
      {check: {...ofDomain, column: 'd'}, broken: true},
    ]);
    expect(finding?.seen).toMatch(
      /: fi"ts of domain code, column c of public\.codes_1, fi"ts of domain code, column d of/,
    );
    expect(finding?.remedy).toMatch(
      /^on the source: ALTER DOMAIN "public"\."code" DROP CONSTRAINT "fi""ts"; ALTER DOMAIN "public"\."code" ADD CONSTRAINT "fi""ts" CHECK \(fits\(code\)\) NO INHERIT NOT VALID; such/,
    );
  });
});

describe('a function of an extension that looks by search_path', () => {
  test('is not altered on the source, which the target would not see', () => {
    const ofExtension = calling('generated column', 'pos of shop.places');
    const functions = ['geo.ll_to_earth(double precision, double precision)'];
    const [finding] = judgeFunctions(
      [{...ofExtension, calling: {...ofExtension.calling, functions, ofExtensions: functions, functionSchema: 'geo'}}],
      'public, geo',
    );
    expect(finding?.remedy).toBe(
      'an extension makes geo.ll_to_earth(double precision, double precision) anew on the target, where an ALTER of the source does not come: call it through a function of your own that has SET search_path = geo, public, or leave the table out: tables.exclude',
    );
    const [both] = judgeFunctions(
      [
        {
          ...ofExtension,
          calling: {...ofExtension.calling, functions: ['shop.f(text)', ...functions], ofExtensions: functions},
        },
      ],
      'public',
    );
    expect(both?.remedy).toMatch(
      /^on the source, as superuser: ALTER FUNCTION shop\.f\(text\) SET search_path = shop, public; .*; an extension makes geo\.ll_to_earth/,
    );
  });
});

describe('what does not come along', () => {
  test('what only a superuser may create blocks; handlers from 8.x are dropped', () => {
    const handler = {
      kind: 'function',
      schema: 'public',
      identity: 'public.plpgsql_call_handler()',
      why: 'in language c',
    };
    expect(judgeSuperuserObjects([])).toEqual([]);
    const [finding] = judgeSuperuserObjects([handler]);
    expect(finding).toMatchObject({severity: 'blocker', check: 'source.superuser-objects'});
    expect(finding?.remedy).toMatch(/^on the source, as superuser: DROP FUNCTION public\.plpgsql_call_handler\(\); /);
    const other = {
      kind: 'base type',
      schema: 'public',
      identity: 'public.complex',
      why: 'has input and output functions',
    };
    expect(judgeSuperuserObjects([other])[0]?.remedy).toMatch(/^drop them on the source/);
  });

  test('tablespaces are counted, and each kind that stays behind has its sentence', () => {
    expect(judgeTablespaces([])).toEqual([]);
    expect(judgeTablespaces([{tablespace: 'fast', objects: 6}])[0]?.seen).toContain('(fast: 6)');
    const behind = judgeLeftBehind([
      {kind: 'publication', name: 'p'},
      {kind: 'superuser', name: 'public.t'},
    ]);
    expect(behind.map(({check}) => check)).toEqual(['source.left-behind', 'source.superuser-owned']);
  });
});
