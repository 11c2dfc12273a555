import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {startLab, type Lab, type LabOptions} from '../../../src/lab/lab.ts';
import {loadBy} from '../../support/hold.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** Bytes that are no characters of any encoding by themselves: a half UTF-8 sequence, LATIN1, and all that text COPY escapes. */
const BYTES = String.raw`E'\xe4\xc3\\N\\.\t\b\n\r\x7f\xff\xfe' || n`;
const WIDE = `repeat(${BYTES}, 20)`;
/** What holds text in every form; a tsvector is among them, which travels as text. */
const TABLES = ['large', 'as_text', 'small_one', 'small_two'];

/** What a role may have set for itself, on either server; each spoils rows, or keeps a load from its end, where a session goes by it. */
const OF_ROLES = [
  'session_replication_role = replica',
  'default_transaction_read_only = on',
  "default_transaction_isolation = 'repeatable read'",
  'row_security = off',
  "bytea_output = 'escape'",
  "DateStyle = 'SQL, DMY'",
  "IntervalStyle = 'sql_standard'",
  'extra_float_digits = -5',
  'standard_conforming_strings = off',
  'quote_all_identifiers = on',
  'array_nulls = off',
  'transform_null_equals = on',
  "xmloption = 'document'",
  'check_function_bodies = on',
];

let lab: Lab;

beforeAll(async () => {
  const options: LabOptions = {
    seed: join(import.meta.dirname, '../../support/two-tables.sql'),
    encoding: 'SQL_ASCII',
    engine: 'none',
  };
  lab = await startLab(options);
  await lab.source.sql(`
    CREATE DOMAIN public.words AS text;
    CREATE TABLE public.large (id integer PRIMARY KEY, a text, b varchar(2000), c char(900), d public.words[], e json, f bytea, g "char", h name);
    INSERT INTO public.large SELECT n, ${WIDE}, ${WIDE}, ${BYTES}, ARRAY[(${BYTES})::public.words, NULL], ('"' || E'\\xe4' || n || '"')::json, E'\\\\xff00'::bytea, E'\\xe4', E'\\xe4' || n FROM generate_series(1, 900) AS n;
    CREATE TABLE public.as_text (id integer PRIMARY KEY, a text, b xml, c text[], d double precision, e interval, f timestamptz, g bytea);
    INSERT INTO public.as_text SELECT n, ${WIDE}, XMLPARSE(CONTENT 'no document <a>' || n || '</a>'), ARRAY['x', NULL, 'NULL'], 1 / n::double precision,
           '-1 mon 2 days' - n * interval '1 s', '2026-03-04 05:06:07.000008+02', E'\\xff00' FROM generate_series(1, 900) AS n;
    CREATE TABLE public.small_one (id integer PRIMARY KEY, a text);
    CREATE TABLE public.small_two (id integer PRIMARY KEY, a text);
    INSERT INTO public.small_one SELECT n, ${BYTES} FROM generate_series(1, 50) AS n;
    INSERT INTO public.small_two SELECT n, ${BYTES} FROM generate_series(1, 50) AS n;
    ANALYZE`);
  for (const server of [lab.source, lab.target])
    for (const setting of OF_ROLES) await server.sql(`ALTER ROLE longhaul SET ${setting}`);
  await loadBy(lab, 'auto', '256kB');
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

const digestOf = async (server: Lab['source'], table: string): Promise<string> =>
  JSON.stringify(
    await server.sql(`SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY id)) FROM public.${table} AS t`),
  );

test('a database in SQL_ASCII arrives byte for byte, in binary form, as text, and several tables in one stream, whatever our roles have set', async () => {
  await mustEndWell(lab, 'run', '--plain', '--until', 'compare-rows');
  for (const table of TABLES) expect(await digestOf(lab.target, table), table).toBe(await digestOf(lab.source, table));
  const [[bytes] = []] = await lab.target.sql(
    `SELECT encode(convert_to(a, 'SQL_ASCII'), 'hex') FROM public.small_one WHERE id = 7`,
  );
  expect(bytes).toBe('e4c35c4e5c2e09080a0d7ffffe37');
  const {units} = await stateOf(lab);
  const methods = new Map<string, Set<string>>();
  for (const {id, tables} of units) {
    const method = (await readFile(join(lab.folder, 'run', 'lanes', `${id}.1`, 'method'), 'utf8')).trim();
    for (const {name} of tables) methods.set(name, (methods.get(name) ?? new Set()).add(method));
  }
  const by = (name: string): string[] => [...(methods.get(name) ?? [])];
  expect(TABLES.map((name) => by(name))).toEqual([['binary'], ['copy'], ['copy'], ['copy']]);
});
