import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {startClients, type Clients} from './clients.ts';

const SEED = join(import.meta.dirname, 'seed.sql');
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

// npm run cutovers
describe.skipIf(!NIGHTLY)('a run that is given up while writes are stopped', () => {
  let lab: Lab;
  let clients: Clients;
  const place = (name: string): string => join(lab.folder, name);
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    const held = `{run: [sh, -c, 'while [ -e ${place('held')} ]; do sleep 0.05; done'], undo: [touch, ${place('undone')}], time_limit: 5min}`;
    await edit(
      lab,
      ['caught_up_for: 3s', 'caught_up_for: 1s'],
      ['cutover:\n', `cutover:\n  hand_over:\n    - ${held}\n`],
    );
    clients = startClients(lab.source, {pauseMs: 5});
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('without a supervisor leaves the source taking writes, the commands undone, and no slot', async () => {
    await writeFile(place('held'), '');
    const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await eventually('the command of the hand-over to be under way', async () =>
      (await stateOf(lab)).cutover?.commands.includes('hand_over.0') === true ? true : null,
    );
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    await ended;
    const {stdout} = await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    expect(stdout).not.toBe('');
    expect((await stateOf(lab)).status).toBe('aborted');
    expect(existsSync(place('undone'))).toBe(true);
    const before = clients.committed().length;
    await eventually('the application to write on the source', async () =>
      clients.committed().length > before + 20 ? true : null,
    );
    expect(
      await lab.source.sql(
        "SELECT slot_name::text FROM pg_replication_slots WHERE slot_type = 'logical' UNION ALL SELECT application_name FROM pg_stat_activity WHERE application_name ~ '^longhaul/rehearsal/(fence|final)'",
      ),
    ).toEqual([]);
    expect(
      await lab.source.sql(
        "SELECT 1 FROM pg_db_role_setting s, unnest(setconfig) c WHERE c LIKE 'default_transaction_read_only%'",
      ),
    ).toEqual([]);
  });
});
