import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriteLoad} from '../../../src/lab/write-load.ts';
import {differencesOnceDrained, filesWithThePassword} from '../../support/both-sides.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const READ = "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'lh\\_%'";
const SUBSCRIPTIONS = 'SELECT subname FROM pg_subscription ORDER BY 1';

describe("change capture with PostgreSQL's own subscriptions, under a live write load", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny', engine: 'native'});
    await startWriteLoad(lab, 50);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('the run ends once it has caught up, and the application was kept from nothing', async () => {
    const run = await mustEndWell(lab, 'run', '--plain');
    expect(run.stdout).toContain('wait-for-catch-up done');
    const {boundary, evidence, cdcStarted} = await stateOf(lab);
    expect(cdcStarted?.by).toBe('start-cdc');
    expect(evidence['start-cdc']?.boundary).toBe(boundary?.lsn);
    expect(readFileSync(`${lab.folder}/write-load.log`, 'utf8')).not.toContain('replica identity');
  });

  test('once the writers have stopped every table is equal by checksum, and every sentinel is there once', async () => {
    // Of a table without a key inserts are captured; one with REPLICA IDENTITY FULL is captured whole.
    await lab.source.sql(
      `INSERT INTO public.teller_history (teller_id, delta) VALUES (1, 0);
       UPDATE billing.status_log SET at = at + interval '1 s' WHERE ctid = (SELECT min(ctid) FROM billing.status_log)`,
    );
    expect(await differencesOnceDrained(lab)).toEqual([]);
  });

  test('the password of the subscriptions is neither in the run folder nor in the log of a server', () => {
    expect(filesWithThePassword(lab, 'source.log', 'target.log')).toEqual([]);
  });

  test('abort takes the subscriptions off the target first, and then all that was made on the source', async () => {
    await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    expect(await lab.target.sql(SUBSCRIPTIONS)).toEqual([]);
    expect(await lab.source.sql(READ)).toEqual([['0']]);
    expect(await lab.source.sql('SELECT pubname FROM pg_publication')).toEqual([]);
    expect(await lab.source.sql("SELECT to_regnamespace('longhaul_cdc') IS NULL")).toEqual([['t']]);
    await eventually('the origins to go', async () =>
      (await lab.target.sql('SELECT 1 FROM pg_replication_origin')).length === 0 ? true : null,
    );
  });
});
