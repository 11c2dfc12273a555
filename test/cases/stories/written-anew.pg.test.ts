import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {untilReplayed} from '../../support/replayed.ts';
import {findingOf} from '../../support/checked.ts';

/** Under a minute: `npm run remedies` and the nightly run have it. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

describe.skipIf(!NIGHTLY)(
  'what check says of rows that are well only for as long as nobody writes them anew (nightly)',
  () => {
    let lab: Lab;

    beforeAll(async () => {
      lab = await startLab({seed: false});
    });
    afterAll(async () => lab.stop());

    test('partitions with rows that would come into another one today are found, and are well once these were moved', async () => {
      await lab.source.sql(`
      SET search_path = public; CREATE FUNCTION bucket(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT length($1) % 2';
      CREATE TABLE "Divided" (id serial, "the v" text, n int) PARTITION BY LIST (public.bucket("the v"));
      CREATE TABLE even PARTITION OF "Divided" FOR VALUES IN (0); CREATE TABLE "odd's" PARTITION OF "Divided" FOR VALUES IN (1) PARTITION BY RANGE (n);
      CREATE TABLE "odd's low" PARTITION OF "odd's" FOR VALUES FROM (0) TO (100); CREATE TABLE others PARTITION OF "Divided" DEFAULT;
      INSERT INTO "Divided" ("the v", n) SELECT repeat('x', i), i FROM generate_series(1, 20) i`);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'data.rows-in-other-partitions')).toBeUndefined();
      await lab.source.sql(
        "CREATE OR REPLACE FUNCTION public.bucket(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT (length($1) + 1) % 2'",
      );
      await untilReplayed(lab);
      const first = await findingOf(lab, 'data.rows-in-other-partitions');
      expect(first?.severity).toBe('blocker');
      expect(first?.seen).toMatch(/: public\.(?:even, public\."odd's low"|"odd's low", public\.even)$/);
      const [, sql = ''] = /^on the source, .*?: (UPDATE .*)$/.exec(first?.remedy ?? '') ?? [];
      await lab.source.sql(sql);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'data.rows-in-other-partitions')).toBeUndefined();
      expect(
        await lab.source.sql('SELECT tableoid::regclass, count(*) FROM public."Divided" GROUP BY 1 ORDER BY 2, 1'),
      ).toEqual([
        ['even', '10'],
        [`"odd's low"`, '10'],
      ]);
      await lab.source.sql('DROP TABLE public."Divided"; DROP FUNCTION public.bucket(text)');
    });

    test('rows that fit no page as they would be written today are found, until their column is stored otherwise', async () => {
      await lab.source.sql(`
      SET search_path = public; CREATE DOMAIN long AS text; CREATE TABLE "Plain" (id int PRIMARY KEY, "the v" long, b bytea, n int);
      INSERT INTO "Plain" SELECT i, repeat('x', 5000), convert_to(repeat('y', 4000), 'UTF8') FROM generate_series(1, 3) i;
      CREATE TABLE short (id int PRIMARY KEY, v text); ALTER TABLE short ALTER v SET STORAGE PLAIN; INSERT INTO short VALUES (1, repeat('x', 8000))`);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'data.rows-fit-no-page')).toBeUndefined();
      await lab.source.sql('ALTER TABLE public."Plain" ALTER "the v" SET STORAGE PLAIN, ALTER b SET STORAGE PLAIN');
      await untilReplayed(lab);
      const first = await findingOf(lab, 'data.rows-fit-no-page');
      expect(first).toMatchObject({severity: 'blocker', seen: expect.stringMatching(/: the v, b of public\."Plain"$/)});
      const [, sql = ''] = /^on the source: (ALTER TABLE .*)$/.exec(first?.remedy ?? '') ?? [];
      await lab.source.sql(sql);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'data.rows-fit-no-page')).toBeUndefined();
      await lab.source.sql('DROP TABLE public."Plain", public.short; DROP DOMAIN public.long');
    });
  },
);
