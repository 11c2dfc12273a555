import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {findServerBin} from '../../../src/lab/cluster/server-programs.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {drained} from '../../support/drained.ts';
import {holdOpen} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {mustBeTheSame, WRITES} from './rest.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, 'rest.sql');
/** The smallest of them, and so the last: all of its rows are in the pipe before psql comes to them. */
const SESSIONS = 'SELECT * FROM public.sessions ORDER BY 1';
/** The target is read-only by default. */
const WRITING = 'SET default_transaction_read_only = off;';
const COPYING = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'longhaul/rehearsal/copy-rest-";

/** Longhaul's role is no superuser on the target, as on a managed server; the source is a 9.6 where there is one. */
describe.skipIf(!NIGHTLY)('what pglogical does not carry, without a superuser (nightly)', () => {
  let lab: Lab;
  beforeAll(async () => {
    const old = findOldServer();
    lab = await startLab({
      seed: SEED,
      engine: 'pglogical',
      ...(old === null ? {} : {sourceBin: old, targetBin: await findServerBin()}),
    });
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(
      lab.yamlPath,
      `${yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s')}\ntimeouts: {lock: 1min}\n`,
    );
    await mustEndWell(lab, 'run', '--plain');
    for (const write of WRITES) await lab.source.sql(write);
    await drained(lab);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is refused before writes are stopped where triggers would fire', async () => {
    await lab.target.sql(`${WRITING} REVOKE SET ON PARAMETER session_replication_role FROM longhaul`);
    const refused = await longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    expect(refused.code).not.toBe(0);
    expect((await stateOf(lab)).cutover?.stoppingAt).toBeNull();
    const [grant = ''] =
      /GRANT SET ON PARAMETER session_replication_role TO "longhaul"/.exec(refused.stdout + refused.stderr) ?? [];
    expect(grant, refused.stderr).not.toBe('');
    await lab.target.sql(`${WRITING} ${grant}`);
  });

  test('a psql that outlives its supervisor writes nothing, and the cutover is taken back', async () => {
    const before = await lab.target.sql(SESSIONS);
    const letGo = await holdOpen(lab, 'LOCK TABLE public.sessions IN SHARE UPDATE EXCLUSIVE MODE');
    const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    const waiting = `${COPYING}psql' AND wait_event_type = 'Lock'`;
    await eventually('the copy to wait for the lock', async () =>
      (await lab.target.sql(waiting)).length > 0 ? true : null,
    );
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    await ended;
    await eventually('its session to end', async () =>
      (await lab.target.sql(`${COPYING}0'`)).length === 0 ? true : null,
    );
    await letGo();
    await eventually('psql to end', async () => ((await lab.target.sql(`${COPYING}psql'`)).length === 0 ? true : null));
    expect(await lab.target.sql(SESSIONS)).toEqual(before);
    await mustEndWell(lab, 'cutover', '--back-out');
  });

  test('what is written meanwhile comes, and the next cutover copies what differs then', async () => {
    await lab.source.sql(
      "INSERT INTO public.log VALUES ('-infinity', 'later', 1); UPDATE public.log SET words = 'late' WHERE words = 'line 4'",
    );
    await drained(lab);
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    const {cutover, evidence} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    await mustBeTheSame(lab);
    expect(evidence['copy-the-rest']?.copied?.map(({table}) => table)).toContain('public.sessions');
  });
});
