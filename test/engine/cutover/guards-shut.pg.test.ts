import {join} from 'node:path';
import {Client} from 'pg';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {mirrored} from '../../../src/engine/back/mirrored.ts';
import {goBack} from '../../../src/engine/cutover/going-back.ts';
import {readMovedTables} from '../../../src/engine/cutover/moved-tables.ts';
import {readFindings} from '../../../src/engine/cutover/rehearse.ts';
import {letThrough, planShut, planUnshut} from '../../../src/engine/cutover/shut.ts';
import {withShortLocks} from '../../../src/engine/cutover/short-locks.ts';
import {executeAll} from '../../../src/engine/make-action.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually, longhaul, mustEndWell} from '../../support/longhaul.ts';

const SEED = join(import.meta.dirname, '../../faults/cutover/seed.sql');
const READ_ONLY = {code: '25006'};
const SHUT = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'longhaul%'";
const WAITS = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'app'";
const FENCE_WAITS =
  "SELECT query_start FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name ~ '/fence$'";
const VACUUMED =
  "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.relation = 'public.log'::regclass AND l.mode = 'ShareUpdateExclusiveLock' AND a.backend_type = 'autovacuum worker'";
const WRITE = 'UPDATE public.accounts SET balance = balance + 1 WHERE id = 1';

let lab: Lab;
let ctx: LabContext;
let client: Client;

/** A client of the application that does not let itself be kept from writing. */
async function connect(): Promise<Client> {
  const {socketDir: host, port} = lab.source;
  const one = new Client({host, port, user: 'app', database: 'app'});
  one.on('error', () => undefined);
  await one.connect();
  return one;
}

async function isAnswered(statement: string): Promise<boolean> {
  return client.query(`BEGIN READ WRITE; SET LOCAL lock_timeout = '100ms'; ${statement}; COMMIT`).then(
    () => true,
    async () => client.query('ROLLBACK').then(() => false),
  );
}

beforeAll(async () => {
  lab = await startLab({seed: SEED, engine: 'native'});
  await lab.source.sql("INSERT INTO public.log (token) VALUES ('first')");
  await mustEndWell(lab, 'run', '--plain', '--until', 'plan-slots');
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
});
afterAll(async () => {
  await lab.stop();
});
beforeEach(async () => {
  ctx = await contextOn(lab, {type: 'cutover.begun', by: 'ana', steps: []});
  client = await connect();
});
afterEach(async () => {
  await ctx.fence.drop();
  await executeAll(await planUnshut(ctx, 'source'));
  await client.end();
  await ctx.close();
});

describe('the locks on the source', () => {
  test('keep out who begins READ WRITE, and are had only once nobody writes', async () => {
    await client.query(`BEGIN; ${WRITE}`);
    const tables = await readMovedTables(ctx);
    await expect(ctx.fence.take(ctx, tables, 300)).rejects.toThrow(
      /writes to a table, or keeps it locked, and does not end: pid \d+ of app/,
    );
    expect(await ctx.fence.whyBroken()).not.toBeNull();
    await client.query('COMMIT');
    await ctx.fence.take(ctx, tables, 20_000);
    expect(await ctx.fence.whyBroken()).toBeNull();
    expect(await isAnswered(WRITE)).toBe(false);
    await ctx.fence.drop();
    expect(await isAnswered(WRITE)).toBe(true);
  });

  test('are tried for again and again, and meanwhile nobody begins to VACUUM', async () => {
    const tables = await readMovedTables(ctx);
    await client.query(`BEGIN; ${WRITE}`);
    const taken = ctx.fence.take(ctx, tables, 20_000);
    const [[first] = []] = await eventually('the locks to be waited for', async () => {
      const rows = await lab.source.sql(FENCE_WAITS);
      return rows.length > 0 ? rows : null;
    });
    await eventually('another try', async () => {
      const [[since] = []] = await lab.source.sql(FENCE_WAITS);
      return since !== undefined && since !== first ? true : null;
    });
    await expect(lab.source.sql("SET lock_timeout = '100ms'; ANALYZE public.log")).rejects.toThrow('lock timeout');
    await client.query('COMMIT');
    await taken;
    expect(await ctx.fence.whyBroken()).toBeNull();
  });

  test('are said to be gone once their session was ended', async () => {
    await ctx.fence.take(ctx, await readMovedTables(ctx), 20_000);
    await lab.source.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ '/fence$'");
    expect(await ctx.fence.whyBroken()).toContain('has ended, and writes may have been let through');
  });

  test('are held on where what was to take their place cannot be made', async () => {
    await ctx.fence.take(ctx, await readMovedTables(ctx), 20_000);
    await expect(ctx.fence.replace(ctx, [sql('SELECT 1 / 0')])).rejects.toThrow('division by zero');
    expect(await ctx.fence.whyBroken()).toBeNull();
    expect(await isAnswered(WRITE)).toBe(false);
  });
});

