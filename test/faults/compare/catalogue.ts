import {oneChange, type SeededChange, type SeededTable, type Specials} from './seeded-change.ts';
import {unusual} from './unusual-tables.ts';
import {VALUES, type TypeValues} from './values.ts';

/** What the source holds, and what is changed on the target, for servers of these releases. */
export interface Catalogue {
  readonly seed: string;
  readonly tables: readonly SeededTable[];
  readonly changes: readonly SeededChange[];
}

const TYPES = `
CREATE EXTENSION hstore WITH SCHEMA public; CREATE EXTENSION citext WITH SCHEMA public; CREATE EXTENSION ltree WITH SCHEMA public;
CREATE EXTENSION cube WITH SCHEMA public; CREATE EXTENSION seg WITH SCHEMA public; CREATE EXTENSION intarray WITH SCHEMA public;
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN public.ratio AS float8; CREATE DOMAIN public.code AS char(3);
CREATE TYPE public.place AS (label text, at float8); CREATE TYPE public.named AS (n int, t text);
CREATE TYPE public.floatrange AS RANGE (subtype = float8);
CREATE TYPE public.coded AS (c char(3), n int); CREATE TYPE public.nested AS (p public.place, n int); CREATE TYPE public.worded AS (n int, t text);
CREATE FUNCTION public.word(public.worded) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).t';
CREATE CAST (public.worded AS text) WITH FUNCTION public.word(public.worded);
CREATE DOMAIN public.twice AS public.ratio; CREATE TYPE public.deep AS (r public.ratio, c public.code, m public.mood[]);
CREATE TYPE public.was AS (a int, b text, c float8); ALTER TYPE public.was DROP ATTRIBUTE b;
CREATE TABLE public.shape (c char(3), f float8, gone text); ALTER TABLE public.shape DROP COLUMN gone; CREATE TYPE public.marked AS (b bytea, t text);
CREATE TYPE public.textrange AS RANGE (subtype = text); CREATE TYPE public.charrange AS RANGE (subtype = bpchar);
ALTER DOMAIN public.twice OWNER TO app_owner; ALTER TYPE public.deep OWNER TO app_owner; ALTER TYPE public.was OWNER TO app_owner; ALTER TABLE public.shape OWNER TO app_owner;
ALTER TYPE public.marked OWNER TO app_owner; ALTER TYPE public.textrange OWNER TO app_owner; ALTER TYPE public.charrange OWNER TO app_owner;
ALTER TYPE public.coded OWNER TO app_owner; ALTER TYPE public.nested OWNER TO app_owner; ALTER TYPE public.worded OWNER TO app_owner;
ALTER FUNCTION public.word(public.worded) OWNER TO app_owner;
ALTER TYPE public.mood OWNER TO app_owner; ALTER TYPE public.place OWNER TO app_owner; ALTER TYPE public.named OWNER TO app_owner;
ALTER TYPE public.floatrange OWNER TO app_owner; ALTER DOMAIN public.ratio OWNER TO app_owner; ALTER DOMAIN public.code OWNER TO app_owner;
`;
/** Domains over arrays and composites, which the array of a domain came with. */
const DOMAINS = `CREATE DOMAIN public.ratios AS float8[]; CREATE DOMAIN public.place_known AS public.place;
ALTER DOMAIN public.ratios OWNER TO app_owner; ALTER DOMAIN public.place_known OWNER TO app_owner;\n`;
const COLLATION = `CREATE COLLATION public.as_one (provider = icu, locale = 'und-u-ks-level1', deterministic = false); ALTER COLLATION public.as_one OWNER TO app_owner;\n`;

/** Rows of a table that is large enough for buckets. */
const MANY = 30_000;

/** The catalogue for the older of two releases: 9.6 is 9. */
export function catalogueFor(release: number): Catalogue {
  const typed = VALUES.filter(({from}) => release >= from).map((change, at) => tableOf(change, at));
  const special = [specials(release), unusual(release)];
  return {
    seed: [
      TYPES,
      release >= 11 ? DOMAINS : '',
      release >= 12 ? COLLATION : '',
      'SET ROLE app_owner;\n',
      ...typed.map(({seed}) => seed),
      ...special.map((one) => one.seed),
      'RESET ROLE; GRANT SELECT ON ALL TABLES IN SCHEMA public TO longhaul; ANALYZE;\n',
    ].join(''),
    tables: [
      ...typed.map(({name}) => ({name, columns: 'id, v, filler', key: ['id']})),
      ...special.flatMap((one) => one.tables),
    ],
    changes: [...typed.flatMap(({changes}) => changes), ...special.flatMap((one) => one.changes)],
  };
}

