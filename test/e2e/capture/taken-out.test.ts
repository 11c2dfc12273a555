import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {holdOpen} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {
  AGAIN,
  alarmOf,
  capturing,
  differing,
  ended,
  ENGINES,
  guardedAgain,
  NIGHTLY,
  over,
  uncaptured,
  WRITE,
  type Subscribing,
} from './story.ts';

/** What takes tables out of what captures them, by SQL on the source, and puts them back. */
const OUT: Readonly<Record<Subscribing, {readonly table: string; readonly back: string; readonly all: string}>> = {
  native: {
    table: 'ALTER PUBLICATION lh_01 DROP TABLE public.accounts',
    back: 'ALTER PUBLICATION lh_01 ADD TABLE public.accounts',
    all: "ALTER PUBLICATION lh_01 SET (publish = 'insert')",
  },
  pglogical: {
    table:
      "SELECT pglogical.replication_set_remove_table('lh_01', 'public.accounts'); SELECT pglogical.replication_set_remove_table('ilh_01', 'public.accounts')",
    back: "SELECT pglogical.replication_set_add_table('lh_01', 'public.accounts'); SELECT pglogical.replication_set_add_table('ilh_01', 'public.accounts')",
    all: "SELECT pglogical.alter_replication_set('lh_01', replicate_update := false)",
  },
};

/** Where the source has it that a table is captured. */
const IN: Readonly<Record<Subscribing, string>> = {
  native: "SELECT 1 FROM pg_publication_tables WHERE tablename = 'cut'",
  pglogical: "SELECT 1 FROM pglogical.replication_set_table WHERE set_reloid = 'public.cut'::regclass",
};

