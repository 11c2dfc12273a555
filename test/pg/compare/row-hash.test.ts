import {describe, expect, test} from 'vitest';
import {chooseDialect} from '../../../src/pg/compare/pin-session.ts';
import {hashedRows, type Dialect} from '../../../src/pg/compare/row-hash.ts';
import {readRowAt} from '../../../src/pg/compare/differing-rows.ts';
import {sumRows} from '../../../src/pg/compare/table-sums.ts';
import {textForm, valueType, type ValueType} from '../../../src/pg/compare/type-form.ts';
import type {TypeRow} from '../../../src/pg/compare/column-types.ts';

const EXTENDED: Dialect = {formula: 'extended', binaryFloats: false};
const plain = (name: string): ValueType => ({kind: 'plain', name});
const NULL = String.raw`E'\x01null\x02'`;
const hashOf = (name: string, type: ValueType | null, dialect = EXTENDED): string =>
  hashedRows({from: 'ONLY t', dialect, hashes: {hash: [{name, type}]}});

const row = (oid: string, change: Partial<TypeRow>): TypeRow => ({
  oid,
  schema: 'pg_catalog',
  name: 'float8',
  kind: 'b',
  isArray: false,
  isCast: false,
  element: '0',
  base: '0',
  subtype: '0',
  attributes: [],
  attributeTypes: [],
  ...change,
});

describe('the statement that both servers run', () => {
  test('is one that a DBA can read', () => {
    const columns = [
      {name: 'id', type: plain('int8')},
      {name: 'name', type: plain('text')},
    ];
    const table = {table: {schema: 'public', name: 'users'}, columns, key: columns, sample: null};
    expect(sumRows(table, EXTENDED, {by: 'pages', from: 100, to: 200}).text).toBe(
      'SELECT count(*) AS "rows", coalesce(sum("hash"), 0)::text AS "sum" FROM (SELECT ' +
        `hashtextextended(coalesce("name"::text, ${NULL}) COLLATE "C", coalesce(hashint4extended(1, "id"), 1)) AS "hash" ` +
        `FROM ONLY "public"."users" WHERE ctid >= '(100,0)' AND ctid < '(200,0)') AS hashed`,
    );
    expect(sumRows({...table, sample: 3277}, EXTENDED, null).text).toMatch(/WHERE \("key_hash" & 65535\) < 3277$/);
  });

  test('has a value of its own for NULL, the collation "C" for every text, and bigints as seeds', () => {
    expect(hashOf('a', plain('text'))).toContain(
      `hashtextextended(coalesce("a"::text, ${NULL}) COLLATE "C", 0) AS "hash"`,
    );
    expect(hashOf('a', null)).toContain(`coalesce("a"::text, ${NULL}) COLLATE "C"`);
    expect(hashOf('a', plain('int8'))).toContain('hashint4extended(1, "a")');
    expect(hashOf('a', plain('oid'))).toContain('hashint4extended(1, "a"::int8)');
    expect(hashOf('a', plain('int4'))).toContain('hashint4extended(0, coalesce(hashint4extended("a", 1), 1))');
    expect(hashOf('a', plain('uuid'))).toContain('coalesce(uuid_hash_extended("a", 1), 1)');
    expect(hashOf('a', plain('timestamptz'))).toContain('encode(timestamptz_send("a"), \'hex\')');
  });

  test('takes the md5 of a row that has no text any more', () => {
    const text = hashOf('a', plain('text'), {formula: 'text', binaryFloats: true});
    expect(text).toContain(
      `CASE WHEN NOT octet_length("hash") >= 16000000 THEN encode("hash", 'hex') END AS "hash_text"`,
    );
    expect(text).toMatch(/coalesce\(.*, \('x' \|\| substr\(md5\("hash"\), 1, 16\)\)::bit\(64\)::int8\) AS "hash"/);
  });

  test.each(['text', 'md5'] as const)('writes the row as one text with the length of each value: %s', (formula) => {
    const text = hashedRows({
      from: 'ONLY t',
      dialect: {formula, binaryFloats: true},
      hashes: {hash: [{name: 'a', type: plain('text')}]},
      also: ['ctid AS "place"'],
    });
    expect(text).toContain(
      `SELECT ctid AS "place", array_send(ARRAY["a"::text]::text[]) AS "hash" FROM ONLY t OFFSET 0`,
    );
    expect(text).toContain(
      formula === 'md5' ? 'md5("hash")' : `(hashtext("hash_text")::int8 << 32) # hashtext('~' || "hash_text")::int8`,
    );
    expect(text).toMatch(/^SELECT "place", /);
  });
});