/** Has an autovacuum at public.log that would take minutes, and waits until it is. */
async function vacuumSlowly(): Promise<void> {
  await lab.source.sql(
    "INSERT INTO public.log (token) SELECT 'slow' FROM generate_series(1, 30000); DELETE FROM public.log WHERE token = 'slow'",
  );
  await lab.source
    .sql(`ALTER TABLE public.log SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
    autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)`);
  await lab.source.sql("ALTER SYSTEM SET autovacuum_naptime = '1s'");
  await lab.source.sql('SELECT pg_reload_conf()');
  await eventually('autovacuum to be at the table', async () =>
    (await lab.source.sql(VACUUMED)).length > 0 ? true : null,
  );
}

describe('an autovacuum, which its server ends for nobody who gives up before deadlock_timeout,', () => {
  afterAll(async () => {
    await lab.source.sql('ALTER TABLE public.log SET (autovacuum_enabled = off)');
    await lab.source.sql('ALTER SYSTEM RESET autovacuum_naptime');
    await lab.source.sql('SELECT pg_reload_conf()');
  });

  test('is ended for what wants a short lock', async () => {
    await vacuumSlowly();
    await withShortLocks(ctx, 'source', sql('ALTER TABLE public.log SET (fillfactor = 90)'));
    const [[options] = []] = await lab.source.sql("SELECT reloptions FROM pg_class WHERE oid = 'public.log'::regclass");
    expect(options).toContain('fillfactor=90');
  });

  test('is ended before the writes are stopped, and nobody is kept from writing by it', async () => {
    await vacuumSlowly();
    expect((await readFindings(ctx)).find(({check}) => check === 'cutover.maintenance')?.seen).toMatch(
      /autovacuum worker/,
    );
    const tables = await readMovedTables(ctx);
    await ctx.fence.prepare(ctx, tables);
    expect(await isAnswered(WRITE)).toBe(true);
    await expect(lab.source.sql("SET lock_timeout = '100ms'; ANALYZE public.accounts")).rejects.toThrow('lock timeout');
    await ctx.fence.take(ctx, tables, 300);
    expect(await isAnswered(WRITE)).toBe(false);
  });
});

test('DDL that does not end is named before the writes are stopped, nobody waits behind the locks, and they are had once it was ended', async () => {
  const other = await connect();
  await other.query('BEGIN; LOCK TABLE public.log IN SHARE UPDATE EXCLUSIVE MODE');
  const tables = await readMovedTables(ctx);
  const prepared = ctx.fence.prepare(ctx, tables).catch((error: unknown) => error);
  await eventually('the locks to be waited for', async () =>
    (await lab.source.sql(FENCE_WAITS)).length > 0 ? true : null,
  );
  expect(await isAnswered("INSERT INTO public.log (token) VALUES ('meanwhile')")).toBe(true);
  const message = String(await prepared);
  expect(message).toMatch(/VACUUM, ANALYZE or DDL is at work .*pid \d+ of app/);
  await lab.source.sql(`SELECT pg_terminate_backend(${/pid (\d+) of app/.exec(message)?.[1]})`);
  await ctx.fence.prepare(ctx, tables);
  await other.end().catch(() => undefined);
});

