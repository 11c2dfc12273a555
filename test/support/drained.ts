import type {Lab} from '../../src/lab/lab.ts';
import {eventually} from './longhaul.ts';

/** A worker of pglogical that has failed may sleep for three minutes. */
const LIMIT_MS = 240_000;

/**
 * Waits until a row that is written now is on the target, through every slot that has a sentinel: with the writers stopped, so is all that was written
 * before. Those of a way back are written on the other side.
 */
export async function drained(lab: Pick<Lab, 'source' | 'target'>): Promise<void> {
  const tables = await lab.source.sql(
    `SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'longhaul_cdc'::regnamespace AND c.relkind = 'r' AND c.relname !~ '^r_'`,
  );
  for (const [table = ''] of tables) {
    const [[n = ''] = []] = await lab.source.sql(
      `INSERT INTO ${table} VALUES ((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, now()) RETURNING n`,
    );
    await eventually(
      `${table} to have what was written last`,
      async () => ((await lab.target.sql(`SELECT 1 FROM ${table} WHERE n = ${n}`)).length > 0 ? true : null),
      LIMIT_MS,
    );
  }
}
