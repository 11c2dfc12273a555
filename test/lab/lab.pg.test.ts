import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {connect} from 'node:net';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {judgePath} from '../../src/config/files/trusted-path.ts';
import {compareFingerprints, fingerprintDatabase} from '../../src/lab/fingerprint.ts';
import {verifyInvariant} from '../../src/lab/invariant.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {readLab} from '../../src/lab/lab-state.ts';
import {runProgram} from '../../src/lab/cluster/server-programs.ts';
import {waitUntilStreaming} from '../../src/lab/cluster/standby.ts';
import {verifyLab} from '../../src/lab/verify-lab.ts';
import {readWriteLoad, startWriteLoad, stopWriteLoad, WRITTEN_TABLES} from '../../src/lab/write-load.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({size: 'tiny', hostile: true});
});
afterAll(async () => {
  await lab.stop();
});

/** SQL as Longhaul's own role, over TCP with the password of the lab's pgpass file. */
async function asLonghaul(role: 'source' | 'replica' | 'target', text: string): Promise<string> {
  const {clientBin, port} = lab[role];
  const conninfo = `host=127.0.0.1 port=${port} user=longhaul dbname=app`;
  const env = {PGPASSFILE: `${lab.folder}/pgpass`};
  return (
    await runProgram(`${clientBin}/psql`, ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', conninfo, '-c', text], {env})
  ).trim();
}

/** The whole database by the superuser's pg_dump: what a move should come to. */
async function loadTarget(): Promise<void> {
  const {clientBin, conninfo} = lab.source;
  const dump = await runProgram(`${clientBin}/pg_dump`, ['-d', conninfo, '-N', 'pglogical', '-O', '-x', '-E', 'UTF8']);
  await lab.target.sql(dump.replaceAll(/^CREATE EXTENSION .*pglogical.*$|^COMMENT ON EXTENSION pglogical .*$/gm, ''));
}

async function waitUntil(done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error('waited 20 s');
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

async function caughtUp(): Promise<boolean> {
  const [[lsn = '0/0'] = []] = await lab.source.sql('SELECT pg_current_wal_flush_lsn()');
  const [[reached] = []] = await lab.replica.sql(`SELECT pg_last_wal_replay_lsn() >= '${lsn}'`);
  return reached === 't';
}

test('goes with the process that made it and is told to end', async () => {
  const makes = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    MAKES_A_LAB,
  ]);
  const [said] = (await once(makes.stdout, 'data')) as [Buffer];
  const {folder, ports} = JSON.parse(said.toString()) as {folder: string; ports: number[]};
  expect(await Promise.all(ports.map(answers))).toEqual([true, true, true]);
  makes.kill('SIGTERM');
  expect(await once(makes, 'exit')).toEqual([null, 'SIGTERM']);
  expect(await Promise.all(ports.map(answers))).toEqual([false, false, false]);
  expect(existsSync(folder)).toBe(false);
});

/** A bench in short: it makes a lab, says where it is, and works for a minute. */
const MAKES_A_LAB = `
import {startLab} from '${new URL('../../src/lab/lab.ts', import.meta.url).href}';
const {folder, source, replica, target} = await startLab({size: 'tiny'});
console.log(JSON.stringify({folder, ports: [source.port, replica.port, target.port]}));
setTimeout(() => {}, 60_000);
`;

