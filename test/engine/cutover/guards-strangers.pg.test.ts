import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createVisitorWatch} from '../../../src/engine/back/still-come.ts';
import {readMovedTables} from '../../../src/engine/cutover/moved-tables.ts';
import {planShut, planUnshut} from '../../../src/engine/cutover/shut.ts';
import {readDurability} from '../../../src/engine/preflight/servers/durability.ts';
import {executeAll} from '../../../src/engine/make-action.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {contextOn} from '../../support/lab-context.ts';
import {eventually, longhaul, mustEndWell} from '../../support/longhaul.ts';

const SEED = join(import.meta.dirname, '../../faults/cutover/seed.sql');
const WRITE = 'UPDATE public.accounts SET balance = balance + 1 WHERE id = 1';

let lab: Lab;

/** Somebody who is not one of the application's usual clients. */
async function connect(user: string, application_name = ''): Promise<Client> {
  const {socketDir: host, port} = lab.source;
  const one = new Client({host, port, user, database: 'app', application_name});
  one.on('error', () => undefined);
  await one.connect();
  return one;
}

beforeAll(async () => {
  lab = await startLab({seed: SEED, engine: 'native'});
  await mustEndWell(lab, 'run', '--plain', '--until', 'plan-slots');
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
});
afterAll(async () => {
  await lab.stop();
});

describe('superusers, and a role with a setting of its own,', () => {
  afterAll(async () => {
    await lab.source.sql(
      'SET default_transaction_read_only = off; ALTER ROLE batch RESET default_transaction_read_only; ALTER DATABASE app RESET default_transaction_read_only',
    );
  });

  test('are not bound by a read-only database; the locks keep them out, and then the triggers', async () => {
    const ctx = await contextOn(lab, {type: 'cutover.begun', by: 'ana', steps: []});
    await lab.source.sql('ALTER ROLE batch SET default_transaction_read_only = off');
    await lab.source.sql('ALTER DATABASE app SET default_transaction_read_only = on');
    const batch = await connect('batch');
    const root = await connect('postgres');
    const writes = [async () => batch.query(WRITE), async () => root.query(`BEGIN READ WRITE; ${WRITE}; COMMIT`)];
    for (const write of writes) await write();
    await ctx.fence.take(ctx, await readMovedTables(ctx), 20_000);
    for (const one of [batch, root]) await one.query("SET lock_timeout = '100ms'");
    for (const write of writes) await expect(write()).rejects.toThrow('lock timeout');
    await root.query('ROLLBACK');
    await planShut(ctx).execute();
    for (const write of writes) await expect(write()).rejects.toThrow('this side was left');
    await batch.end();
    await root.end();
    await ctx.fence.drop();
    await executeAll(await planUnshut(ctx, 'source'));
    await ctx.close();
  });
});

describe('a source whose target is gone for good while that was being opened', () => {
  test('takes writes again by the statements of docs/cutover.md', async () => {
    const ctx = await contextOn(lab, {type: 'cutover.begun', by: 'ana', steps: []});
    await lab.source.sql('ALTER DATABASE app SET default_transaction_read_only = on');
    await planShut(ctx).execute();
    await ctx.close();
    const docs = await readFile(join(import.meta.dirname, '../../../docs/cutover.md'), 'utf8');
    const [, statements = ''] = /gone for good in that moment.*?\n\n((?: {4}[^\n]*\n)+)/s.exec(docs) ?? [];
    const shut = await connect('app');
    await expect(shut.query(`BEGIN READ WRITE; ${WRITE}; COMMIT`)).rejects.toThrow('this side was left');
    await shut.end();
    await lab.source.sql(`SET ROLE longhaul; ${statements}`);
    const open = await connect('app');
    await open.query(WRITE);
    await open.end();
    expect(await lab.source.sql("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'longhaul%'")).toEqual([]);
  });
});

describe('what is switched off on the target for a load', () => {
  test('is told before the hand-over, and keeps none of our own commits from the disk', async () => {
    await lab.target.sql(
      'ALTER DATABASE app SET synchronous_commit = off; CREATE ROLE loose; ALTER ROLE loose SET synchronous_commit = no',
    );
    const ctx = await contextOn(lab);
    const told = await readDurability(ctx);
    // The lab's servers have fsync off always.
    expect(told.map(({check}) => check)).toEqual(['cutover.not-durable', 'cutover.not-durable-role']);
    expect(told[0]?.seen).toMatch(/^fsync, full_page_writes, synchronous_commit are off there/);
    expect(told[1]?.seen).toMatch(/ off there for loose:/);
    const target = await ctx.session('target');
    expect(await target.one(sql(`SELECT current_setting('synchronous_commit') AS "is"`))).toEqual({is: 'local'});
    await ctx.close();
    // As the remedies say, each statement by itself.
    const remedies = told.map(({remedy}) => remedy).join('; ');
    for (const statement of remedies.match(/ALTER (?:SYSTEM|ROLE) [^;(…]*|SELECT pg_reload_conf\(\)/g) ?? [])
      await lab.target.sql(statement);
    await lab.target.sql('ALTER DATABASE app RESET synchronous_commit');
    const later = await contextOn(lab);
    expect(await readDurability(later)).toEqual([]);
    await lab.target.sql('ALTER SYSTEM SET fsync = off');
    await later.close();
  });
});

describe('who comes to the side that was left', () => {
  const HANDED_OVER = {type: 'cutover.handed-over', by: 'run', evidence: {}} as const;

  test('is journalled at once, counted by his sessions, and known as long as the run is; nobody of ours is', async () => {
    const visited = await contextOn(lab, {type: 'cutover.begun', by: 'ana', steps: []});
    let ms = 0;
    const watching = {...visited, steady: () => ms};
    const watch = createVisitorWatch(watching, async () => visited.session('source'));
    expect(await watch()).toEqual([]);
    await visited.record(HANDED_OVER);
    const seen = async () => (await watch())[0]?.value;
    const told = () =>
      visited
        .state()
        .cutover?.visitors?.filter(({role}) => role === 'batch')
        .map(({applicationName, sessions}) => [applicationName, sessions]);
    const first = await connect('batch', 'worker-1');
    const before = Number(await seen());
    expect(before).toBeGreaterThan(0);
    expect(told()).toEqual([['worker-1', 1]]);
    const second = await connect('batch', 'worker-1');
    const other = await connect('batch', 'worker-2');
    expect(await seen()).toBe(before + 2);
    // Not more often than the journal bears.
    expect(told()).toEqual([['worker-1', 1]]);
    ms += 30_000;
    await seen();
    // One that has been there all the time is one.
    expect(told()).toEqual(
      expect.arrayContaining([
        ['worker-1', 2],
        ['worker-2', 1],
      ]),
    );
    for (const one of [first, second, other]) await one.end();
    await eventually('them to be gone', async () => (Number(await seen()) < before ? true : null));
    expect(told()).toHaveLength(2);
    expect(visited.state().cutover?.visitors?.filter(({role}) => role === 'longhaul')).toEqual([]);
    await visited.close();
  });
});
