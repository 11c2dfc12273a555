import {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {differing} from '../back/story.ts';
import {capturing, ended, ENGINES, NIGHTLY} from '../capture/story.ts';

/** A superuser's session in a transaction that has just written, and holds the newest transaction number. */
async function openTransaction({source}: Lab, database: string): Promise<Client> {
  const client = new Client({host: source.socketDir, port: source.port, user: 'postgres', database});
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN; CREATE TABLE public.open_transaction (id int); SELECT txid_current()');
  return client;
}

describe.skipIf(!NIGHTLY).each(ENGINES)('a cutover beside a neighbour’s database, %s (nightly)', (engine) => {
  let lab: Lab;
  const stop = new AbortController();
  let neighbour: Promise<void>;

  beforeAll(async () => {
    lab = await capturing(engine, {wayBack: true});
    await lab.source.sql('CREATE DATABASE neighbour');
    const client = new Client({
      host: lab.source.socketDir,
      port: lab.source.port,
      user: 'postgres',
      database: 'neighbour',
    });
    await client.connect();
    await client.query('CREATE TABLE public.t (id int)');
    const write = async (): Promise<void> => {
      while (!stop.signal.aborted) await client.query('INSERT INTO public.t VALUES (1)');
      await client.end();
    };
    neighbour = write();
  });
  afterAll(async () => {
    stop.abort();
    await neighbour;
    await ended(lab);
  });

  test('an open transaction of the neighbour’s neither delays nor spoils it, nor do his writes', async () => {
    const open = await openTransaction(lab, 'neighbour');
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    expect((await stateOf(lab)).cutover?.status).toBe('handed-over');
    await open.end();
    expect(await differing(lab)).toEqual([]);
    await mustEndWell(lab, 'back', '--yes', 'rehearsal', '--plain');
  });

  test('one of our database is ended, or named with its pid: F is not taken beside it', async () => {
    const open = await openTransaction(lab, 'app');
    const {rows} = await open.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
    const {code, stdout, stderr} = await longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    const goesOn = await open.query('SELECT 1').then(
      () => true,
      () => false,
    );
    // A role that may not end a superuser's session names it.
    const isNamed = `${stdout}${stderr}`.includes(`pid ${rows[0]?.pid}`);
    expect({isNamed: isNamed || !goesOn, isHandedOver: code === 0}).toEqual({isNamed: true, isHandedOver: !goesOn});
    await open.end().catch(() => undefined);
    expect(await lab.source.sql("SELECT 1 FROM pg_class WHERE relname = 'open_transaction'")).toEqual([]);
  });
});
