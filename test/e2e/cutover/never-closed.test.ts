import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {holdOpen} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';

const SEED = join(import.meta.dirname, 'seed.sql');
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

// npm run cutovers
describe.skipIf(!NIGHTLY)('a cutover to a target that takes writes all the time, cdc.target_read_only: no', () => {
  let lab: Lab;
  let clients: Clients;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(
      lab,
      ['caught_up_for: 3s', 'caught_up_for: 1s\n  target_read_only: no'],
      ['lock_limit: 30s', 'lock_limit: 3s'],
    );
    clients = startClients(lab.source);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is handed over though somebody wrote on the source while it had no locks, and that is told with its rows', async () => {
    const source = {...lab, target: lab.source};
    // What shuts the source waits for it, and the target is opened behind that; a lock on a table would keep the cutover from beginning.
    const letGo = await holdOpen(source, 'LOCK TABLE pg_catalog.pg_proc IN SHARE MODE');
    const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await eventually('the target to be opened', async () =>
      (await stateOf(lab)).cutover?.status === 'opening' ? true : null,
    );
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    await ended;
    await clients.stop();
    const leak = 'BEGIN READ WRITE; INSERT INTO public.moves (id, account, amount) VALUES (-7, 1, 1); COMMIT';
    await eventually('the locks to be gone', async () => lab.source.sql(leak).catch(() => null));
    await letGo();
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    const {cutover, findings} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    const [left] = findings.filter(({check}) => check === 'cutover.left-behind');
    expect(left?.seen).toContain('somebody wrote to ');
    expect(left?.seen).toContain('public.moves');
    expect((await longhaul(lab, 'status')).stdout).toContain('somebody wrote to ');
    const [select = ''] = /SELECT \* FROM public\.moves [^;]*/.exec(left?.remedy ?? '') ?? [];
    expect((await lab.source.sql(select)).map(([id]) => id)).toContain('-7');
    const there = new Set(await rowsOf(lab.target));
    expect(clients.committed().filter((id) => !there.has(id))).toEqual([]);
    // One side alone takes writes.
    await expect(lab.source.sql('BEGIN READ WRITE; DELETE FROM public.moves')).rejects.toThrow('this side was left');
  });
});
