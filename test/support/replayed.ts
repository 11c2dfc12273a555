import {setTimeout as wait} from 'node:timers/promises';
import type {Lab} from '../../src/lab/lab.ts';

/** Waits until the standby has replayed what the source has now; one that does not replay never gets there. */
export async function untilReplayed({source, replica}: Pick<Lab, 'source' | 'replica'>): Promise<void> {
  const [[version = '0'] = []] = await source.sql('SHOW server_version_num');
  const isNew = Number(version) >= 100_000;
  const [[lsn = ''] = []] = await source.sql(
    `SELECT ${isNew ? 'pg_current_wal_insert_lsn()' : 'pg_current_xlog_insert_location()'}`,
  );
  const replayed = `SELECT ${isNew ? 'pg_last_wal_replay_lsn()' : 'pg_last_xlog_replay_location()'} >= '${lsn}'`;
  for (const end = Date.now() + 120_000; Date.now() < end; await wait(100)) {
    // Nothing may be connected to it yet; and what its database is set to may keep anybody from reading there.
    const [[is] = []] = await replica.sql(replayed, 'postgres').catch(() => [['f']]);
    if (is === 't') return;
  }
  throw new Error('the standby did not replay what the source has within two minutes');
}