function tableOf({type, pairs}: TypeValues, at: number): {name: string; seed: string; changes: SeededChange[]} {
  const name = `public.t${at}`;
  const rows = pairs.map(([before], index) => `(${index + 1}, ${before}, 'row ${index + 1}')`);
  const [[first] = ["''"]] = pairs;
  const nulls = `(90, NULL, 'null'), (91, ${first}, 'one more')`;
  const cast = type.replace(/ (COLLATE|\/\*).*$/, '');
  const change = (what: string, sql: string, row: SeededChange['rows'][number]): SeededChange => ({
    tables: [name],
    what: `${type}: ${what}`,
    sql,
    rows: [row],
  });
  return {
    name,
    seed: `CREATE TABLE ${name} (id int PRIMARY KEY, v ${type}, filler text);\nINSERT INTO ${name} VALUES ${[...rows, nulls].join(', ')};\n`,
    changes: [
      ...pairs.map(([before, after], index) =>
        change(
          `${before} → ${after}`.slice(0, 90),
          `UPDATE ${name} SET v = (${after})::${cast} WHERE id = ${index + 1}`,
          {
            kind: 'changed',
            key: String(index + 1),
            column: 'v',
          },
        ),
      ),
      change('NULL → a value', `UPDATE ${name} SET v = (${first})::${cast} WHERE id = 90`, {
        kind: 'changed',
        key: '90',
        column: 'v',
      }),
      change('a value → NULL', `UPDATE ${name} SET v = NULL WHERE id = 91`, {kind: 'changed', key: '91', column: 'v'}),
    ],
  };
}