describe('the side that is left', () => {
  test('refuses a writer that has waited for the locks, whatever his session allows itself', async () => {
    await ctx.fence.take(ctx, await readMovedTables(ctx), 20_000);
    const waiting = client.query(`BEGIN READ WRITE; ${WRITE}`).catch((error: unknown) => error);
    await eventually('him to wait', async () => ((await lab.source.sql(WAITS)).length > 0 ? true : null));
    await planShut(ctx).execute();
    expect(await waiting).toMatchObject(READ_ONLY);
    await client.query('ROLLBACK');
    expect(await ctx.fence.whyBroken()).not.toBeNull();
    for (const write of ['INSERT INTO public.log (token) VALUES (1)', 'DELETE FROM public.log', 'TRUNCATE public.log'])
      await expect(client.query(write)).rejects.toMatchObject(READ_ONLY);
  });

  test('takes what change capture applies there', async () => {
    await planShut(ctx).execute();
    const before = await lab.source.sql('SELECT balance FROM public.accounts WHERE id = 1');
    await lab.source.sql(`SET session_replication_role = replica; ${WRITE}`);
    expect(await lab.source.sql('SELECT balance FROM public.accounts WHERE id = 1')).not.toEqual(before);
  });

  test('takes writes again in the moment in which somebody goes back to it, and keeps nothing of it afterwards', async () => {
    await planShut(ctx).execute();
    expect(await isAnswered(WRITE)).toBe(false);
    await letThrough(mirrored(ctx));
    expect(await isAnswered(WRITE)).toBe(true);
    expect(await isAnswered("INSERT INTO public.log (token) VALUES ('kept')")).toBe(true);
    expect(await isAnswered("DELETE FROM public.log WHERE token = 'kept'")).toBe(true);
    expect(await lab.source.sql("SELECT count(*) FROM public.log WHERE token = 'kept'")).toEqual([['0']]);
    await executeAll(await planUnshut(ctx, 'source'));
    expect(await lab.source.sql(SHUT)).toEqual([['0']]);
    expect(ctx.state().claimed).toEqual([]);
    await executeAll(await planUnshut(ctx, 'source'));
  });

  test('is shut once more though somebody has taken one of its triggers away', async () => {
    await planShut(ctx).execute();
    await lab.source.sql('DROP TRIGGER longhaul_shut ON public.accounts');
    expect(await isAnswered(WRITE)).toBe(true);
    await planShut(ctx).execute();
    expect(await isAnswered(WRITE)).toBe(false);
  });

  test('is told to be open to who writes all the same, where our role may not shut it; nothing else is kept from being done', async () => {
    await lab.source.sql('CREATE ROLE other NOLOGIN; ALTER TABLE public.log OWNER TO other');
    await planShut(ctx).execute();
    await lab.source.sql('ALTER TABLE public.log OWNER TO app_owner');
    expect(ctx.entries.at(-1)).toMatchObject({type: 'step.progressed', step: 'hand-over'});
  });
});

describe('a side whose locks went with their session while it was to be shut', () => {
  test('has to be proved again before the other one is opened', async () => {
    await ctx.fence.take(ctx, await readMovedTables(ctx), 20_000);
    await lab.source.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ '/fence$'");
    await expect(planShut(ctx, {isProved: true}).execute()).rejects.toThrow('SAVEPOINT longhaul_try');
    await planShut(ctx).execute();
    expect(ctx.entries.at(-1)).toMatchObject({type: 'step.progressed', step: 'hand-over'});
  });
});

describe('a cutover that is taken back', () => {
  const setting = {database: 'app', before: null, since: '1970-01-01T00:00:00Z'};

  test('allows writes again, and ends the sessions that would go on refusing them', async () => {
    await ctx.record({type: 'cutover.stopping', setting});
    await lab.source.sql('ALTER DATABASE app SET default_transaction_read_only = on');
    const held = await connect();
    await expect(held.query(WRITE)).rejects.toMatchObject(READ_ONLY);
    await ctx.fence.take(ctx, await readMovedTables(ctx), 20_000);
    await goBack(ctx, {by: 'ana', reason: 'enough'});
    await eventually('the session to be ended', async () =>
      held.query('SELECT 1').then(
        () => null,
        () => true,
      ),
    );
    const anew = await connect();
    await anew.query(WRITE);
    await anew.end();
    expect(ctx.state().cutover?.status).toBe('gone-back');
  });

  test('is not taken back any more once the target is being opened', async () => {
    await ctx.record({type: 'cutover.stopping', setting});
    await ctx.record({type: 'cutover.opening', by: 'ana'});
    await expect(goBack(ctx, {by: 'ana', reason: 'enough'})).rejects.toThrow('bug: this cutover cannot be taken back');
  });
});
