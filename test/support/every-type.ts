import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Lab} from '../../src/lab/lab.ts';

/** Values of a type that a copy may spoil, as literals. */
type Values = Readonly<Record<string, readonly string[]>>;

const CORE: Values = {
  boolean: ['true', 'false'],
  smallint: ['-32768', '32767', '0'],
  integer: ['-2147483648', '2147483647', '0'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
  // Up to 11 a server writes others with other digits.
  real: ['NaN', 'Infinity', '-Infinity', '-0', '-1024.25'],
  'double precision': ['NaN', 'Infinity', '-Infinity', '-0', '0.5'],
  numeric: ['NaN', '0', '-0.000', '12345678901234567890.123456789000', '1e-300', '-1e300'],
  'numeric(10, 2)': ['-99999999.99', '0.10', 'NaN'],
  text: ['', ' ', '\\N', '\\.', 'a\tb\nc\rd', 'quote " \' \\', 'K\u00e4se'],
  'character varying(20)': ['', '\\N', 'K\u00e4se'],
  'character(5)': ['', 'K\u00e4se'],
  name: ['', 'K\u00e4se'],
  '"char"': ['', 'x', '\\200'],
  bytea: ['\\x', '\\x00ff0a5c', '\\x5c2e0a'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  json: ['{"b" : 1,  "a":[], "b":2}', 'null'],
  jsonb: ['{"b": 1, "a": [1e5, "\\u00e4"]}', 'null', '""'],
  date: ['4713-01-01 BC', 'infinity', '-infinity', '5874897-12-31'],
  time: ['00:00', '24:00', '23:59:59.999999'],
  'time(0) with time zone': ['00:00+15:59', '24:00-12:30'],
  timestamp: ['infinity', '-infinity', '4713-01-01 BC', '294276-12-31 23:59:59.999999'],
  'timestamp with time zone': ['infinity', '-infinity', '2026-03-29 02:30+01', '1883-11-18 12:03:58.000001+00'],
  interval: ['-178000000 years', '1 mon -1 day 00:00:00.000001', '0'],
  'bit(9)': ['000000001', '111111111'],
  'bit varying': ['', '1', '0101010101'],
  inet: ['0.0.0.0/0', '10.1.2.3/8', '::1', '2001:db8::1/32'],
  cidr: ['10.0.0.0/8', '2001:db8::/32'],
  macaddr: ['08:00:2b:01:02:03'],
  point: ['(0.5,-0.25)', '(NaN,Infinity)'],
  line: ['{1,-1,0.5}'],
  lseg: ['[(0,0),(1,0.5)]'],
  box: ['(1,1),(0,0.5)'],
  path: ['[(0,0),(1,1)]', '((0,0),(1,1),(0.5,0))'],
  polygon: ['((0,0),(1,1),(0.5,0))'],
  circle: ['<(0.5,0),2>'],
  tsvector: ["'a':1A,2B 'K\u00e4se':3", ''],
  pg_lsn: ['0/0', 'FFFFFFFF/FFFFFFFF'],
  int4range: ['empty', '(,)', '[1,5)'],
  int8range: ['empty', '[1,5)'],
  numrange: ['empty', '(1.10,2.000]', '[,5)'],
  daterange: ['[2026-01-01,infinity)', 'empty'],
  tsrange: ['["2026-01-01 00:00:00.000001",)', 'empty'],
  tstzrange: ['[2026-01-01 00:00+00,2026-01-02 00:00+00]'],
};

const SINCE: readonly (readonly [version: number, values: Values])[] = [
  [100_000, {macaddr8: ['08:00:2b:01:02:03:04:05']}],
  [120_000, {float4: ['1e-45', '0.1'], float8: ['4.9e-324', '0.1', '1.7976931348623157e308']}],
  [
    140_000,
    {'numeric ': ['Infinity', '-Infinity'], int4multirange: ['{}', '{[1,3),[5,7)}'], nummultirange: ['{[1.5,2]}']},
  ],
];

/** What somebody has made. */
const OWN: Values = {
  'kinds.mood': ['so so', 'K\u00e4se', ''],
  'kinds.even': ['0', '-2', '2147483646'],
  'kinds.good_mood': ['so so'],
};
const OWN_NESTED: Values = {
  'kinds.pair': ['(1,"a,b",)', '(,"","so so")', '(,,)'],
  'kinds.nest': ['("(1,x,K\u00e4se)","{1,2,NULL}")'],
};

/** What nobody promises to be the same bytes on both servers. */
const BY_TEXT: Values = {
  money: ['-1.10'],
  oid: ['0', '4294967295'],
  regclass: ['pg_catalog.pg_class', '-'],
  regtype: ['kinds.mood'],
  xid: ['4294967295'],
  tsquery: ["'a' & !'b':*A"],
  'kinds.floats': ['[0.5,2.5)', 'empty'],
};

/** Tables with a column per type, and one with an array of it, in schema kinds; which of them travel in binary form to 14 and newer, and which not. */
export const KINDS = {binary: ['core', 'own', 'nested'], text: ['other']} as const;

/** Fills a source of this version with every type that it has: nasty values, NULLs, arrays with NULLs and of two dimensions. */
export async function addEveryType(lab: Lab): Promise<void> {
  const [[version = '0'] = []] = await lab.source.sql('SHOW server_version_num');
  const newer = SINCE.filter(([from]) => Number(version) >= from).map(([, values]) => values);
  await lab.source.sql(`
    CREATE SCHEMA kinds;
    CREATE TYPE kinds.mood AS ENUM ('', 'so so', 'K\u00e4se');
    CREATE DOMAIN kinds.even AS integer CHECK (VALUE % 2 = 0);
    CREATE DOMAIN kinds.good_mood AS kinds.mood CHECK (VALUE <> 'K\u00e4se');
    CREATE TYPE kinds.pair AS (number bigint, gone text, words text, mood kinds.mood);
    ALTER TYPE kinds.pair DROP ATTRIBUTE gone;
    CREATE TYPE kinds.nest AS (pair kinds.pair, numbers integer[]);
    CREATE TYPE kinds.floats AS RANGE (subtype = float8);
    ${tableOf('core', Object.assign({}, CORE, ...newer), true)}
    ${tableOf('own', OWN, false)}
    ${tableOf('nested', {...OWN_NESTED, 'kinds.mood': OWN['kinds.mood'] ?? []}, true)}
    ${tableOf('other', BY_TEXT, true)}
    GRANT USAGE ON SCHEMA kinds TO longhaul;
    GRANT SELECT ON ALL TABLES IN SCHEMA kinds TO longhaul;
    GRANT SELECT ON ALL SEQUENCES IN SCHEMA kinds TO longhaul;
    ANALYZE`);
  // Another order of the columns, one that is computed, one that went.
  if (Number(version) >= 120_000)
    await lab.source.sql('ALTER TABLE kinds.core ADD COLUMN twice bigint GENERATED ALWAYS AS (id * 2) STORED');
}

/** By which methods the units of each of these tables were loaded: `{core: ['binary'], other: ['copy']}`. */
export async function methodsOfEveryType(lab: Lab): Promise<Record<string, readonly string[]>> {
  const lanes = join(lab.folder, 'run', 'lanes');
  const names = await readdir(lanes);
  const methods: Record<string, readonly string[]> = {};
  for (const table of [...KINDS.binary, ...KINDS.text]) {
    const own = names.filter((name) => name.includes(`-kinds.${table}.`));
    const read = await Promise.all(own.map(async (name) => readFile(join(lanes, name, 'method'), 'utf8')));
    methods[table] = [...new Set(read.map((text) => text.trim()))];
  }
  return methods;
}

/** Large enough for units of its own, by a unit_size of up to 256kB. */
function tableOf(name: string, values: Values, arrays: boolean): string {
  const columns = Object.entries(values).map(([type, literals], at) => ({column: `c${at}`, type, literals}));
  // Before 11 there are none of domains.
  const withArrays = arrays ? columns : [];
  return `
    CREATE TABLE kinds.${name} (gone integer, id bigserial PRIMARY KEY, n integer, room text DEFAULT repeat('x', 400), ${[
      ...columns.map(({column, type}) => `${column} ${type}`),
      ...withArrays.map(({column, type}) => `${column}s ${type}[]`),
    ].join(', ')});
    ALTER TABLE kinds.${name} DROP COLUMN gone;
    INSERT INTO kinds.${name} (n, ${[...columns.map(({column}) => column), ...withArrays.map(({column}) => `${column}s`)].join(', ')})
    SELECT n, ${[
      ...columns.map(({type, literals}) => oneOf(literals, type)),
      ...withArrays.map(
        ({type, literals}) =>
          `CASE n % 4 WHEN 1 THEN ARRAY[]::${type}[] WHEN 2 THEN ${arrayOf(literals, type)} WHEN 3 THEN ARRAY[${arrayOf(literals, type)}, ${arrayOf(literals, type)}] END`,
      ),
    ].join(', ')}
      FROM generate_series(1, 200) AS n;`;
}

function quote(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

function arrayOf(literals: readonly string[], type: string): string {
  return `ARRAY[${[...literals.map((one) => `${quote(one)}::${type}`), 'NULL'].join(', ')}]`;
}

function oneOf(literals: readonly string[], type: string): string {
  const cases = literals.map((value, at) => `WHEN ${at} THEN ${quote(value)}::${type}`);
  return `CASE n % ${literals.length + 1} ${cases.join(' ')} END`;
}
