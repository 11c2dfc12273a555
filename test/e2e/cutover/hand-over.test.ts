import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';

const SEED = join(import.meta.dirname, 'seed.sql');
/** What both sides have to have alike, besides rows: where numbers go on, and which triggers fire when. */
const SAME = [
  'SELECT id, account, amount, seen FROM public.moves ORDER BY id',
  'SELECT id, balance FROM public.accounts ORDER BY id',
  'SELECT account, n FROM public.counted ORDER BY account',
  "SELECT 'moves', last_value, is_called FROM public.moves_id_seq UNION ALL SELECT 'unused', last_value, is_called FROM public.unused UNION ALL SELECT 'down', last_value, is_called FROM public.down",
  "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'public.moves'::regclass AND NOT tgisinternal AND tgname NOT LIKE 'longhaul_shut%' ORDER BY 1",
  "SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1",
];

describe('a cutover under writers', () => {
  let lab: Lab;
  let clients: Clients;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(
      lab.yamlPath,
      yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s').replace('load:\n', 'load:\n  foreign_keys: at-cutover\n'),
    );
    clients = startClients(lab.source);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('hands over every row that was committed; sequences, triggers and keys are as they were', async () => {
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    const {cutover, evidence} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    for (const query of SAME) expect(await lab.target.sql(query)).toEqual(await lab.source.sql(query));
    const arrived = new Set(await rowsOf(lab.target));
    expect(clients.committed().length).toBeGreaterThan(20);
    expect(clients.committed().filter((id) => !arrived.has(id))).toEqual([]);
    expect(evidence['hand-over']?.stoppedMs).toBeGreaterThan(0);
  });

  test('then the application writes on the target, and on the source it cannot', async () => {
    const after = startClients(lab.target);
    await eventually('the application to write on the target', async () =>
      after.committed().length > 20 ? true : null,
    );
    await after.stop();
    const refused = startClients(lab.source);
    const kept = await rowsOf(lab.source);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await refused.stop();
    expect(refused.committed()).toEqual([]);
    // Nor can who allows himself to.
    const free = 'SET ROLE app; BEGIN READ WRITE; DELETE FROM public.moves';
    await expect(lab.source.sql(free)).rejects.toThrow('this side was left');
    expect(await rowsOf(lab.source)).toEqual(kept);
  });

  test('and what the move has made is taken away, by a role that has no rights for a way back', async () => {
    await mustEndWell(lab, 'clean-up', '--yes', 'rehearsal');
    expect(await lab.source.sql("SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'")).toEqual([]);
    expect(await lab.source.sql('SELECT pubname FROM pg_publication')).toEqual([]);
    expect(await lab.target.sql('SELECT subname FROM pg_subscription')).toEqual([]);
    expect(await lab.source.sql("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'longhaul%'")).toEqual([]);
  });
});
