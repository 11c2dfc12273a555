import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {contextOn} from '../../support/lab-context.ts';
import {readSentinelsSince, writeSentinels} from '../../../src/pg/capture/sentinels.ts';
import {alarmOf, capturing, differing, ended, ENGINES, NIGHTLY, uncaptured, WRITE, type Subscribing} from './story.ts';

/** What has a subscription ask for less than it was made for, by SQL on the target: the tables without a key, and the others. */
const LESS: Readonly<Record<Subscribing, readonly [string, string]>> = {
  native: [
    'ALTER SUBSCRIPTION lh_01 SET PUBLICATION lh_01',
    'ALTER SUBSCRIPTION lh_01 SET PUBLICATION ilh_01 WITH (refresh = false)',
  ],
  pglogical: [
    "SELECT pglogical.alter_subscription_remove_replication_set('lh_01', 'ilh_01')",
    "SELECT pglogical.alter_subscription_remove_replication_set('lh_01', 'lh_01')",
  ],
};
/** A worker goes by it once it has begun anew. */
const AGAIN: Readonly<Record<Subscribing, readonly string[]>> = {
  native: ['ALTER SUBSCRIPTION lh_01 DISABLE', 'ALTER SUBSCRIPTION lh_01 ENABLE'],
  pglogical: [
    "SELECT pglogical.alter_subscription_disable('lh_01', true)",
    "SELECT pglogical.alter_subscription_enable('lh_01', true)",
  ],
};
const STORY_MS = 480_000;

