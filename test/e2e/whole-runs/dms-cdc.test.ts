import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {askForFault, killStandIn, restartStandIn} from '../../../src/lab/dms/process.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriteLoad} from '../../../src/lab/write-load.ts';
import {differencesOnceDrained, filesWithThePassword} from '../../support/both-sides.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** What the stand-in keeps, as it last wrote it. */
function kept(lab: Lab): {tasks: {status: string; made: Record<string, string>}[]; endpoints: unknown[]} {
  return JSON.parse(readFileSync(`${lab.folder}/dms-state.json`, 'utf8'));
}

describe('change capture by tasks of DMS, made and started by Longhaul, through the stand-in, under a live write load', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny', engine: 'dms'});
    await startWriteLoad(lab, 50);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('the run ends once it has caught up, with a task for each slot that began at P', async () => {
    const run = await mustEndWell(lab, 'run', '--plain');
    expect(run.stdout).toContain('wait-for-catch-up done');
    const {boundary, evidence, cdcStarted} = await stateOf(lab);
    expect(cdcStarted?.by).toBe('start-cdc');
    expect(evidence['start-cdc']).toMatchObject({
      boundary: boundary?.lsn,
      tasks: ['dms_slot_01', 'dms_slot_02', 'dms_slot_03'],
    });
    expect(kept(lab).tasks.map(({made}) => [made['MigrationType'], made['CdcStartPosition']])).toEqual(
      Array.from({length: 3}, () => ['cdc', boundary?.lsn]),
    );
  });

  test('a stand-in that is killed, and a connection that is lost, go on where the target is', async () => {
    await killStandIn(lab.folder);
    await restartStandIn(lab.folder);
    await askForFault(lab.folder, 'dms_slot_01', {recoverable: true});
    await lab.source.sql(
      `INSERT INTO public.teller_history (teller_id, delta) VALUES (1, 0);
       UPDATE public.events SET raw = '{"a":  1, "a": 2}', body = repeat('x', 5000) WHERE id = (SELECT min(id) FROM public.events);
       UPDATE public.events SET kind = 'same' WHERE id = (SELECT min(id) FROM public.events)`,
    );
    expect(await differencesOnceDrained(lab)).toEqual([]);
  });

  test('no password is in the run folder', () => {
    expect(filesWithThePassword(lab, 'dms-state.json')).toEqual([]);
  });

  test('abort stops the tasks and deletes them with their endpoints, and then all that was made on the source', async () => {
    await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    expect(kept(lab)).toMatchObject({tasks: [], endpoints: []});
    expect(await lab.source.sql('SELECT 1 FROM pg_replication_slots WHERE slot_type = $$logical$$')).toEqual([]);
    await eventually('the sentinels to go', async () =>
      (await lab.source.sql("SELECT to_regnamespace('longhaul_cdc') IS NULL"))[0]?.[0] === 't' ? true : null,
    );
  });
});
