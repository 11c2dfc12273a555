import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {contextOn} from '../../support/lab-context.ts';
import {readSentinelsSince, writeSentinels} from '../../../src/pg/capture/sentinels.ts';
import {
  AGAIN,
  adoptAll,
  alarmOf,
  capturing,
  compareOwed,
  differing,
  ended,
  ENGINES,
  NIGHTLY,
  over,
  told,
  uncaptured,
  WRITE,
  type Subscribing,
} from './story.ts';

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
/** What takes the sentinels from what captures them, by SQL on the source. */
const SENTINEL_OUT: Readonly<Record<Subscribing, string>> = {
  native: 'ALTER PUBLICATION lh_01 DROP TABLE longhaul_cdc.lh_01',
  pglogical:
    "SELECT pglogical.replication_set_remove_table('lh_01', 'longhaul_cdc.lh_01'); SELECT pglogical.replication_set_remove_table('ilh_01', 'longhaul_cdc.lh_01')",
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

  test(
    'a table that comes while the target is away is told all the same, and is adopted once that is back',
    async () => {
      await lab.target.stop('immediate');
      await lab.source.sql(
        'CREATE TABLE public.meanwhile (id integer PRIMARY KEY); ALTER TABLE public.meanwhile OWNER TO app_owner; INSERT INTO public.meanwhile SELECT generate_series(1, 100)',
      );
      await told(lab, 'public.meanwhile');
      await lab.target.start();
      await differing(lab);
      await adoptAll(lab);
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
      await adoptAll(lab);
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
      await adoptAll(lab);
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
      await over(lab, 'cdc.quiet');
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
      await lab.source.sql("SELECT pglogical.replication_set_remove_table('ilh_01', 'public.whole')");
      await alarmOf(lab, 'cdc.uncaptured:public.whole');
      const {stderr} = await longhaul(lab, 'adopt', 'public.whole', '--yes', 'rehearsal');
      expect(stderr).toContain('public.whole is a plain table on the source and none on the target');
      await onTarget(
        `BEGIN; ALTER TABLE public.whole DETACH PARTITION public.whole_1; DROP TABLE public.whole; ALTER TABLE public.whole_1 RENAME TO whole; COMMIT`,
      );
      await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
      await lab.source.sql("INSERT INTO public.whole VALUES (7000, 'after')");
      await adoptAll(lab);
      await lab.source.sql("INSERT INTO public.whole VALUES (7001, 'adopted')");
      expect(await differing(lab)).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'sentinels that are taken out of what captures them are told, and are taken in as a table is; until then nothing else of the slot can be',
    async () => {
      await lab.source.sql(SENTINEL_OUT[engine]);
      await alarmOf(lab, 'cdc.uncaptured:longhaul_cdc.lh_01');
      const ctx = await contextOn(lab);
      await (await ctx.session('source')).run(writeSentinels(['lh_01']));
      await ctx.close();
      await adoptAll(lab);
      expect(await differing(lab)).toEqual([]);
      expect(await uncaptured(lab)).toEqual([]);
      // What was missing of them might have been missing of others.
      expect((await stateOf(lab)).capture.owed.length).toBeGreaterThan(0);
      await compareOwed(lab);
      expect((await stateOf(lab)).capture.owed).toEqual([]);
      await over(lab, 'cdc.sentinels');
    },
    2 * STORY_MS,
  );

  test(
    'a sentinels’ table that is dropped, on the source or on the target, is made anew by what takes it in',
    async () => {
      await lab.source.sql('DROP TABLE longhaul_cdc.lh_01 CASCADE');
      await alarmOf(lab, 'cdc.uncaptured:longhaul_cdc.lh_01');
      await adoptAll(lab);
      expect(await differing(lab)).toEqual([]);
      await onTarget('DROP TABLE longhaul_cdc.lh_01');
      expect((await alarmOf(lab, 'probe.stale:cdc')).seen).toContain('longhaul adopt longhaul_cdc.SLOT');
      await mustEndWell(lab, 'adopt', 'longhaul_cdc.lh_01', '--yes', 'rehearsal');
      expect(await differing(lab)).toEqual([]);
      expect(await uncaptured(lab)).toEqual([]);
      await compareOwed(lab);
      await over(lab, 'cdc.sentinels');
    },
    2 * STORY_MS,
  );

  test(
    'a sentinel that somebody writes on the target is told, hides no other alarm, and goes by what the alarm says',
    async () => {
      await onTarget('INSERT INTO longhaul_cdc.lh_01 SELECT max(n) + 1, now() FROM longhaul_cdc.lh_01');
      const {seen, remedy} = await alarmOf(lab, 'cdc.sentinels:lh_01');
      expect(seen).toContain('1 sentinel more');
      expect(remedy).toContain('longhaul adopt longhaul_cdc.lh_01 --yes rehearsal');
      await mustEndWell(lab, 'cdc', 'pause', 'lh_01');
      await alarmOf(lab, 'cdc.paused:lh_01');
      await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
      await mustEndWell(lab, 'adopt', 'longhaul_cdc.lh_01', '--yes', 'rehearsal');
      expect(await differing(lab)).toEqual([]);
      await compareOwed(lab);
      await over(lab, 'cdc.sentinels');
    },
    2 * STORY_MS,
  );

  test(
    'a subscription that asks for less than it was made for is told by its tables, and asks for all again before the first of them is adopted',
    async () => {
      await onTarget(LESS[engine][0], ...AGAIN[engine]);
      await lab.source.sql('INSERT INTO public.log (account, amount) SELECT 1, n FROM generate_series(1, 50) AS n');
      await alarmOf(lab, 'cdc.uncaptured:public.log');
      expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal')).stderr).toContain('its changes are not captured');
      await adoptAll(lab);
      await lab.source.sql('INSERT INTO public.log (account, amount) SELECT 2, n FROM generate_series(1, 50) AS n');
      expect(await differing(lab)).toEqual([]);
      expect(await uncaptured(lab)).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'one that asks for no updates, and no sentinels, is whole with these once its tables were adopted and compared',
    async () => {
      await onTarget(LESS[engine][1], ...AGAIN[engine]);
      await lab.source.sql("UPDATE public.accounts SET note = 'missed' WHERE id < 20");
      // Its alarm of the story before may still be raised.
      await told(lab, 'public.accounts');
      await adoptAll(lab);
      await lab.source.sql(
        "UPDATE public.accounts SET note = 'after' WHERE id < 10; DELETE FROM public.big WHERE id = 2",
      );
      expect(await differing(lab)).toEqual([]);
      await compareOwed(lab);
      expect((await stateOf(lab)).capture.owed).toEqual([]);
      await over(lab, 'cdc.sentinels');
    },
    STORY_MS,
  );
});
