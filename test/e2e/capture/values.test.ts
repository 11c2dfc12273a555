import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {drained} from '../../support/drained.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {alarmOf, capturing, differing, ended, ENGINES, guardedAgain, NIGHTLY, uncaptured, WRITE} from './story.ts';

const SEED = `
  CREATE TYPE public.mood AS ENUM ('sad', 'glad');
  CREATE TABLE public.moods (id integer PRIMARY KEY, mood public.mood NOT NULL, code integer NOT NULL UNIQUE, big text, twice integer GENERATED ALWAYS AS (id * 2) STORED);
  CREATE TABLE public.owners (id integer PRIMARY KEY);
  CREATE TABLE public.owned (id integer PRIMARY KEY, owner integer REFERENCES public.owners DEFERRABLE INITIALLY DEFERRED);
  CREATE TABLE public.parted (id integer, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
  CREATE TABLE public.parted_1 PARTITION OF public.parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
  CREATE TABLE public.parted_2 PARTITION OF public.parted FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
  INSERT INTO public.moods (id, mood, code, big) SELECT n, 'sad', n, (SELECT string_agg(md5((n * 1000 + j)::text), '') FROM generate_series(1, 300) AS j) FROM generate_series(1, 40) AS n;
  INSERT INTO public.owners SELECT generate_series(1, 20); INSERT INTO public.owned SELECT n, n FROM generate_series(1, 20) AS n;
  INSERT INTO public.parted SELECT n, date '2026-01-01' + n FROM generate_series(0, 57) AS n;
  DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['moods', 'owners', 'owned', 'parted', 'parted_1', 'parted_2'] LOOP EXECUTE 'ALTER TABLE public.' || t || ' OWNER TO app_owner'; END LOOP; END $$;
  ALTER TYPE public.mood OWNER TO app_owner`;
const STORY_MS = 480_000;
const LIMIT_MS = 240_000;

