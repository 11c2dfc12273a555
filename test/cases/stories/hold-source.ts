import type {Lab} from '../../../src/lab/lab.ts';
import {eventually} from '../../support/longhaul.ts';

/** Runs SQL on the source in a transaction that stays open until the given function is called. */
export async function holdOnSource({source}: Lab, sql: string): Promise<() => Promise<void>> {
  const holder = `SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(601)%' AND wait_event = 'PgSleep'`;
  const held = source.sql(`BEGIN; ${sql}; SELECT pg_sleep(601)`).catch(() => []);
  await eventually('the open transaction', async () => ((await source.sql(holder)).length > 0 ? true : null));
  return async () => {
    await source.sql(`SELECT pg_terminate_backend(pid) FROM (${holder}) AS holder`).catch(() => []);
    await held;
  };
}
