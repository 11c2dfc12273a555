import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {resolveConninfo} from '../../../src/config/conninfo/resolve-conninfo.ts';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {createCluster} from '../../../src/lab/cluster/cluster.ts';
import {findFreePorts} from '../../../src/lab/cluster/free-ports.ts';
import {labServer, type LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {createPrivateFolder, removeFolder} from '../../../src/lab/cluster/private-folder.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {startApplication, type Application} from '../../support/application.ts';
import {carryOut} from '../../support/carry-out.ts';
import {OLD_SITUATIONS, type OldSituation} from './old-table.ts';

/** Where a real 9.6 with pglogical is unpacked; without one these are skipped. */
const BIN = findOldServer() ?? undefined;

describe.skipIf(BIN === undefined)('on 9.6 a remedy helps and hurts nobody, when', () => {
  let folder: string;
  let source: LabServer;
  let application: Application;

  beforeAll(async () => {
    folder = await createPrivateFolder();
    const [port = 0] = await findFreePorts(1);
    const bin = BIN ?? '';
    const place = {bin, clientBin: bin, port, dataDir: join(folder, 'source'), socketDir: join(folder, 's')};
    source = labServer({...place, logFile: join(folder, 'source.log')});
    await createCluster(source, 'source');
    await source.start();
    await source.sql('CREATE ROLE app LOGIN; CREATE ROLE longhaul LOGIN REPLICATION; CREATE DATABASE app', 'postgres');
    application = await startApplication({source});
  });
  afterAll(async () => {
    await application.end();
    await source.stop('immediate');
    await removeFolder(folder);
  });

  async function remedyOf({id, ask}: OldSituation): Promise<string | null> {
    const conninfo = `host=${source.socketDir} port=${source.port} dbname=app user=longhaul`;
    const limits = {statementTimeoutMs: 10_000, lockTimeoutMs: 5000};
    const options = {...limits, applicationName: 'longhaul/test', readOnly: true};
    const session = await connect('source', resolveConninfo(conninfo, surroundings({})), options);
    try {
      return (await ask(session)).find(({check}) => check === id)?.remedy ?? null;
    } finally {
      await session.close();
    }
  }

  async function trouble(): Promise<string> {
    await application.reconnect();
    return application.work().then(
      () => 'it works',
      (error: unknown) => String(error),
    );
  }

  test.each(OLD_SITUATIONS.map((situation) => [situation.id, situation.when, situation] as const))(
    '%s: %s',
    async (_, __, situation) => {
      const {arise, restart, hurts, holds} = situation;
      await source.sql(arise);
      if (restart === true) await source.restart();
      const remedy = await remedyOf(situation);
      expect(remedy).not.toBeNull();
      expect(await trouble()).toMatch(hurts === true ? 'permission denied' : 'it works');
      await application.reconnect();
      await carryOut({source}, remedy ?? '', {application: hurts === true ? null : application});
      expect(await remedyOf(situation)).toBeNull();
      expect(await trouble()).toBe('it works');
      await holds?.(source);
    },
  );
});
