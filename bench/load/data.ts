import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Bytes of a row of the large table on disk, about. */
const ROW_BYTES = 175;
/** What of the whole the largest table is, and each of the four that follow; the rest is small tables. */
const LARGEST = 0.55;
const MIDDLING = 0.09;
const SMALL_TABLES = 60;

/** What is loaded: the whole database with its indexes, its largest table alone without any (with its key where the source cuts by it), tables of a hundred rows with two indexes each, or these and the largest. */
export type Shape = 'database' | 'largest table' | 'many tables' | 'many units';

/** What a seed is made of. */
export interface SeedOf {
  readonly megabytes: number;
  readonly tables: number;
  readonly shape: Shape;
  /** Whether the largest table alone has its primary key. */
  readonly keyed?: boolean;
}

/** So many are made in one transaction, whose locks fit into any server's table. */
const AT_ONCE = 250;

function manyTables(tables: number): string[] {
  const batches = Array.from({length: Math.ceil(tables / AT_ONCE)}, (_, n) => [
    n * AT_ONCE,
    Math.min(tables, (n + 1) * AT_ONCE) - 1,
  ]);
  return batches.map(
    ([from, to]) => `DO $$ BEGIN FOR n IN ${from} .. ${to} LOOP EXECUTE format($t$
    CREATE TABLE public.t_%1$s (id int PRIMARY KEY, account int NOT NULL, note text);
    INSERT INTO public.t_%1$s SELECT i, i %% 7, md5(i::text) FROM generate_series(1, 100) i;
    CREATE INDEX t_%1$s_account ON public.t_%1$s (account)$t$, n); END LOOP; END $$;`,
  );
}

/** Writes the seed: a table that is most of the database and has four indexes, four of a tenth, sixty small ones. Gives its path. */
export function writeLoadSeed({megabytes, tables, shape, keyed = false}: SeedOf): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lh-load-seed-')), 'seed.sql');
  const rows = Math.round((megabytes * 1024 * 1024) / ROW_BYTES);
  // Alone, it is all that was asked for.
  const largest = table('largest', shape === 'largest table' ? rows : Math.round(rows * LARGEST));
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
  const sql = {
    database: whole,
    'largest table': [keyed ? largest : largest.replace(' PRIMARY KEY', '')],
    'many tables': manyTables(tables),
    'many units': [...manyTables(tables), table('largest', rows)],
  }[shape];
  writeFileSync(
    path,
    `SET synchronous_commit = off;\nSET ROLE app_owner;\n${sql.join('\n')}\nRESET ROLE;\nVACUUM ANALYZE;\n`,
  );
  return path;
}

function table(name: string, rows: number): string {
  return `CREATE TABLE public.${name} (id bigint PRIMARY KEY, account int NOT NULL, note text, extra jsonb, paid numeric(12,2), created_at timestamptz NOT NULL, code text);
    INSERT INTO public.${name} SELECT i, (i::bigint * 7919) % 100003, md5(i::text), jsonb_build_object('n', i % 1000, 'k', md5((i % 977)::text)), (i % 100000) / 100.0, '2020-01-01'::timestamptz + i * interval '7 seconds', 'c' || i % 5000 FROM generate_series(1, ${rows}) AS i;`;
}
