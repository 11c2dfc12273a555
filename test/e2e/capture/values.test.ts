import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {eventually, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {alarmOf, capturing, differing, ended, ENGINES, NIGHTLY} from './story.ts';

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
});

async function noDrift(lab: Lab): Promise<true | null> {
  return (await stateOf(lab)).schemaDrift.total === 0 ? true : null;
}
