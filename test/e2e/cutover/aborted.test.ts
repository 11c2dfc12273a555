import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {startClients, type Clients} from './clients.ts';
import {HELD_STEPS, startHeldLab, type HeldEngine, type HeldLab} from './held.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

/** What a run may have left on a server that is production, in words. */
const LEFT = `SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE slot_type = 'logical'
   UNION ALL SELECT 'publication ' || pubname FROM pg_publication
   UNION ALL SELECT 'subscription ' || subname FROM pg_subscription
   UNION ALL SELECT 'origin ' || roname FROM pg_replication_origin
   UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname IN ('longhaul', 'longhaul_cdc')
   UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname LIKE 'longhaul%'
   UNION ALL SELECT 'setting ' || c FROM pg_db_role_setting s, unnest(setconfig) c WHERE c LIKE 'default_transaction_read_only%'
   UNION ALL SELECT 'session ' || application_name FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%'`;

async function left(server: LabServer): Promise<string[]> {
  return (await server.sql(LEFT)).map(([one = '']) => one);
}

// npm run cutovers
describe.skipIf(!NIGHTLY).each(['native', 'pglogical'] as const)(
  'a run with %s that is given up in a cutover',
  (engine: HeldEngine) => {
    let held: HeldLab;
    let clients: Clients;

    beforeAll(async () => {
      held = await startHeldLab(engine);
      clients = startClients(held.lab.source, {pauseMs: 5});
    });
    afterEach(async () => held.letGo());
    afterAll(async () => {
      await clients.stop();
      await longhaul(held.lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
      await held.lab.stop();
    });

    const all = HELD_STEPS.flatMap((step) => [
      [step, 'with its supervisor'] as const,
      [step, 'with its supervisor killed'] as const,
    ]);
    test.each(all)('in %s, %s, leaves the source taking writes, and no slot', async (step, how) => {
      const {lab} = held;
      await mustEndWell(lab, 'run', '--plain');
      const {ended} = await held.cutOverTo(step);
      if (how.endsWith('killed')) {
        process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
        await ended;
      }
      const before = clients.committed().length;
      const aborting = longhaul(lab, 'abort', '--yes', 'rehearsal');
      // Before what holds it is over.
      await eventually('the application to write on the source', async () =>
        clients.committed().length > before + 20 ? true : null,
      );
      await held.letGo();
      const {code, stdout, stderr} = await aborting;
      expect(code, stdout + stderr).toBe(0);
      expect((await ended).code).not.toBe(0);
      expect((await stateOf(lab)).status).toBe('aborted');
      expect(held.isUndone()).toBe(step !== 'prepare-reverse');
      await eventually('no session to be left', async () =>
        (await left(lab.source)).some((one) => one.startsWith('session')) ? null : true,
      );
      expect(await left(lab.source)).toEqual([]);
      // What stays on the target is told.
      expect(await left(lab.target)).toEqual(['schema longhaul']);
      expect(stdout).toMatch(/left +the schema and rows on the target/);
      expect(stdout).toMatch(/left +the ledger there, schema longhaul/);
    });
  },
);
