import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startApplication, type Application} from '../../support/application.ts';
import {carryOut} from '../../support/carry-out.ts';
import {eventually} from '../../support/longhaul.ts';
import {preflight, type Situation} from './situation.ts';
import {SITUATIONS} from './table.ts';
import {untilReplayed} from '../../support/replayed.ts';

const WORKS = /^it works$/;

// A remedy is a promise: each that touches production is carried out as it is written, with an application at work between its statements.
describe('a remedy that touches production helps and hurts nobody, when', () => {
  let lab: Lab;
  let application: Application;

  beforeAll(async () => {
    lab = await startLab({seed: false});
    for (const server of [lab.replica, lab.source]) {
      // A standby asks for its primary again after five seconds.
      await server.sql("ALTER SYSTEM SET wal_retrieve_retry_interval = '100ms'");
      await server.sql('ALTER SYSTEM SET max_prepared_transactions = 5');
      await server.restart();
    }
    // Who replicates, and is no superuser.
    await lab.source.sql('CREATE ROLE replicator LOGIN REPLICATION; CREATE ROLE longhaul_local LOGIN IN ROLE longhaul');
    application = await startApplication(lab);
    await untilReplayed(lab);
  });
  afterAll(async () => {
    await application.end();
    await lab.stop();
  });

  async function isSaid({id, ask = preflight}: Situation): Promise<string | null> {
    return (await ask(lab)).find((one) => one.id === id)?.remedy ?? null;
  }

  /** Whether the application can work, or the server's words. */
  async function trouble(): Promise<string> {
    await application.reconnect();
    return application.work().then(
      () => 'it works',
      (error: unknown) => String(error),
    );
  }

  test.each(SITUATIONS.map((situation) => [situation.id, situation.when, situation] as const))(
    '%s: %s',
    async (_, __, situation) => {
      const end = await situation.arise(lab);
      const remedy = await isSaid(situation);
      expect(remedy).not.toBeNull();
      const hurts = situation.hurts === true;
      expect(await trouble()).toMatch(hurts ? 'permission denied' : WORKS);
      await application.reconnect();

      await carryOut(lab, remedy ?? '', {
        application: hurts ? null : application,
        alternative: situation.alternative ?? 0,
      });
      await eventually('the finding is gone', async () => ((await isSaid(situation)) === null ? true : null), 20_000);
      expect(await trouble()).toMatch(WORKS);
      await situation.holds?.(lab);
      if (typeof end === 'function') await end();
    },
  );
});