/** Whether something listens there. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}

describe('the lab', () => {
  test('has a replica that streams from the source through the slot maintenance', async () => {
    expect(await lab.replica.sql('SELECT pg_is_in_recovery()')).toEqual([['t']]);
    const slots = await lab.source.sql("SELECT active FROM pg_replication_slots WHERE slot_name = 'maintenance'");
    expect(slots).toEqual([['t']]);
  });

  test('does not pass off a standby that streams from nowhere as a replica', async () => {
    await expect(waitUntilStreaming(lab.replica, lab.source, {name: 'nobody', withinMs: 100})).rejects.toThrow(
      /does not stream: .*LOG: {2}/,
    );
  });

  test('keeps its folder and its password to itself, and no password in longhaul.yaml', () => {
    // The server user makes files in it as well, where that is another one; what is root's it cannot move.
    expect((statSync(lab.folder).mode & 0o7777).toString(8)).toBe(process.getuid?.() === 0 ? '1770' : '700');
    expect(judgePath(`${lab.folder}/run`)).toBeNull();
    expect(statSync(`${lab.folder}/pgpass`).mode & 0o777).toBe(0o600);
    const password = readFileSync(`${lab.folder}/pgpass`, 'utf8').split('\n')[0]?.split(':')[4] ?? '';
    expect(password.length).toBeGreaterThan(20);
    expect(readFileSync(lab.yamlPath, 'utf8')).not.toContain(password);
  });

  test('gives a role that is nowhere superuser the rights that the procedure needs', async () => {
    const asked = 'SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname = current_user';
    expect(
      await Promise.all((['source', 'replica', 'target'] as const).map((role) => asLonghaul(role, asked))),
    ).toEqual(['f', 'f', 'f']);
    await asLonghaul('replica', 'SELECT pg_wal_replay_pause()');
    await asLonghaul('replica', 'SELECT pg_wal_replay_resume()');
    expect(Number(await asLonghaul('replica', 'SELECT count(*) FROM public.notes'))).toBe(200);
    expect(Number(await asLonghaul('source', 'SELECT count(*) FROM pg_ls_waldir()'))).toBeGreaterThan(0);
    await asLonghaul('source', "SELECT pglogical.create_node('lab', 'dbname=app')");
    await asLonghaul('source', "SELECT pglogical.create_replication_set('lab_set')");
    await asLonghaul('source', "SELECT pglogical.replication_set_add_table('lab_set', 'public.accounts')");
    await asLonghaul('source', "SELECT pg_create_logical_replication_slot('lab_slot', 'pglogical_output')");
    await asLonghaul('source', "SELECT pg_drop_replication_slot('lab_slot')");
    await asLonghaul('source', "SELECT pglogical.drop_node('lab')");
  });

  test('dumps whole as that role from the replica: row security, large objects, hostile names', async () => {
    const args = ['-h', '127.0.0.1', '-p', String(lab.replica.port), '-U', 'longhaul', 'app'];
    const dump = await runProgram(`${lab.source.clientBin}/pg_dump`, args, {env: {PGPASSFILE: `${lab.folder}/pgpass`}});
    expect(dump).toContain('lo_create');
    expect(dump).toContain('"""; DROP TABLE public.accounts; --"');
  });

  test('runs a write load whose sums hold at any moment, and only its own tables change', async () => {
    const before = await fingerprintDatabase(lab.source);
    await startWriteLoad(lab, 100);
    await waitUntil(async () => {
      const changed = new Set(
        compareFingerprints(before, await fingerprintDatabase(lab.source)).map(({table}) => table),
      );
      return [...WRITTEN_TABLES].every((table) => changed.has(table));
    });
    expect(await verifyInvariant(lab.source)).toMatchObject({holds: true});
    expect(await verifyInvariant(lab.replica)).toMatchObject({holds: true});
    await stopWriteLoad(lab);
    expect(await readWriteLoad(lab)).toBeNull();
    const after = compareFingerprints(before, await fingerprintDatabase(lab.source)).map(({table}) => table);
    expect(after.toSorted()).toEqual([...WRITTEN_TABLES].toSorted());
  });

  test('sees one changed value between replica and source', async () => {
    await waitUntil(caughtUp);
    const replica = await fingerprintDatabase(lab.replica);
    expect(compareFingerprints(replica, await fingerprintDatabase(lab.source))).toEqual([]);
    await lab.replica.sql('SELECT pg_wal_replay_pause()');
    await lab.source.sql(`UPDATE public."Mixed Case" SET note = 'two' WHERE note = 'one'`);
    const differs = compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.source));
    expect(differs.map(({table}) => table)).toEqual(['public."Mixed Case"']);
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
  });

  test('sees that a broken sum does not hold', async () => {
    await lab.source.sql('UPDATE public.tellers SET balance = balance + 1 WHERE id = 1');
    expect(await verifyInvariant(lab.source)).toMatchObject({holds: false});
    await lab.source.sql('UPDATE public.tellers SET balance = balance - 1 WHERE id = 1');
  });

  test('tells a target that was never loaded from one that holds what the replica holds', async () => {
    const empty = await verifyLab(lab);
    expect(empty.problems).toContain('public.lookup_1 is not on the target');
    await loadTarget();
    await waitUntil(caughtUp);
    expect((await verifyLab(lab)).problems).toEqual([]);
    await lab.target.sql('UPDATE public.lookup_1 SET active = NOT active WHERE code = 1');
    expect((await verifyLab(lab)).problems).toEqual(['public.lookup_1 has 5 rows on both, with another content']);
  });

  test('is found again by its folder, survives a crash of a server, and leaves nothing behind', async () => {
    const again = await readLab(lab.folder);
    await again.replica.restart('immediate');
    expect(await again.replica.sql('SELECT pg_is_in_recovery()')).toEqual([['t']]);
    const other = await startLab({seed: false});
    await other.stop();
    expect(existsSync(other.folder)).toBe(false);
  });
});
