import {appendFile, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Finding} from '../../../src/domain/run/finding.ts';
import {findFreePorts} from '../../../src/lab/cluster/free-ports.ts';
import {labServer, type LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {findServerBin, runProgram} from '../../../src/lab/cluster/server-programs.ts';
import {createStandby, waitUntilStreaming} from '../../../src/lab/cluster/standby.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {eventually, longhaul} from '../../support/longhaul.ts';

const OLD = findOldServer();
const RELEASES: readonly (readonly [name: string, bin: string | null])[] = [
  ['9.6 (skipped where there is none: LONGHAUL_PG96)', OLD],
  ['the newest with pglogical', await findServerBin()],
];

describe.each(RELEASES)('a replica on another timeline, source %s', (_, bin) => {
  let lab: Lab;
  let cousin: LabServer | null = null;

  beforeAll(async () => {
    if (bin === null) return;
    lab = await startLab({size: 'tiny', sourceBin: bin});
  });
  afterAll(async () => {
    if (bin === null) return;
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await cousin?.stop('immediate').catch(() => undefined);
    await lab.stop();
  });

  async function troubles(): Promise<Finding[]> {
    const {stdout} = await longhaul(lab, 'check', '--json');
    const {findings}: {findings: Finding[]} = JSON.parse(stdout);
    return findings.filter(({severity}) => severity !== 'note');
  }

  async function blockers(): Promise<Finding[]> {
    return (await troubles()).filter(({severity}) => severity === 'blocker');
  }

  test.skipIf(bin === null)('a role with no more than the grants of the README passes check as it is', async () => {
    const dms = ['lob-not-null', 'no-key', 'numeric', 'type', 'every-table'].map((one) => `data.dms-${one}`);
    const usual = [
      'source.keep-size',
      'data.no-key',
      'data.unlogged',
      'data.invalid-index',
      'data.large-objects',
      ...dms,
    ];
    expect((await troubles()).map(({check: name}) => name).filter((name) => !usual.includes(name))).toEqual([]);
  });

  // From 12 on a standby with fewer WAL senders than its primary does not start.
  test.skipIf(bin === null || bin !== OLD)(
    'one with the defaults of 9.6, which tells nobody its timeline, is named, and the remedy helps to the letter',
    async () => {
      await lab.replica.sql('ALTER SYSTEM SET max_wal_senders = 0; ALTER SYSTEM SET wal_level = minimal');
      await lab.replica.restart();
      const found = await blockers();
      expect(found.map(({check}) => check)).toEqual(['replica.wal-senders']);
      const orders = /superuser: (.*); restart the replica/.exec(found[0]?.remedy ?? '')?.[1];
      await lab.replica.sql(orders ?? 'no orders');
      await lab.replica.restart();
      expect(await blockers()).toEqual([]);
    },
  );

  test.skipIf(bin === null)('a role without REPLICATION is told so, and the remedy helps to the letter', async () => {
    await lab.source.sql('ALTER ROLE longhaul NOREPLICATION');
    await untilReplayed(lab);
    const found = await blockers();
    expect(found.map(({check}) => check)).toEqual(['source.replication', 'replica.may-not-identify']);
    const order = /superuser: (ALTER ROLE .*); the replica follows/.exec(found[1]?.remedy ?? '')?.[1];
    await lab.source.sql(order ?? 'no order');
    await untilReplayed(lab);
    expect(await blockers()).toEqual([]);
  });

  test.skipIf(bin === null)(
    'a standby of a promoted clone is refused by check and by the proof, though its control file says nothing of it',
    async () => {
      // The 9.6 at hand cannot end a recovery where there is an unlogged table: its patch copies the empty one through a null pointer.
      await lab.source.sql('DROP TABLE public.page_cache');
      const prepared = await longhaul(lab, 'run', '--plain', '--until', 'add-tables');
      expect(prepared, prepared.stdout + prepared.stderr).toMatchObject({code: 0});
      cousin = await standbyOfPromoted(lab);
      expect(await cousin.sql('SELECT timeline_id FROM pg_control_checkpoint()')).toEqual([['1']]);
      // The source is further on: P is not refused because it lies ahead.
      await lab.source.sql(
        "INSERT INTO public.events (account_id, kind, payload, body) SELECT 1, 'more', '{}', (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 50)) FROM generate_series(1, 5000)",
      );
      const found = await blockers();
      expect(found.map(({check}) => check)).toEqual(['replica.timeline']);
      expect(found[0]?.seen).toContain('it replays timeline 2, the source writes timeline 1');
      const run = await longhaul(lab, 'run', '--plain', '--from', 'pause-replay');
      expect(run.code).toBe(1);
      expect(run.stdout + run.stderr).toContain(
        'is not proved: replica: replays the timeline that the source writes does not hold (the replica 2, the source 1). What to do: `source` must name the primary of today',
      );
    },
  );
});

async function untilReplayed(lab: Lab): Promise<void> {
  const [[reached = ''] = []] = await lab.source.sql("SELECT 'x' || txid_current()");
  await lab.source.sql(`COMMENT ON DATABASE app IS '${reached}'`);
  await eventually('the replica to be as far as the source', async () => {
    const [[comment] = []] = await lab.replica.sql(
      "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'app'",
    );
    return comment === reached ? true : null;
  });
}

/** The lab's replica becomes a primary of its own; what follows it takes its place in longhaul.yaml. */
async function standbyOfPromoted(lab: Lab): Promise<LabServer> {
  const {bin, clientBin, socketDir} = lab.replica;
  const [port = 0] = await findFreePorts(1);
  const dataDir = join(lab.folder, 'cousin');
  const cousin = labServer({bin, clientBin, socketDir, port, dataDir, logFile: join(lab.folder, 'cousin.log')});
  await createStandby(cousin, lab.source, 'cousin');
  await lab.source.sql("SELECT pg_drop_replication_slot('cousin')");
  // The clone must be further than the backup of what is to follow it.
  await untilReplayed(lab);
  await runProgram(join(bin, 'pg_ctl'), ['-D', lab.replica.dataDir, '-s', 'promote'], {asServerUser: true});
  await eventually('the clone to be a primary', async () => {
    const [[inRecovery] = []] = await lab.replica.sql('SELECT pg_is_in_recovery()');
    return inRecovery === 'f' ? true : null;
  });
  await lab.replica.sql("SELECT pg_create_physical_replication_slot('cousin')");
  for (const name of ['recovery.conf', 'postgresql.auto.conf']) {
    const path = join(dataDir, name);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text !== null) await writeFile(path, text.replaceAll(`port=${lab.source.port}`, `port=${lab.replica.port}`));
  }
  await cousin.start();
  await waitUntilStreaming(cousin, lab.replica, {name: 'cousin'});
  await takeAsReplica(lab, port);
  return cousin;
}

async function takeAsReplica(lab: Lab, port: number): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, yaml.replaceAll(`port=${lab.replica.port}`, `port=${port}`));
  const pgpass = await readFile(join(lab.folder, 'pgpass'), 'utf8');
  const line = pgpass.split('\n').find((one) => one.includes(`:${lab.replica.port}:`)) ?? '';
  await appendFile(join(lab.folder, 'pgpass'), `${line.replace(`:${lab.replica.port}:`, `:${port}:`)}\n`);
}
