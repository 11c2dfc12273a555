import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
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

/** What pglogical has beside that. */
const NODES = `SELECT 'node ' || node_name FROM pglogical.node UNION ALL SELECT 'set ' || set_name FROM pglogical.replication_set UNION ALL SELECT 'subscription ' || sub_name FROM pglogical.subscription`;

async function left(server: LabServer, engine: HeldEngine): Promise<string[]> {
  const rows = [...(await server.sql(LEFT)), ...(engine === 'pglogical' ? await server.sql(NODES) : [])];
  return rows.map(([one = '']) => one);
}

// npm run cutovers
describe.skipIf(!NIGHTLY).each(['native', 'pglogical'] as const)(
  'a run with %s that is given up in a cutover',
  (engine: HeldEngine) => {
    let held: HeldLab;
    let clients: Clients;

    async function mustWriteOnSource(): Promise<void> {
      const before = clients.committed().length;
      await eventually('the application to write on the source', async () =>
        clients.committed().length > before + 20 ? true : null,
      );
    }

    /** How often a supervisor was told to end, which is the first thing that an abort does. */
    async function heardEnds(): Promise<number> {
      const journal = await journalOf(held.lab);
      return journal.filter((entry) => entry.type === 'command.received' && entry.command['type'] === 'shutdown')
        .length;
    }

    /** Nothing on production; of what stays on the target it was told. */
    async function mustBeLeft(): Promise<void> {
      const {source, target} = held.lab;
      await eventually('no session to be left', async () =>
        (await left(source, engine)).some((one) => one.startsWith('session')) ? null : true,
      );
      expect(await left(source, engine)).toEqual([]);
      expect(await left(target, engine)).toEqual(['schema longhaul_cdc', 'schema longhaul']);
    }

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
      const ends = await heardEnds();
      const aborting = longhaul(lab, 'abort', '--yes', 'rehearsal');
      // Before what holds it is over; what it holds must not go on before the abort is heard.
      if (!how.endsWith('killed'))
        await eventually('the abort to be heard', async () => ((await heardEnds()) > ends ? true : null));
      await mustWriteOnSource();
      await held.letGo();
      const {code, stdout, stderr} = await aborting;
      expect(code, stdout + stderr).toBe(0);
      expect((await ended).code).not.toBe(0);
      expect((await stateOf(lab)).status).toBe('aborted');
      // What has not begun has nothing to be undone; a cutover may have come further than the step that was seen.
      expect(held.isUndone() || step === 'prepare-reverse').toBe(true);
      await mustBeLeft();
      expect(stdout).toMatch(/left +the schema and rows on the target/);
      expect(stdout).toMatch(/left +the ledger there, schema longhaul/);
    });

    test('without a target that answers, leaves the source taking writes, and no slot; what is left for later is said', async () => {
      const {lab} = held;
      await mustEndWell(lab, 'run', '--plain');
      const {ended} = await held.cutOverTo('hand-over');
      await lab.target.stop('immediate');
      const given = await longhaul(lab, 'abort', '--yes', 'rehearsal');
      expect(given.code).toBe(1);
      expect(given.stderr).toContain('no slot of this run holds WAL on the primary');
      expect((await ended).code).not.toBe(0);
      await mustWriteOnSource();
      expect((await left(lab.source, engine)).filter((one) => !one.startsWith('session'))).toEqual([]);
      await lab.target.start();
      await held.letGo();
      await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
      await mustBeLeft();
    });
  },
);
