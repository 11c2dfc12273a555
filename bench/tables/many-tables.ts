import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Lab} from '../../src/lab/lab.ts';

const SCHEMAS = 10;
/** So many are made in one transaction, whose locks fit into any server's table. */
const AT_ONCE = 250;

/**
 * Writes the seed: tables as a multi-tenant application has them, with a key, two indexes, a foreign key for each tenth and a row. Gives its
 * path.
 */
export function writeSeed(tables: number): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lh-tables-seed-')), 'seed.sql');
  const schemas = Array.from({length: SCHEMAS}, (_, n) => `CREATE SCHEMA tenant_${n} AUTHORIZATION app_owner;\n`);
  const batches = Array.from({length: Math.ceil(tables / AT_ONCE)}, (_, n) =>
    batch(n * AT_ONCE, Math.min(tables, (n + 1) * AT_ONCE) - 1),
  );
  // The replica is a copy of the source and has its settings, too.
  const locks = 'ALTER SYSTEM SET max_locks_per_transaction = 1024;\n';
  writeFileSync(path, `${locks}SET synchronous_commit = off;\n${schemas.join('')}${batches.join('')}ANALYZE;\n`);
  return path;
}

function batch(from: number, to: number): string {
  return `DO $$ BEGIN FOR n IN ${from} .. ${to} LOOP EXECUTE format($t$
    CREATE TABLE tenant_%1$s.orders_%2$s (id bigserial PRIMARY KEY, customer text NOT NULL, paid numeric(12,2) CHECK (paid >= 0), created_at timestamptz DEFAULT now());
    CREATE INDEX orders_%2$s_customer ON tenant_%1$s.orders_%2$s (customer);
    CREATE INDEX orders_%2$s_created ON tenant_%1$s.orders_%2$s (created_at) WHERE paid IS NULL;
    ALTER TABLE tenant_%1$s.orders_%2$s OWNER TO app_owner;
    GRANT SELECT ON tenant_%1$s.orders_%2$s TO reporting;
    INSERT INTO tenant_%1$s.orders_%2$s (customer, paid) VALUES ('one', 1)$t$, n %% ${SCHEMAS}, n);
    IF n %% 10 = 9 THEN EXECUTE format('ALTER TABLE tenant_%1$s.orders_%2$s ADD FOREIGN KEY (id) REFERENCES tenant_%3$s.orders_%4$s', n %% ${SCHEMAS}, n, (n - 1) %% ${SCHEMAS}, n - 1); END IF;
  END LOOP; END $$;\n`.replaceAll('%%', '%');
}

/** Lets all three servers lock so many tables at once, as preflight asks. The standby first: it must not have less than its primary. */
export async function prepareServers({source, replica, target}: Lab): Promise<void> {
  await target.sql('ALTER SYSTEM SET max_locks_per_transaction = 4096');
  await target.restart();
  await replica.restart();
  await source.restart();
  await source.sql('CHECKPOINT');
}