function specials(release: number): Specials {
  const generated = release >= 12;
  return {
    seed: `
CREATE TABLE public.keyless (a int, b text); INSERT INTO public.keyless SELECT i % 10, 'b' || i % 10 FROM generate_series(1, 50) i;
INSERT INTO public.keyless VALUES (NULL, NULL);
CREATE TABLE public.swap_a (id int PRIMARY KEY, v text); INSERT INTO public.swap_a SELECT i, 'a' || i FROM generate_series(1, 9) i;
CREATE TABLE public.swap_b (id int PRIMARY KEY, v text); INSERT INTO public.swap_b SELECT i, 'b' || i FROM generate_series(1, 9) i;
CREATE TABLE public.two (a text, b bigint, x text, y text, PRIMARY KEY (a, b)); INSERT INTO public.two SELECT 'k' || i, i, 'x' || i, 'y' || i FROM generate_series(1, 20) i;
CREATE TABLE public.no_rows (id int PRIMARY KEY);
CREATE TABLE public.no_columns (); INSERT INTO public.no_columns DEFAULT VALUES; INSERT INTO public.no_columns DEFAULT VALUES;
CREATE TABLE public.many (id bigint PRIMARY KEY, v text, n numeric); INSERT INTO public.many SELECT i, 'value ' || i, i / 7.0 FROM generate_series(1, ${MANY}) i;
CREATE TABLE public.many_keyless (v text, n int); INSERT INTO public.many_keyless SELECT 'value ' || i, i % 100 FROM generate_series(1, ${MANY}) i;
${generated ? 'CREATE TABLE public.made (id int PRIMARY KEY, v int, twice int GENERATED ALWAYS AS (v * 2) STORED); INSERT INTO public.made SELECT i, i FROM generate_series(1, 5) i;' : ''}
`,
    tables: [
      {name: 'public.keyless', columns: 'a, b', key: null},
      {name: 'public.swap_a', columns: 'id, v', key: ['id']},
      {name: 'public.swap_b', columns: 'id, v', key: ['id']},
      {name: 'public.two', columns: 'a, b, x, y', key: ['a', 'b']},
      {name: 'public.no_rows', columns: 'id', key: ['id']},
      {name: 'public.no_columns', columns: '', key: null},
      {name: 'public.many', columns: 'id, v, n', key: ['id']},
      {name: 'public.many_keyless', columns: 'v, n', key: null},
      ...(generated ? [{name: 'public.made', columns: 'id, v', key: ['id']}] : []),
    ],
    changes: [
      oneChange('keyless', 'a row doubled', "INSERT INTO public.keyless VALUES (3, 'b3')", {
        kind: 'doubled',
        key: null,
      }),
      oneChange('keyless', 'a row of nulls lost', 'DELETE FROM public.keyless WHERE a IS NULL', {
        kind: 'missing',
        key: null,
      }),
      oneChange(
        'keyless',
        'one of equal rows lost',
        'DELETE FROM public.keyless WHERE ctid = (SELECT ctid FROM public.keyless WHERE a = 4 LIMIT 1)',
        {kind: 'doubled', key: null},
      ),
      oneChange('keyless', 'a row that nobody has', "INSERT INTO public.keyless VALUES (99, 'b99')", {
        kind: 'extra',
        key: null,
      }),
      {
        tables: ['public.swap_a', 'public.swap_b'],
        what: 'two rows swapped between tables',
        sql: "UPDATE public.swap_a SET v = 'b5' WHERE id = 5; UPDATE public.swap_b SET v = 'a5' WHERE id = 5",
        rows: [
          {kind: 'changed', key: '5', column: 'v'},
          {kind: 'changed', key: '5', column: 'v'},
        ],
      },
      oneChange(
        'swap_a',
        'the values of two rows swapped',
        "UPDATE public.swap_a SET v = CASE id WHEN 1 THEN 'a2' ELSE 'a1' END WHERE id IN (1, 2)",
        {kind: 'changed', key: '1', column: 'v'},
      ),
      oneChange('two', 'two columns of a row swapped', "UPDATE public.two SET x = y, y = x WHERE a = 'k7'", {
        kind: 'changed',
        key: 'k7,7',
        column: 'x',
      }),
      oneChange(
        'two',
        'a column of two rows swapped',
        "UPDATE public.two SET x = CASE a WHEN 'k1' THEN 'x2' ELSE 'x1' END WHERE a IN ('k1', 'k2')",
        {kind: 'changed', key: 'k1,1', column: 'x'},
      ),
      oneChange('two', 'a row lost', "DELETE FROM public.two WHERE a = 'k3'", {kind: 'missing', key: 'k3,3'}),
      oneChange('two', 'a row more', "INSERT INTO public.two VALUES ('k3', 99, '', '')", {kind: 'extra', key: 'k3,99'}),
      oneChange('two', 'the key of a row', "UPDATE public.two SET a = 'K3' WHERE a = 'k3'", {
        kind: 'missing',
        key: 'k3,3',
      }),
      oneChange(
        'two',
        'one row lost and one more',
        "DELETE FROM public.two WHERE a = 'k3'; INSERT INTO public.two VALUES ('k33', 3, 'x3', 'y3')",
        {kind: 'extra', key: 'k33,3'},
      ),
      oneChange('no_rows', 'a row in an empty table', 'INSERT INTO public.no_rows VALUES (0)', {
        kind: 'extra',
        key: '0',
      }),
      oneChange('no_columns', 'a row without columns', 'INSERT INTO public.no_columns DEFAULT VALUES', {
        kind: 'doubled',
        key: null,
      }),
      oneChange('many', 'one row of many', "UPDATE public.many SET v = v || ' ' WHERE id = 17777", {
        kind: 'changed',
        key: '17777',
        column: 'v',
      }),
      oneChange(
        'many',
        'the scale of one number of many',
        'UPDATE public.many SET n = n::numeric(30, 25) WHERE id = 7',
        {
          kind: 'changed',
          key: '7',
          column: 'n',
        },
      ),
      oneChange('many', 'one row of many lost', 'DELETE FROM public.many WHERE id = 29999', {
        kind: 'missing',
        key: '29999',
      }),
      oneChange('many', 'one row more', "INSERT INTO public.many VALUES (-1, '', 0)", {kind: 'extra', key: '-1'}),
      oneChange(
        'many_keyless',
        'one row of many doubled',
        "INSERT INTO public.many_keyless VALUES ('value 9999', 99)",
        {
          kind: 'doubled',
          key: null,
        },
      ),
      oneChange('many_keyless', 'one row of many lost', "DELETE FROM public.many_keyless WHERE v = 'value 12345'", {
        kind: 'missing',
        key: null,
      }),
      ...(generated
        ? [
            oneChange('made', 'what a column is generated from', 'UPDATE public.made SET v = 9 WHERE id = 2', {
              kind: 'changed',
              key: '2',
              column: 'twice',
            }),
          ]
        : []),
    ],
  };
}
