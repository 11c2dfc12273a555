import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Tables that are written to, each with a foreign key to one of the others and a sequence. */
export const CHILDREN = 40;
/** Tables that those point to. */
export const PARENTS = 20;
/** Rows of each parent. */
export const PARENT_ROWS = 500;
/** Bytes of a row of a child on disk, about. */
const ROW_BYTES = 380;

/** What an application changes of it, that no change capture brings. */
export const REST_CHANGES: readonly string[] = [
  "UPDATE public.rest_log SET pad = pad || 'x' WHERE at % 1000 = 1",
  "UPDATE public.rest_sessions SET pad = pad || 'x' WHERE id % 10 = 1",
  'SELECT lo_put(oid, 10, convert_to(now()::text, current_setting($$server_encoding$$))) FROM (SELECT oid FROM pg_largeobject_metadata ORDER BY oid LIMIT 20) AS few',
];
const OBJECT_BYTES = 65_536;

/** So many MB that change capture does not carry: half of it in a table without a key, the rest in an unlogged one and in large objects. */
function restOf(megabytes: number): string[] {
  if (megabytes === 0) return [];
  const bytes = megabytes * 1024 * 1024;
  const rows = (share: number): number => Math.round((bytes * share) / ROW_BYTES);
  return [
    'CREATE TABLE public.rest_log (at integer, pad text);',
    `INSERT INTO public.rest_log SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, ${rows(0.5)}) AS i;`,
    'CREATE UNLOGGED TABLE public.rest_sessions (id integer PRIMARY KEY, pad text);',
    `INSERT INTO public.rest_sessions SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, ${rows(0.25)}) AS i;`,
    `SELECT count(lo_from_bytea(0, decode(repeat(md5(i::text), ${OBJECT_BYTES / 16}), 'hex'))) FROM generate_series(1, ${Math.round((bytes * 0.25) / OBJECT_BYTES)}) AS i;`,
  ];
}

/** Writes the seed: 60 tables with 40 foreign keys and 40 sequences, so many MB in all, and `restMegabytes` that change capture does not carry. Gives its path. */
export function writeCutoverSeed(megabytes: number, restMegabytes = 0): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lh-cutover-seed-')), 'seed.sql');
  const rows = Math.round((megabytes * 1024 * 1024) / ROW_BYTES / CHILDREN);
  const parents = Array.from(
    {length: PARENTS},
    (_, n) => `CREATE TABLE public.parent_${n} (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0);
      INSERT INTO public.parent_${n} SELECT i FROM generate_series(1, ${PARENT_ROWS}) AS i;`,
  );
  const children = Array.from(
    {length: CHILDREN},
    (
      _,
      n,
    ) => `CREATE TABLE public.child_${n} (id bigserial PRIMARY KEY, parent integer NOT NULL REFERENCES public.parent_${n % PARENTS}, amount bigint NOT NULL, pad text);
      INSERT INTO public.child_${n} (parent, amount, pad) SELECT 1 + i % ${PARENT_ROWS}, 0, repeat(md5(i::text), 10) FROM generate_series(1, ${rows}) AS i;`,
  );
  const sql = [
    'SET synchronous_commit = off;',
    'SET ROLE app_owner;',
    ...parents,
    ...children,
    ...restOf(restMegabytes),
    'RESET ROLE;',
    'VACUUM ANALYZE;',
  ];
  writeFileSync(path, `${sql.join('\n')}\n`);
  return path;
}