describe.skipIf(!NIGHTLY).each(ENGINES)('what is captured by %s and by nothing any more (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing(engine);
  });
  afterAll(async () => ended(lab));

  const adopt = async (table: string): Promise<void> =>
    void (await mustEndWell(lab, 'adopt', table, '--yes', 'rehearsal'));

  test('a table that is taken out counts until it is adopted, though somebody puts it back, and is equal then', async () => {
    await lab.source.sql(OUT[engine].table);
    const {remedy} = await alarmOf(lab, 'cdc.uncaptured:public.accounts');
    expect(remedy).toContain('longhaul adopt public.accounts --yes rehearsal');
    await lab.source.sql(
      "UPDATE public.accounts SET note = 'lost' WHERE id = 7; DELETE FROM public.accounts WHERE id = 200",
    );
    await lab.source.sql(OUT[engine].back);
    expect((await differing(lab)).join()).toContain('public.accounts');
    await guardedAgain(lab);
    expect(await uncaptured(lab)).toEqual(['public.accounts']);
    expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal')).stderr).toContain('public.accounts');
    await adopt('public.accounts');
    await lab.source.sql("UPDATE public.accounts SET note = 'after' WHERE id = 8");
    expect(await differing(lab)).toEqual([]);
    expect(await uncaptured(lab)).toEqual([]);
  });

  test('where all of it is altered each of its tables is told, and adopting the first has it carry all again', async () => {
    await lab.source.sql(OUT[engine].all);
    await alarmOf(lab, 'cdc.uncaptured:public.big');
    await lab.source.sql('UPDATE public.big SET n = n + 1');
    const tables = await uncaptured(lab);
    expect(tables).toContain('public.accounts');
    for (const table of tables) await adopt(table);
    await lab.source.sql('UPDATE public.big SET n = n + 1');
    expect(await differing(lab)).toEqual([]);
    expect(await uncaptured(lab)).toEqual([]);
  });

  test('a table whose comparison is owed and that differs is copied anew', async () => {
    await lab.target.sql(`${WRITE} DELETE FROM public.moves; UPDATE public.accounts SET note = 'here' WHERE id = 9`);
    expect((await longhaul(lab, 'compare', '--again')).code).toBe(1);
    const {remedy} = await alarmOf(lab, 'cdc.owed:public.accounts');
    expect(remedy).toContain('longhaul adopt public.accounts --yes rehearsal');
    for (const {table} of (await stateOf(lab)).capture.owed) await adopt(`${table.schema}.${table.name}`);
    expect(await differing(lab)).toEqual([]);
    expect((await stateOf(lab)).capture.owed).toEqual([]);
    await mustEndWell(lab, 'compare', '--again');
  });

  test('an adoption whose supervisor is killed between the sets and the copy leaves a slot that goes on, whatever is written to the table, and the same command adopts it', async () => {
    await lab.source.sql(
      'CREATE TABLE public.cut (id integer PRIMARY KEY, n integer); ALTER TABLE public.cut OWNER TO app_owner; INSERT INTO public.cut SELECT n, 0 FROM generate_series(1, 500) AS n',
    );
    await lab.target.sql(
      `${WRITE} CREATE TABLE public.cut (id integer PRIMARY KEY, n integer); ALTER TABLE public.cut OWNER TO longhaul`,
    );
    await alarmOf(lab, 'cdc.uncaptured:public.cut');
    // Its copy waits for whoever reads the table.
    const letGo = await holdOpen(lab, 'LOCK TABLE public.cut IN ACCESS SHARE MODE');
    const killed = longhaul(lab, 'adopt', 'public.cut', '--yes', 'rehearsal');
    await eventually('it to be captured', async () => ((await lab.source.sql(IN[engine])).length > 0 ? true : null));
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    await killed;
    await letGo();
    await lab.source.sql('UPDATE public.cut SET n = n + 1 WHERE id > 5; DELETE FROM public.cut WHERE id = 3');
    // One that begins anew passes over it as well, with the first that it is sent.
    for (const statement of AGAIN[engine]) await lab.target.sql(`${WRITE} ${statement}`);
    await lab.source.sql(
      "UPDATE public.accounts SET note = 'beside' WHERE id = 8; TRUNCATE public.cut; INSERT INTO public.cut SELECT n, 7 FROM generate_series(1, 300) AS n",
    );
    expect((await differing(lab)).every((one) => one.includes('public.cut'))).toBe(true);
    await mustEndWell(lab, 'run', '--plain');
    await guardedAgain(lab);
    expect(await uncaptured(lab)).toEqual(['public.cut']);
    await adopt('public.cut');
    await lab.source.sql('UPDATE public.cut SET n = n + 1');
    expect(await differing(lab)).toEqual([]);
    expect(await uncaptured(lab)).toEqual([]);
  }, 480_000);

  test.runIf(engine === 'pglogical')(
    'a slot that fails at a table, for somebody else has had it captured, goes on with the adoption of that; without the right to pass over it what gives that is said',
    async () => {
      await lab.source.sql(
        'CREATE TABLE public.early (id integer PRIMARY KEY, n integer); ALTER TABLE public.early OWNER TO app_owner; INSERT INTO public.early SELECT n, 0 FROM generate_series(1, 50) AS n',
      );
      await lab.target.sql(
        `${WRITE} CREATE TABLE public.early (id integer PRIMARY KEY, n integer); ALTER TABLE public.early OWNER TO longhaul; REVOKE INSERT, UPDATE, DELETE ON pglogical.local_sync_status FROM longhaul; REVOKE pg_write_all_data FROM longhaul`,
      );
      await alarmOf(lab, 'cdc.uncaptured:public.early');
      await lab.source.sql("SELECT pglogical.replication_set_add_table('lh_01', 'public.early')");
      await lab.source.sql('UPDATE public.early SET n = 1');
      const {seen} = await eventually(
        'the slot to be told with the table that it fails at',
        async () =>
          (await stateOf(lab)).alarms.find(({id, seen: told}) => id === 'cdc.down:lh_01' && told.includes('tries')) ??
          null,
        120_000,
      );
      expect(seen).toContain('what it tries is in public.early');
      const {code, stderr} = await longhaul(lab, 'adopt', 'public.early', '--yes', 'rehearsal');
      expect([code, stderr]).toEqual([1, expect.stringContaining('may not have it pass over public.early')]);
      await carryOut(lab, stderr.slice(stderr.indexOf('on the target')), {application: null});
      await adopt('public.early');
      await lab.source.sql('UPDATE public.early SET n = 2');
      expect(await differing(lab)).toEqual([]);
      await lab.target.sql(`${WRITE} GRANT pg_write_all_data TO longhaul WITH ADMIN OPTION`);
    },
    480_000,
  );

  // A server keeps whoever publishes a table from it.
  test.runIf(engine === 'pglogical')(
    'a table that is made unlogged counts until it is logged again and adopted, for nothing of it came meanwhile',
    async () => {
      await lab.source.sql('ALTER TABLE public.big SET UNLOGGED');
      await lab.source.sql('UPDATE public.big SET n = n + 1');
      await alarmOf(lab, 'cdc.uncaptured:public.big');
      const {stderr} = await longhaul(lab, 'adopt', 'public.big', '--yes', 'rehearsal');
      expect(stderr).toContain('public.big is unlogged');
      await carryOut(lab, /What to do: (.*)/.exec(stderr)?.[1] ?? stderr, {application: null});
      await guardedAgain(lab);
      expect(await uncaptured(lab)).toEqual(['public.big']);
      await adopt('public.big');
      await lab.source.sql('UPDATE public.big SET n = n + 1');
      expect(await differing(lab)).toEqual([]);
      expect(await uncaptured(lab)).toEqual([]);
    },
  );

  test.runIf(engine === 'pglogical')(
    'a TRUNCATE that no trigger writes down is told before it is missed; it comes again once the trigger is on, or was made anew',
    async () => {
      await lab.source.sql('ALTER TABLE public.big DISABLE TRIGGER ALL');
      const {remedy} = await alarmOf(lab, 'cdc.truncates:public.big');
      await alarmOf(lab, 'cdc.owed:public.big');
      await lab.source.sql('TRUNCATE public.big');
      expect((await differing(lab)).join()).toContain('public.big');
      expect((await longhaul(lab, 'compare', '--again', 'public.big')).code).toBe(1);
      await carryOut(lab, remedy, {application: null});
      await adopt('public.big');
      await lab.source.sql("INSERT INTO public.big VALUES (1, 'again'); TRUNCATE public.log, public.big");
      expect(await differing(lab)).toEqual([]);
      await lab.source.sql(
        "DO $$ DECLARE t text; BEGIN SELECT tgname INTO t FROM pg_trigger WHERE tgrelid = 'public.log'::regclass; EXECUTE format('DROP TRIGGER %I ON public.log', t); END $$",
      );
      const gone = await alarmOf(lab, 'cdc.truncates:public.log');
      expect(gone.remedy).toContain('longhaul adopt public.log --yes rehearsal');
      await alarmOf(lab, 'cdc.owed:public.log');
      await adopt('public.log');
      await lab.source.sql('INSERT INTO public.log (account, amount) VALUES (1, 1)');
      expect(await differing(lab)).toEqual([]);
      await lab.source.sql('TRUNCATE public.log');
      expect(await differing(lab)).toEqual([]);
      await over(lab, 'cdc.truncates');
    },
    2 * 480_000,
  );

  test.runIf(engine === 'native')(
    'a table that loses its key is told at once, and the remedy lets the application update it again',
    async () => {
      await lab.source.sql('ALTER TABLE public.big DROP CONSTRAINT big_pkey');
      const update = 'UPDATE public.big SET n = n + 1 WHERE id = 1';
      await expect(lab.source.sql(update)).rejects.toThrow('does not have a replica identity');
      const {remedy} = await alarmOf(lab, 'cdc.identity:public.big');
      await carryOut(lab, remedy, {application: null});
      await lab.source.sql(update);
      expect(await differing(lab)).toEqual([]);
    },
  );
});
