import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {LabServer} from '../../src/lab/cluster/lab-server.ts';

/** Tables that are written to, of one size, so that slots get the same share of them. */
export const TABLES = Array.from({length: 6}, (_, n) => `public.t_${n}`);
const ROWS = 20_000;
/** Changes of a transaction of the backlog: two rows updated, one inserted, each in any of the tables. */
export const CHANGES = 3;

/** Writes the seed: the tables, and the procedure that writes a backlog in one call, each transaction committed by itself. Gives its path. */
export function writeCdcSeed(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lh-cdc-seed-')), 'seed.sql');
  const tables = TABLES.map(
    (name) => `CREATE TABLE ${name} (id bigserial PRIMARY KEY, n bigint NOT NULL DEFAULT 0, pad text);
      INSERT INTO ${name} (pad) SELECT repeat(md5(i::text), 4) FROM generate_series(1, ${ROWS}) AS i;
      ALTER TABLE ${name} OWNER TO app_owner;`,
  );
  const any = `floor(random() * ${TABLES.length})::int`;
  const row = `1 + floor(random() * ${ROWS})::int`;
  const sql = [
    'SET synchronous_commit = off;',
    ...tables,
    `CREATE PROCEDURE public.write_backlog(transactions integer) LANGUAGE plpgsql AS $$
     BEGIN
       FOR i IN 1 .. transactions LOOP
         EXECUTE format('UPDATE public.t_%s SET n = n + 1 WHERE id = $1', ${any}) USING ${row};
         EXECUTE format('UPDATE public.t_%s SET n = n + 1 WHERE id = $1', ${any}) USING ${row};
         EXECUTE format('INSERT INTO public.t_%s (n, pad) VALUES ($1, repeat(md5($1::text), 4))', ${any}) USING i;
         COMMIT;
       END LOOP;
     END $$;`,
    'VACUUM ANALYZE;',
  ];
  writeFileSync(path, `${sql.join('\n')}\n`);
  return path;
}

/** Writes so many transactions, and behind them a row into each table that tells when all is applied. */
export async function writeBacklog(source: LabServer, transactions: number, mark: number): Promise<void> {
  await source.sql(`SET synchronous_commit = off; CALL public.write_backlog(${transactions})`);
  for (const table of TABLES) await source.sql(`INSERT INTO ${table} (id) VALUES (${-mark})`);
}

/** Rows and sums of a database's tables: the same on both sides, or something is lost or doubled. */
export async function sumsOf(server: LabServer, database: string): Promise<string> {
  const each = TABLES.map((name) => `SELECT count(*) AS rows, sum(n) AS n FROM ${name}`).join(' UNION ALL ');
  const [sums = []] = await server.sql(`SELECT sum(rows), sum(n) FROM (${each}) AS t`, database);
  return sums.join(' rows, sum ');
}
