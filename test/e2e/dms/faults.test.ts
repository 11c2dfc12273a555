import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {DatabaseMigrationService} from '@aws-sdk/client-database-migration-service';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {taskName} from '../../../src/engine/capture/dms/wanted/names.ts';
import {askForFault} from '../../../src/lab/dms/process.ts';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriters, type Writers} from '../../handoffs/writers.ts';
import {carryOut} from '../../support/carry-out.ts';
import {drained} from '../../support/drained.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

/** Until the hand-over the target's database is read-only for whoever does not say this. */
const WRITES = 'SET default_transaction_read_only = off;';

/** In which tables the target differs from the source once all is applied. */
async function differing(lab: Lab): Promise<string[]> {
  await drained(lab);
  const found = compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target));
  return found.map(({table}) => table);
}

/** The slot that captures a table of schema public. */
async function slotOf(lab: Lab, table: string): Promise<string> {
  const [[slot = ''] = []] = await lab.source.sql(
    `SELECT s.set_name FROM pglogical.replication_set s JOIN pglogical.replication_set_table t USING (set_id)
      WHERE t.set_reloid = 'public.${table}'::regclass AND s.set_name !~ '^i'`,
  );
  return slot;
}

/** As somebody does in the console of AWS, who tells Longhaul nothing of it. */
async function stopByHand(lab: Lab, slot: string): Promise<void> {
  const {port}: {port: number} = JSON.parse(await readFile(join(lab.folder, 'dms.json'), 'utf8'));
  const client = new DatabaseMigrationService({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: {accessKeyId: 'lab', secretAccessKey: 'lab'},
  });
  const {ReplicationTasks: [task] = []} = await client.describeReplicationTasks({
    Filters: [{Name: 'replication-task-id', Values: [taskName('rehearsal', slot)]}],
  });
  await client.stopReplicationTask({ReplicationTaskArn: task?.ReplicationTaskArn});
}

describe.skipIf(!NIGHTLY)('tasks of DMS among faults, through the stand-in (nightly)', () => {
  let lab: Lab;
  let writers: Writers;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'dms'});
    // The plugin pglogical names no key of a table with REPLICA IDENTITY FULL: its updates are not captured.
    await lab.source.sql(
      'ALTER TABLE public.whole ADD PRIMARY KEY (a); ALTER TABLE public.whole REPLICA IDENTITY DEFAULT',
    );
    writers = await startWriters(lab);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a right that is missing on the source is named with what grants it, and that is carried out as it is written', async () => {
    // Who is a member of the database's owner, as for the cutover, may make schemas by that.
    await lab.source.sql('REVOKE CREATE ON DATABASE app FROM longhaul; REVOKE app_owner FROM longhaul');
    const {stdout} = await longhaul(lab, 'check', '--json');
    const said: {findings: {check: string; severity: string; remedy: string}[]} = JSON.parse(stdout);
    const blockers = said.findings.filter(({severity}) => severity === 'blocker');
    expect(blockers.map(({check}) => check)).toEqual(['source.create-schema']);
    for (const {remedy} of blockers) await carryOut(lab, remedy, {application: null});
    await lab.source.sql('GRANT app_owner TO longhaul');
    await mustEndWell(lab, 'run', '--plain');
    expect((await stateOf(lab)).cdcStarted?.by).toBe('start-cdc');
  });

  test('a task that is slow, and loses its connections, has lost nothing', async () => {
    for (const slot of ['dms_slot_01', 'dms_slot_02', 'dms_slot_03'])
      await askForFault(lab.folder, slot, {slowMs: 20, recoverable: true}).catch(() => undefined);
    await writers.stop();
    for (const slot of ['dms_slot_01', 'dms_slot_02', 'dms_slot_03'])
      await askForFault(lab.folder, slot, {slowMs: 0}).catch(() => undefined);
    expect(await differing(lab)).toEqual([]);
  });

  test('a row that is in the way stops its task alone, is told, and passes once it is gone and the task is resumed', async () => {
    await lab.target.sql(`${WRITES} INSERT INTO public.accounts (id, note) VALUES (-1, 'in the way')`);
    await lab.source.sql("INSERT INTO public.accounts (id, note) VALUES (-1, 'from the source')");
    const {id, remedy} = await eventually(
      'the alarm',
      async () => (await stateOf(lab)).alarms.find((alarm) => alarm.id.startsWith('cdc.stopped:')) ?? null,
      120_000,
    );
    const slot = id.replace('cdc.stopped:', '');
    expect(remedy).toContain(`longhaul cdc resume ${slot}`);
    const noted = await lab.target.sql('SELECT "TABLE_NAME" FROM public.awsdms_apply_exceptions');
    expect(noted).toEqual([['accounts']]);
    await lab.target.sql(`${WRITES} DELETE FROM public.accounts WHERE id = -1`);
    await mustEndWell(lab, 'cdc', 'resume', slot);
    expect(await differing(lab)).toEqual([]);
    expect(await lab.target.sql('SELECT note FROM public.accounts WHERE id = -1')).toEqual([['from the source']]);
  });

  test('a task that fails for a reason of its own, one that somebody has stopped, and one that would cut a LOB off are told, and have lost nothing once they are resumed', async () => {
    const stopped = async (slot: string): Promise<void> => {
      const alarm = await eventually(
        `the alarm of ${slot}`,
        async () => (await stateOf(lab)).alarms.find(({id}) => id === `cdc.stopped:${slot}`) ?? null,
        120_000,
      );
      expect(alarm.remedy).toContain(`longhaul cdc resume ${slot}`);
    };
    const slot = await slotOf(lab, 'big');
    await askForFault(lab.folder, slot, {fail: 'Last Error: the replication instance ran out of memory'});
    await lab.source.sql('UPDATE public.big SET n = n + 1');
    await stopped(slot);
    await mustEndWell(lab, 'cdc', 'resume', slot);
    expect(await differing(lab)).toEqual([]);

    await stopByHand(lab, slot);
    await lab.source.sql('UPDATE public.big SET n = n + 1');
    await stopped(slot);
    await mustEndWell(lab, 'cdc', 'resume', slot);
    expect(await differing(lab)).toEqual([]);

    await askForFault(lab.folder, slot, {truncateLob: 100});
    await lab.source.sql("UPDATE public.big SET body = 'new' || body WHERE id = 1");
    await stopped(slot);
    await mustEndWell(lab, 'cdc', 'resume', slot);
    expect(await differing(lab)).toEqual([]);
  });

  test('a table that its task has suspended is told by the statistics of DMS, though all sentinels come, and keeps the cutover', async () => {
    const slot = await slotOf(lab, 'big');
    await askForFault(lab.folder, slot, {suspend: 'public.big'});
    await lab.source.sql('UPDATE public.big SET n = n + 1');
    const {remedy} = await eventually(
      'the alarm',
      async () => (await stateOf(lab)).alarms.find(({id}) => id === 'cdc.uncaptured:public.big') ?? null,
      240_000,
    );
    // Nothing that DMS could be asked for brings it back at P.
    expect(remedy).not.toContain('longhaul adopt');
    expect((await stateOf(lab)).capture.newTables.map(({table}) => table.name)).toEqual(['big']);
    await drained(lab);
    expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal')).code).not.toBe(0);
  });
});
