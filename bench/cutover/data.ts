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

/** Writes the seed: 60 tables with 40 foreign keys and 40 sequences, so many MB in all. Gives its path. */
export function writeCutoverSeed(megabytes: number): string {
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
    'RESET ROLE;',
    'VACUUM ANALYZE;',
  ];
  writeFileSync(path, `${sql.join('\n')}\n`);
  return path;
}
