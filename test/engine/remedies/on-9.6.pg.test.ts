import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {resolveConninfo} from '../../../src/config/resolve-conninfo.ts';
import {surroundings} from '../../../src/config/surroundings.ts';
import {createCluster} from '../../../src/lab/cluster.ts';
import {findFreePorts} from '../../../src/lab/free-ports.ts';
import {labServer, type LabServer} from '../../../src/lab/lab-server.ts';
import {createPrivateFolder, removeFolder} from '../../../src/lab/private-folder.ts';
import {connect} from '../../../src/pg/connect.ts';
import type {Session} from '../../../src/pg/session.ts';
import {startApplication, type Application} from '../../support/application.ts';
import {carryOut} from '../../support/carry-out.ts';
import {OLD_SITUATIONS} from './old-table.ts';

/** Where a real 9.6 with pglogical is unpacked; without one these are skipped. */
const BIN = [process.env['LONGHAUL_PG96'], '/opt/pg96/bin'].find(
  (bin) => bin !== undefined && existsSync(join(bin, 'initdb')),
);

describe.skipIf(BIN === undefined)('on 9.6 a remedy helps and hurts nobody, when', () => {
  let folder: string;
  let source: LabServer;
  let application: Application;
  let session: Session;

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
    const conninfo = `host=${source.socketDir} port=${port} dbname=app user=longhaul`;
    session = await connect('source', resolveConninfo(conninfo, surroundings({})), {
      applicationName: 'longhaul/test',
      statementTimeoutMs: 10_000,
      lockTimeoutMs: 5000,
      readOnly: true,
    });
  });
  afterAll(async () => {
    await session.close();
    await application.end();
    await source.stop('immediate');
    await removeFolder(folder);
  });

  async function remedyOf(id: string, ask: (source: Session) => Promise<readonly {check: string; remedy: string}[]>) {
    return (await ask(session)).find(({check}) => check === id)?.remedy ?? null;
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
    async (id, _, {arise, ask, hurts, holds}) => {
      await source.sql(arise);
      const remedy = await remedyOf(id, ask);
      expect(remedy).not.toBeNull();
      expect(await trouble()).toMatch(hurts === true ? 'permission denied' : 'it works');
      await application.reconnect();
      await carryOut({source}, remedy ?? '', {application: hurts === true ? null : application});
      expect(await remedyOf(id, ask)).toBeNull();
      expect(await trouble()).toBe('it works');
      await holds?.(source);
    },
  );
});