describe.skipIf(!NIGHTLY).each(ENGINES)('what is done by hand while %s captures (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing(engine);
  });
  afterAll(async () => ended(lab));

  const onTarget = async (...statements: readonly string[]): Promise<void> => {
    for (const one of statements) await lab.target.sql(`${WRITE} ${one}`);
  };
  /** What differs but for the sentinels that were not asked for, which nothing brings. */
  const left = async (): Promise<string[]> =>
    (await differing(lab)).filter((table) => !table.startsWith('longhaul_cdc.'));
  const adoptAll = async (): Promise<void> => {
    for (const table of await uncaptured(lab)) await mustEndWell(lab, 'adopt', table, '--yes', 'rehearsal');
  };

  test(
    'a table that comes while the target is away is told all the same, and is adopted once that is back',
    async () => {
      await lab.target.stop('immediate');
      await lab.source.sql(
        'CREATE TABLE public.meanwhile (id integer PRIMARY KEY); ALTER TABLE public.meanwhile OWNER TO app_owner; INSERT INTO public.meanwhile SELECT generate_series(1, 100)',
      );
      await eventually('it to be told', async () => {
        const tables = await uncaptured(lab);
        return tables.includes('public.meanwhile') ? true : null;
      });
      await lab.target.start();
      await differing(lab);
      await adoptAll();
      expect(await differing(lab)).toEqual([]);
    },
    STORY_MS,
  );

  test.runIf(engine === 'native')(
    'a table that is made anew on the target is passed over by its subscription: it is told, and equal once it was adopted',
    async () => {
      await onTarget(
        `BEGIN; CREATE TABLE public.other (LIKE public.big INCLUDING ALL); INSERT INTO public.other SELECT * FROM public.big; DROP TABLE public.big; ALTER TABLE public.other RENAME TO big; ALTER TABLE public.big OWNER TO app_owner; COMMIT`,
        ...AGAIN[engine],
      );
      await lab.source.sql('UPDATE public.big SET n = n + 1');
      await alarmOf(lab, 'cdc.uncaptured:public.big');
      await adoptAll();
      await lab.source.sql('UPDATE public.big SET n = n + 1');
      expect(await differing(lab)).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'a clock of the source that was ahead and is set back hides nothing that is on its way, and is no lost sentinel',
    async () => {
      // As an hour ago, when it was an hour ahead.
      await lab.source.sql(
        "INSERT INTO longhaul_cdc.lh_01 VALUES ((extract(epoch FROM clock_timestamp() + interval '1 hour') * 1000000)::bigint, now())",
      );
      const ctx = await contextOn(lab);
      const source = await ctx.session('source');
      const [[ahead = ''] = []] = await lab.source.sql('SELECT max(n) FROM longhaul_cdc.lh_01');
      await mustEndWell(lab, 'cdc', 'pause', 'lh_01');
      const {n} = await source.one(writeSentinels(['lh_01']));
      expect(n).toBeGreaterThan(Number(ahead));
      const [since] = await source.run(readSentinelsSince([{slot: 'lh_01', newest: Number(ahead)}]));
      expect(since?.waitingSeconds).not.toBeNull();
      await ctx.close();
      await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
      await lab.source.sql(
        'CREATE TABLE public.late (id integer PRIMARY KEY); ALTER TABLE public.late OWNER TO app_owner',
      );
      await alarmOf(lab, 'cdc.uncaptured:public.late');
      await adoptAll();
      expect(await differing(lab)).toEqual([]);
      expect((await stateOf(lab)).capture.owed).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'sentinels that our role may write no more are told, for nothing else would tell how late a slot is',
    async () => {
      await lab.source.sql(
        'ALTER TABLE longhaul_cdc.lh_01 OWNER TO postgres; REVOKE ALL ON longhaul_cdc.lh_01 FROM longhaul',
      );
      const {seen} = await alarmOf(lab, 'cdc.quiet:lh_01');
      expect(seen).toContain('no sentinel was written for');
      await lab.source.sql('ALTER TABLE longhaul_cdc.lh_01 OWNER TO longhaul');
      await eventually(
        'the alarm to be over',
        async () => ((await stateOf(lab)).alarms.some(({id}) => id.startsWith('cdc.quiet')) ? null : true),
        240_000,
      );
      expect(await differing(lab)).toEqual([]);
    },
    2 * STORY_MS,
  );

  test.runIf(engine === 'pglogical')(
    'a table that becomes partitioned on the target is told before a change of it would crash the server',
    async () => {
      await mustEndWell(lab, 'cdc', 'pause', 'lh_01');
      await onTarget(
        `BEGIN; ALTER TABLE public.whole RENAME TO whole_1; CREATE TABLE public.whole (LIKE public.whole_1) PARTITION BY RANGE (a); ALTER TABLE public.whole ATTACH PARTITION public.whole_1 DEFAULT; COMMIT`,
      );
      const {remedy} = await alarmOf(lab, 'cdc.kind:public.whole');
      expect(remedy).toContain('longhaul cdc pause lh_01');
      await onTarget(
        `BEGIN; ALTER TABLE public.whole DETACH PARTITION public.whole_1; DROP TABLE public.whole; ALTER TABLE public.whole_1 RENAME TO whole; COMMIT`,
      );
      await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
      await lab.source.sql("INSERT INTO public.whole VALUES (7000, 'after')");
      expect(await differing(lab)).toEqual([]);
    },
    STORY_MS,
  );

  // A sentinel that was not asked for never comes: what follows would be told that first.
  test(
    'a subscription that asks for less than it was made for is told by its tables, and asks for all again before the first of them is adopted',
    async () => {
      await onTarget(LESS[engine][0], ...AGAIN[engine]);
      await lab.source.sql('INSERT INTO public.log (account, amount) SELECT 1, n FROM generate_series(1, 50) AS n');
      await alarmOf(lab, 'cdc.uncaptured:public.log');
      expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal')).stderr).toContain('its changes are not captured');
      await adoptAll();
      await lab.source.sql('INSERT INTO public.log (account, amount) SELECT 2, n FROM generate_series(1, 50) AS n');
      expect(await left()).toEqual([]);
      expect(await uncaptured(lab)).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'one that asks for no updates, though its sentinels do not come either, is whole once its tables were adopted',
    async () => {
      await onTarget(LESS[engine][1], ...AGAIN[engine]);
      await lab.source.sql("UPDATE public.accounts SET note = 'missed' WHERE id < 20");
      await alarmOf(lab, 'cdc.uncaptured:public.accounts');
      await adoptAll();
      await lab.source.sql(
        "UPDATE public.accounts SET note = 'after' WHERE id < 10; DELETE FROM public.big WHERE id = 2",
      );
      expect(await left()).toEqual([]);
    },
    STORY_MS,
  );
});
