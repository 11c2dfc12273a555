import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {openRun} from '../../../src/cli/run/open-run.ts';
import {wireClient} from '../../../src/cli/supervisor/send.ts';
import {connected} from '../../../src/cli/supervisor/wait-for-end.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {holdTable} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

let lab: Lab;
let yaml: string;

beforeAll(async () => {
  lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql')});
  yaml = readFileSync(lab.yamlPath, 'utf8');
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

const write = (text: string): void => writeFileSync(lab.yamlPath, text);
const status = async (): Promise<string> => (await longhaul(lab, 'status')).stdout;

/** As max_slot_wal_keep_size does it, 13 and later: the primary needs the room more than the slot. The replica keeps its own. */
async function invalidateSlots(): Promise<void> {
  await lab.source.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'; SELECT pg_reload_conf()");
  await eventually('the end of the slots', async () => {
    await lab.source.sql('INSERT INTO public.entries (account, amount) VALUES (1, 1); SELECT pg_switch_wal()');
    await eventually('the replica to have it', async () => {
      const [[near] = []] = await lab.source.sql(
        "SELECT pg_current_wal_lsn() - restart_lsn < 1000000 FROM pg_replication_slots WHERE slot_name = 'maintenance'",
      );
      return near === 't' ? true : null;
    });
    await lab.source.sql('CHECKPOINT');
    const lost = await lab.source.sql(
      "SELECT 1 FROM pg_replication_slots WHERE slot_name LIKE 'dms%' AND wal_status = 'lost'",
    );
    return lost.length > 0 ? true : null;
  });
}

test('a slot of another run that is called as ours are is in the way of check', async () => {
  await lab.source.sql("SELECT pg_create_logical_replication_slot('dms_slot_of_crm', 'pgoutput')");
  const check = await longhaul(lab, 'check');
  await lab.source.sql("SELECT pg_drop_replication_slot('dms_slot_of_crm')");
  expect(check).toMatchObject({code: 1, stdout: expect.stringContaining('slot dms_slot_of_crm')});
  expect(check.stdout).toContain("it is called as this run's slots are (slots.prefix dms_slot_)");
});

test('what is changed in longhaul.yaml under a supervisor is told with the command with which it counts', async () => {
  // Nothing is read by a probe from now on but at its beginning.
  write(`${yaml}probes: {interval: 1h}\n`);
  await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
  expect(await status()).not.toContain('CHANGED');
  write(`${yaml.replace('lanes: 4', 'lanes: 3')}probes: {interval: 1h}\n`);
  const seen = 'longhaul.yaml was changed and the supervisor goes by what it was: load.lanes';
  expect(await status()).toMatch(new RegExp(`CHANGED: ${seen}; put it back, or have it count: longhaul .*run`));
  const client = wireClient(await openRun(lab.yamlPath, process.env), 'test');
  await connected(client);
  const planned = await client.plan({type: 'hold'});
  client.close();
  expect(planned).toMatchObject({
    actions: [{on: 'jump box', text: expect.stringContaining(`note: ${seen}; `)}, {text: 'note in the journal: hold'}],
  });
  write(`${yaml}slots: {prefix: other_}\nprobes: {interval: 1h}\n`);
  expect(await status()).toContain('goes by what it was: slots.prefix; inventory and plan were made by what it was');
  const refused = await longhaul(lab, 'run', '--plain', '--until', 'strip-target');
  write(`${yaml}probes: {interval: 1h}\n`);
  expect(refused, refused.stdout).toMatchObject({code: 1});
  expect(refused.stdout).toContain('`slots.prefix` in longhaul.yaml is another than when inventory and plan were made');
  expect(refused.stdout).toContain('plan --fresh');
});

test('slots that the primary invalidates during the load let no run end well, also where no probe has seen it', async () => {
  const letGo = await holdTable(lab, 'public.entries');
  const running = longhaul(lab, 'run', '--plain', '--until', 'full-load');
  await eventually('the load', async () =>
    (await stateOf(lab)).units.some(({state}) => state.status === 'running') ? true : null,
  );
  await invalidateSlots();
  await letGo();
  const ended = await running;
  expect(ended.stdout).toContain('full-load done');
  expect(ended.stdout).toMatch(/P IS NO LONGER PROVED: .*the server has invalidated it/);
  expect(ended.stdout).toContain('release --yes rehearsal, then longhaul');
  expect(ended.code, ended.stdout).toBe(1);
  expect(await stateOf(lab)).toMatchObject({status: 'stopped', boundaryProved: false});
});