describe.skipIf(!NIGHTLY).each(ENGINES)('values and keys that change while %s captures (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing(engine, {interval: '200ms', before: async (begun) => void (await begun.source.sql(SEED))});
  }, STORY_MS);
  afterAll(async () => ended(lab));

  /** Does it on the source, and carries out what the drift says once it has stopped the slot, or seen it. */
  const followed = async (change: string, about: string): Promise<string[]> => {
    // Each in a transaction of its own: a label is used by none before it is committed.
    for (const statement of change.split('; ')) await lab.source.sql(statement);
    await carryOutDrift(about);
    const left = await differing(lab);
    await eventually('the drift to be over', async () => noDrift(lab), 240_000);
    return left;
  };

  /** All that makes the target follow, once a change of this is told. */
  async function carryOutDrift(about: string): Promise<void> {
    const statements = await eventually(
      `the drift to tell of ${about}`,
      async () => {
        const {changes} = (await stateOf(lab)).schemaDrift;
        return changes.some(({object}) => object.includes(about)) ? changes.map(({statement}) => statement) : null;
      },
      240_000,
    );
    for (const statement of new Set(statements))
      await carryOut(
        lab,
        `on the target, as superuser: SET default_transaction_read_only = off; ${statement ?? 'nothing'}`,
        {application: null},
      );
  }

  test(
    'a label of an enum that is new, or called otherwise, stops the slot at its first row, and passes by what the drift says',
    async () => {
      expect(
        await followed(
          "ALTER TYPE public.mood ADD VALUE 'calm' BEFORE 'glad'; UPDATE public.moods SET mood = 'calm' WHERE id < 5",
          'mood',
        ),
      ).toEqual([]);
      expect(
        await followed(
          "ALTER TYPE public.mood RENAME VALUE 'sad' TO 'low'; UPDATE public.moods SET code = code + 1000 WHERE id > 30",
          'mood',
        ),
      ).toEqual([]);
    },
    2 * STORY_MS,
  );

  test(
    'a column of a wider type, and one that is generated no more, pass by what the drift says; whose rows were written anew is owed a comparison',
    async () => {
      expect(
        await followed(
          'ALTER TABLE public.moods ALTER COLUMN code TYPE bigint; UPDATE public.moods SET code = code + 5000000000 WHERE id < 9',
          'code',
        ),
      ).toEqual([]);
      await alarmOf(lab, 'cdc.owed:public.moods');
      await mustEndWell(lab, 'compare', '--again', 'public.moods');
      expect(
        await followed(
          'ALTER TABLE public.moods ALTER COLUMN twice DROP EXPRESSION; UPDATE public.moods SET twice = 7 WHERE id < 9',
          'twice',
        ),
      ).toEqual([]);
    },
    2 * STORY_MS,
  );

  test(
    'a replica identity by another index, by the whole row, and by the key again: updates of large values that do not change, and of keys that change places, arrive',
    async () => {
      const writes = async (): Promise<void> => {
        await lab.source.sql(
          'UPDATE public.moods SET code = code + 10000; BEGIN; UPDATE public.moods SET id = -id; UPDATE public.moods SET id = 41 + id; COMMIT; DELETE FROM public.moods WHERE id = 3',
        );
      };
      await lab.source.sql('ALTER TABLE public.moods REPLICA IDENTITY USING INDEX moods_code_key');
      await writes();
      expect(await settled()).toEqual([]);
      await lab.source.sql('ALTER TABLE public.moods REPLICA IDENTITY FULL');
      await writes();
      expect(await settled()).toEqual([]);
      await lab.source.sql('ALTER TABLE public.moods REPLICA IDENTITY DEFAULT');
      await writes();
      expect(await settled()).toEqual([]);
    },
    3 * STORY_MS,
  );

  test.runIf(engine === 'native')(
    'a replica identity that was another one for a moment, which nothing but what was written then tells, passes by what cdc skip says',
    async () => {
      await mustEndWell(lab, 'cdc', 'pause', 'lh_01');
      for (const statement of [
        'ALTER TABLE public.moods REPLICA IDENTITY USING INDEX moods_code_key',
        'UPDATE public.moods SET code = code + 10000',
        'ALTER TABLE public.moods REPLICA IDENTITY DEFAULT',
        'UPDATE public.moods SET code = code + 10000',
      ])
        await lab.source.sql(statement);
      await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
      expect(await settled()).toEqual([]);
    },
    2 * STORY_MS,
  );

  /** Whatever has to be done: what the alarms say, until all is applied; the tables that differ then. */
  async function settled(): Promise<string[]> {
    let isOver = false;
    const all = drained(lab).finally(() => {
      isOver = true;
    });
    await eventually(
      'all to be applied',
      async () => {
        if (isOver) return true;
        const {alarms, schemaDrift, capture} = await stateOf(lab);
        for (const {table} of capture.newTables)
          await longhaul(lab, 'adopt', `${table.schema}.${table.name}`, '--yes', 'rehearsal');
        if (alarms.some(({id}) => id.startsWith('cdc.down'))) await mend(schemaDrift.changes[0]?.statement ?? null);
        return null;
      },
      LIMIT_MS,
    );
    await all;
    await guardedAgain(lab);
    for (const table of await uncaptured(lab)) await mustEndWell(lab, 'adopt', table, '--yes', 'rehearsal');
    return differing(lab);
  }

  /** What the drift says, and where it says nothing what the transaction itself says. */
  async function mend(statement: string | null): Promise<void> {
    const remedy =
      statement === null
        ? /^it fails .*/m.exec((await longhaul(lab, 'cdc', 'skip', 'lh_01')).stdout)?.[0]
        : `on the target, as superuser: ${WRITE} ${statement}`;
    if (remedy !== undefined) await carryOut(lab, remedy, {application: null});
  }

  test(
    'rows that only a commit makes whole, and a TRUNCATE that takes those that refer to it, arrive; where a key is in its way, by what cdc skip says',
    async () => {
      await lab.source.sql(
        'BEGIN; INSERT INTO public.owned VALUES (100, 100); INSERT INTO public.owners VALUES (100); UPDATE public.owned SET owner = 100 WHERE id < 5; COMMIT',
      );
      expect(await differing(lab)).toEqual([]);
      await lab.source.sql(
        'TRUNCATE public.owners CASCADE; INSERT INTO public.owners VALUES (7); INSERT INTO public.owned VALUES (7, 7)',
      );
      expect(await settled()).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'a partition that is detached, one that is attached, and one that is new are told, and all is equal once each was followed or adopted',
    async () => {
      await lab.source.sql(
        `ALTER TABLE public.parted DETACH PARTITION public.parted_1; UPDATE public.parted_1 SET id = id + 500;
         CREATE TABLE public.parted_3 PARTITION OF public.parted FOR VALUES FROM ('2026-03-01') TO ('2026-04-01'); ALTER TABLE public.parted_3 OWNER TO app_owner;
         INSERT INTO public.parted VALUES (1, '2026-03-05'), (2, '2026-02-05')`,
      );
      await alarmOf(lab, 'cdc.uncaptured:public.parted_3');
      await mustEndWell(lab, 'adopt', 'public.parted_3', '--yes', 'rehearsal');
      await lab.source.sql(
        "INSERT INTO public.parted VALUES (3, '2026-03-06'); UPDATE public.parted SET id = id + 70 WHERE day > '2026-02-20'",
      );
      expect(await differing(lab)).toEqual([]);
      await carryOutDrift('parted_1');
      await eventually('the drift to be over', async () => noDrift(lab), 240_000);
      // As it was at P, and not as the target has it by now.
      await lab.source.sql(
        "ALTER TABLE public.parted ATTACH PARTITION public.parted_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
      );
      await lab.source.sql('UPDATE public.parted_1 SET id = id + 1000 WHERE id < 510');
      await carryOutDrift('parted_1');
      await eventually('the drift to be over', async () => noDrift(lab), 240_000);
      expect(await differing(lab)).toEqual([]);
      expect(
        await lab.target.sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'public.parted'::regclass"),
      ).toEqual([['3']]);
    },
    2 * STORY_MS,
  );

  test(
    'a large transaction across restarts of the target and of the source arrives once',
    async () => {
      const large = lab.source.sql(
        "INSERT INTO public.log (account, amount) SELECT n % 200, n FROM generate_series(1, 150000) AS n; UPDATE public.accounts SET note = 'across'",
      );
      await lab.target.restart('immediate');
      await large;
      await lab.target.restart('immediate');
      await lab.source.restart('fast');
      expect(await differing(lab)).toEqual([]);
    },
    STORY_MS,
  );
});

async function noDrift(lab: Lab): Promise<true | null> {
  return (await stateOf(lab)).schemaDrift.total === 0 ? true : null;
}