describe('a row that differs', () => {
  const columns = [
    {name: 'b', type: plain('bytea')},
    {name: 'f', type: plain('float8')},
  ];
  const read = (dialect: Dialect, values = true): string =>
    readRowAt({table: {schema: 'public', name: 't'}, columns}, {dialect, place: '(0,7)', values}).text;

  // Eleven copies of a bytea of 400 MB took the memory of a replica, which was restarted and left P.
  test('has each value made once, and cut without being read again', () => {
    expect(read(EXTENDED).match(/"b"/g)).toHaveLength(1);
    expect(read(EXTENDED)).toContain('ARRAY[md5(v0), md5(v1)]::text[] AS "digests"');
    expect(read(EXTENDED)).toMatch(/"f"::text AS v1 FROM ONLY "public"."t" WHERE ctid = '\(0,7\)' OFFSET 0\) AS made$/);
    expect(read({formula: 'text', binaryFloats: true})).toContain('ARRAY[md5(textsend(v0)), md5(textsend(v1))]');
    expect(read(EXTENDED, false)).toContain('ARRAY[NULL, NULL]::text[] AS "texts"');
  });
});

describe('a value is written', () => {
  test.each<[string, ValueType, string]>([
    ['char(n) with its blanks', plain('bpchar'), 'textin(bpcharout(v))'],
    ['"char" as its number', plain('char'), '(v::int4)::text'],
    ['xml as it leaves a server', plain('xml'), String.raw`ltrim(textin(xml_out(v)), E'\n')`],
    [
      'a float by its bits, and every NaN alike',
      plain('float8'),
      `CASE WHEN v = 'NaN' THEN 'NaN' ELSE encode(float8send(v), 'hex') END`,
    ],
    ['a point so too', plain('point'), `replace(encode(point_send(v), 'hex'), 'fff8000000000000', '7ff8000000000000')`],
    [
      'floats in an array with its bounds',
      {kind: 'array', element: plain('float4')},
      `CASE WHEN v IS NOT NULL THEN coalesce(array_dims(v), '') || ARRAY(SELECT CASE WHEN longhaul_element = 'NaN' THEN 'NaN' ELSE encode(float4send(longhaul_element), 'hex') END FROM (SELECT unnest(v) AS longhaul_element) AS elements)::text END`,
    ],
    [
      'a type that somebody has cast to text by its output function',
      {...plain('public.mood'), cast: 'public.mood'},
      `nullif(ARRAY[(v)::public.mood]::text COLLATE "C", '{NULL}')`,
    ],
    [
      'an array of which that is so element by element',
      {kind: 'array', element: plain('int4'), cast: 'pg_catalog._int4'},
      `CASE WHEN v IS NOT NULL THEN coalesce(array_dims(v), '') || ARRAY(SELECT longhaul_element::text FROM (SELECT unnest(v) AS longhaul_element) AS elements)::text END`,
    ],
    ['an array of anything else as it is', {kind: 'array', element: plain('bpchar')}, 'v::text'],
    [
      'a row with a float field by field',
      {
        kind: 'composite',
        name: 'x',
        attributes: [
          {name: 'a', type: plain('text')},
          {name: 'b', type: plain('char')},
        ],
      },
      `CASE WHEN v::text IS NOT NULL THEN ROW((v)."a"::text, ((v)."b"::int4)::text)::text END`,
    ],
    [
      'a range of floats by its ends',
      {kind: 'range', name: 'x', subtype: plain('float8')},
      expect.stringMatching(/^CASE WHEN v IS NOT NULL THEN ROW\(isempty\(v\), .*float8send\(upper\(v\)\)/),
    ],
    ['a range of anything else as it is', {kind: 'range', name: 'x', subtype: plain('numeric')}, 'v::text'],
  ])('%s', (_, type, form) => {
    expect(textForm('v', type, true)).toEqual(form);
  });

  test('a float by its own text where both servers write the shortest one', () => {
    expect(textForm('v', plain('float8'), false)).toBe('v::text');
  });

  test('a domain as what it is made from', () => {
    const types = new Map(
      [
        row('1', {kind: 'd', schema: 'public', name: 'ratio', base: '2'}),
        row('2', {}),
        row('3', {isArray: true, element: '1'}),
      ].map((one) => [one.oid, one]),
    );
    expect(valueType(types, '3')).toEqual({kind: 'array', element: plain('float8')});
    expect(() => valueType(types, '4')).toThrow('bug');
  });

  test('one that somebody has cast to text as itself', () => {
    const types = new Map([['5', row('5', {schema: 'public', name: 'Mood', isCast: true})]]);
    expect(valueType(types, '5')).toEqual({...plain('"public"."Mood"'), cast: '"public"."Mood"'});
  });
});

describe('the formula that two servers have in common', () => {
  const utf8 = {hash: 7, encoding: 'UTF8'};

  test.each([
    ['both from 12 on', [120000, 180000], utf8, EXTENDED],
    ['one from 11', [110000, 150000], utf8, {formula: 'extended', binaryFloats: true}],
    ['one from before 11', [90600, 150000], utf8, {formula: 'text', binaryFloats: true}],
    ['two encodings', [130000, 150000], {hash: 7, encoding: 'LATIN1'}, {formula: 'text', binaryFloats: false}],
    ['two byte orders', [130000, 150000], {hash: 8, encoding: 'UTF8'}, {formula: 'md5', binaryFloats: false}],
  ] as const)('%s', (_, versions, facts, dialect) => {
    expect(chooseDialect(versions, [facts, utf8])).toEqual(dialect);
  });
});
