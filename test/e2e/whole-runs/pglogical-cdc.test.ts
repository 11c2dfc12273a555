import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriteLoad} from '../../../src/lab/write-load.ts';
import {differencesOnceDrained, filesWithThePassword} from '../../support/both-sides.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

describe("change capture with pglogical's subscriptions, under a live write load", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny', engine: 'pglogical'});
    await startWriteLoad(lab, 50);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('the run ends once it has caught up from P, with conflicts that stop and are not silent', async () => {
    const run = await mustEndWell(lab, 'run', '--plain');
    expect(run.stdout).toContain('wait-for-catch-up done');
    const {boundary, evidence, lastProof} = await stateOf(lab);
    expect(evidence['start-cdc']?.boundary).toBe(boundary?.lsn);
    expect(lastProof?.slots.toSorted()).toEqual(evidence['prepare-cdc']?.slots?.map(({name}) => name).toSorted());
    const [[level = ''] = []] = await lab.target.sql('SHOW pglogical.conflict_log_level');
    expect(level).toBe('error');
  });

  test('once the writers have stopped every table is equal by checksum, and every sentinel is there once', async () => {
    // Of a table without a key inserts are captured, and TRUNCATE of any.
    await lab.source.sql(
      'INSERT INTO public.teller_history (teller_id, delta) VALUES (1, 0); TRUNCATE public.by_day_2025',
    );
    expect(await differencesOnceDrained(lab)).toEqual([]);
  });

  test('the passwords of the dsns are neither in the run folder nor in the log of a server', () => {
    expect(filesWithThePassword(lab, 'source.log', 'target.log')).toEqual([]);
  });

  test('abort leaves nothing of it on either server, and names the triggers that only a superuser drops', async () => {
    const {stdout} = await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    expect(stdout).toContain('drop-truncate-triggers.sql');
    const left = `SELECT sub_name::text FROM pglogical.subscription UNION ALL SELECT node_name::text FROM pglogical.node
      UNION ALL SELECT roname::text FROM pg_replication_origin UNION ALL SELECT slot_name::text FROM pg_replication_slots WHERE plugin LIKE 'pglogical%'
      UNION ALL SELECT set_name::text FROM pglogical.replication_set UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspname = 'longhaul_cdc' AND WHETHER`;
    expect(await lab.source.sql(left.replace('WHETHER', 'true'))).toEqual([]);
    // The sentinels' tables stay with the schema that was copied.
    expect(await lab.target.sql(left.replace('WHETHER', 'false'))).toEqual([]);
    const [[level = ''] = []] = await lab.target.sql('SHOW pglogical.conflict_log_level');
    expect(level).toBe('log');
  });
});
