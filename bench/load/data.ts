import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Bytes of a row of the large table on disk, about. */
const ROW_BYTES = 175;
/** What of the whole the largest table is, and each of the four that follow; the rest is small tables. */
const LARGEST = 0.55;
const MIDDLING = 0.09;
const SMALL_TABLES = 60;

/** What is loaded: the whole database with its indexes, or its largest table alone without any. */
export type Shape = 'database' | 'largest table';

/** Writes the seed: a table that is most of the database and has four indexes, four of a tenth, sixty small ones. Gives its path. */
export function writeLoadSeed(megabytes: number, shape: Shape): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lh-load-seed-')), 'seed.sql');
  const rows = Math.round((megabytes * 1024 * 1024) / ROW_BYTES);
  const largest = table('largest', Math.round(rows * LARGEST));
  const whole = [
    largest,
    'CREATE INDEX ON public.largest (account);',
    'CREATE INDEX ON public.largest (created_at);',
    'CREATE INDEX ON public.largest (note);',
    ...[1, 2, 3, 4].flatMap((n) => [
      table(`middling_${n}`, Math.round(rows * MIDDLING)),
      `CREATE INDEX ON public.middling_${n} (account);`,
    ]),
    ...Array.from({length: SMALL_TABLES}, (_, n) => table(`small_${n}`, Math.round((rows * 0.09) / SMALL_TABLES))),
  ];
  const sql = shape === 'database' ? whole : [largest.replace(' PRIMARY KEY', '')];
  writeFileSync(
    path,
    `SET synchronous_commit = off;\nSET ROLE app_owner;\n${sql.join('\n')}\nRESET ROLE;\nVACUUM ANALYZE;\n`,
  );
  return path;
}

function table(name: string, rows: number): string {
  return `CREATE TABLE public.${name} (id bigint PRIMARY KEY, account int NOT NULL, note text, extra jsonb, paid numeric(12,2), created_at timestamptz NOT NULL, code text);
    INSERT INTO public.${name} SELECT i, (i * 7919) % 100003, md5(i::text), jsonb_build_object('n', i % 1000, 'k', md5((i % 977)::text)), (i % 100000) / 100.0, '2020-01-01'::timestamptz + i * interval '7 seconds', 'c' || i % 5000 FROM generate_series(1, ${rows}) AS i;`;
}
