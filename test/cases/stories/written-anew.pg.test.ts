import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Finding} from '../../../src/domain/run/finding.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {untilReplayed} from '../../support/replayed.ts';
import {checked, findingOf} from '../../support/checked.ts';

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

    test('a check that hangs on a setting of the database is asked as the database has it', async () => {
      await lab.source.sql(
        `ALTER DATABASE app SET timezone = 'Pacific/Kiritimati'; ALTER DATABASE app SET datestyle = 'German, DMY'`,
      );
      await lab.source.sql(`
      SET search_path = public; CREATE DOMAIN german AS date CHECK (VALUE::text ~ '^[0-9]{2}[.]'); CREATE TABLE dated (at timestamptz, d date, g german, CONSTRAINT of_day CHECK (at::date = d));
      INSERT INTO dated SELECT x, x::date, x::date FROM (SELECT timestamptz '2024-01-01 05:00:00+00' + i * interval '1 h' AS x FROM generate_series(1, 48) i) AS y`);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'data.rows-break-checks')).toBeUndefined();
      await lab.source.sql('ALTER DATABASE app RESET ALL');
      await untilReplayed(lab);
      expect((await findingOf(lab, 'data.rows-break-checks'))?.seen).toMatch(
        /of_day of public\.dated, german_check of domain german/,
      );
      await lab.source.sql('DROP TABLE public.dated; DROP DOMAIN public.german');
    });

    test('values that no server reads in again are found, until their columns have a type that is', async () => {
      await lab.source.sql(`
      SET search_path = public; CREATE TABLE "Audit" (id int PRIMARY KEY, "a tree" pg_node_tree, f regproc, o regoper, c regclass);
      CREATE TABLE unread AS SELECT relname, relpartbound, 'pg_backend_pid'::regproc AS f FROM pg_class WHERE relpartbound IS NULL;
      INSERT INTO "Audit" (id, f, c) VALUES (2, 'pg_backend_pid', 'pg_type')`);
      await untilReplayed(lab);
      // What has no value of it, and what is one of its name, comes through.
      expect(await findingOf(lab, 'data.values-refused')).toBeUndefined();
      await lab.source.sql(`
      SET search_path = public; CREATE TABLE defaults (n int DEFAULT 7); INSERT INTO "Audit" SELECT 3, adbin, 'lower(text)'::regprocedure, '+(int4,int4)'::regoperator, NULL FROM pg_attrdef LIMIT 1`);
      await untilReplayed(lab);
      const first = await findingOf(lab, 'data.values-refused');
      expect(first).toMatchObject({
        severity: 'blocker',
        seen: expect.stringMatching(
          /: public\."Audit" \(a tree, pg_node_tree\), public\."Audit" \(f, regproc\), public\."Audit" \(o, regoper\)$/,
        ),
      });
      const [, sql = ''] = /^on the source: (ALTER TABLE .*); it rewrites/.exec(first?.remedy ?? '') ?? [];
      await lab.source.sql(sql);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'data.values-refused')).toBeUndefined();
      expect(await lab.source.sql('SELECT f, o FROM public."Audit" WHERE id = 3')).toEqual([
        ['lower(text)', '+(integer,integer)'],
      ]);
      await lab.source.sql('DROP TABLE public."Audit", public.unread, public.defaults');
    });

    test('rows that are NULL in a column that is NOT NULL are found, and no others, until NOT NULL is off it', async () => {
      await lab.source.sql(`
      SET search_path = public; CREATE DOMAIN code AS text NOT NULL; CREATE DOMAIN "Code 2" AS code;
      CREATE TABLE parent (id int, "the v" text, w text, filled text); CREATE TABLE child (c "Code 2") INHERITS (parent);
      INSERT INTO child SELECT i, NULL, NULL, NULL, (SELECT c FROM child WHERE false) FROM generate_series(1, 100) i; ANALYZE child, parent`);
      await untilReplayed(lab);
      const both = await findingOf(lab, 'data.nulls-under-not-null');
      expect([both?.severity, both?.seen]).toEqual(['blocker', expect.stringMatching(/: c of public\.child$/)]);
      await lab.source.sql(`UPDATE public.child SET filled = 'x';
        UPDATE pg_attribute SET attnotnull = true WHERE attname IN ('the v', 'filled') AND attrelid IN ('public.parent'::regclass, 'public.child'::regclass)`);
      await untilReplayed(lab);
      const first = await findingOf(lab, 'data.nulls-under-not-null');
      expect(first?.seen).toMatch(/: the v of public\.child, c of public\.child$/);
      const [, sql = ''] = /^on the source: (ALTER .*); or give/.exec(first?.remedy ?? '') ?? [];
      expect(sql).toBe(
        'ALTER TABLE "public"."parent" ALTER COLUMN "the v" DROP NOT NULL; ALTER DOMAIN "public"."code" DROP NOT NULL',
      );
      await lab.source.sql(sql);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'data.nulls-under-not-null')).toBeUndefined();
      await lab.source.sql('DROP TABLE public.parent CASCADE; DROP DOMAIN public.code CASCADE');
    });

    test('operators that are found by search_path where a dump is restored are named, and not those that are written with their schema', async () => {
      await lab.source.sql(`
      SET search_path = public; CREATE EXTENSION citext; CREATE TABLE "Said" (id int PRIMARY KEY, c citext, t text, CONSTRAINT is_other CHECK (c IS DISTINCT FROM 'none'), CHECK (t IS DISTINCT FROM 'x'), CHECK (c <> 'no'));
      CREATE VIEW joined AS SELECT id FROM "Said" JOIN "Said" AS other USING (c, id); CREATE VIEW cased AS SELECT CASE c WHEN 'a' THEN 1 END AS n FROM "Said"; CREATE VIEW plain AS SELECT id, c = 'a' AS e, c IN ('a', 'b') AS i FROM "Said" ORDER BY c;
      CREATE INDEX nulled ON "Said" (id) WHERE NULLIF(c, 'a') IS NULL; CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER changed AFTER UPDATE ON "Said" FOR EACH ROW WHEN (OLD.c IS DISTINCT FROM NEW.c) EXECUTE FUNCTION touch(); CREATE TRIGGER any_change AFTER UPDATE ON "Said" FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch();
      CREATE POLICY some_only ON "Said" USING (c IS NOT DISTINCT FROM 'a'); ALTER TRIGGER changed ON "Said" DEPENDS ON EXTENSION citext; ALTER INDEX nulled DEPENDS ON EXTENSION citext`);
      await untilReplayed(lab);
      const findings = await checked(lab);
      const told = findings.find(({check}) => check === 'source.operators-by-search-path');
      expect(told?.severity).toBe('warning');
      const names = [
        ...(told?.seen ?? '').matchAll(/(?:small letters\): |; )([^,;]*), public\.=\(public\.citext,public\.citext\)/g),
      ];
      expect(names.map(([, name]) => name)).toEqual([
        'check is_other of public."Said"',
        'index public.nulled',
        'policy some_only of public."Said"',
        'trigger changed of public."Said"',
        'view public.cased',
        'view public.joined',
      ]);
      expect(told?.remedy).toContain('NOT (a OPERATOR(public.=) b)');
      expect(findings.map(({seen}) => seen)).toContainEqual(
        'that an index or a trigger goes with an extension is not copied; on the target, after the load: ALTER INDEX public.nulled DEPENDS ON EXTENSION citext, ALTER TRIGGER changed ON public."Said" DEPENDS ON EXTENSION citext',
      );
      await lab.source.sql('DROP TABLE public."Said" CASCADE; DROP FUNCTION public.touch(); DROP EXTENSION citext');
    });

    test('what is computed of a number that its table has is found, and views over unlogged tables are', async () => {
      await lab.source.sql(`
      SET search_path = public; CREATE TABLE numbered (id int PRIMARY KEY, "of t" oid GENERATED ALWAYS AS (tableoid) STORED, n int CHECK (n > 10000));
      ALTER TABLE numbered ADD CONSTRAINT by_name CHECK (tableoid = 'numbered'::regclass); INSERT INTO numbered (id, n) VALUES (1, 20000);
      CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE own_1 PARTITION OF own FOR VALUES IN (1); INSERT INTO own VALUES (1);
      ALTER TABLE own ADD CONSTRAINT "by number" CHECK (tableoid > 16384);
      CREATE UNLOGGED TABLE kept (id int) ; INSERT INTO kept VALUES (1); CREATE VIEW over_it AS SELECT * FROM kept; CREATE MATERIALIZED VIEW "seen it" AS SELECT count(*) AS n FROM over_it;
      CREATE TABLE above (id int); ALTER TABLE kept INHERIT above; CREATE MATERIALIZED VIEW of_family AS SELECT count(*) AS n FROM above; CREATE MATERIALIZED VIEW of_others AS SELECT count(*) AS n FROM numbered;
      CREATE MATERIALIZED VIEW none AS SELECT * FROM kept WITH NO DATA; CREATE FUNCTION how_many() RETURNS bigint LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT count(*) FROM public.kept); END';
      CREATE MATERIALIZED VIEW by_function AS SELECT public.how_many() AS n; CREATE TABLE counted (id int, CONSTRAINT has_some CHECK (public.how_many() > 0)); INSERT INTO counted VALUES (1)`);
      await untilReplayed(lab);
      const findings = await checked(lab);
      const told = (id: string): Finding | undefined => findings.find(({check}) => check === id);
      expect(told('data.generated-by-oid')).toMatchObject({
        severity: 'blocker',
        seen: expect.stringMatching(/\(public\.numbered\)$/),
      });
      expect(told('data.check-by-oid')).toMatchObject({
        severity: 'blocker',
        seen: expect.stringMatching(/\(public\.own\)$/),
      });
      expect(told('data.unlogged-views')).toMatchObject({
        severity: 'warning',
        seen: expect.stringMatching(/\(public\.of_family, public\."seen it"\)$/),
        remedy: expect.stringContaining(
          'on the target: REFRESH MATERIALIZED VIEW "public"."of_family"; REFRESH MATERIALIZED VIEW "public"."seen it"; behind',
        ),
      });
      const reading = findings.filter(({check}) => check === 'source.function-reads-unlogged');
      expect(reading.map(({severity, seen}) => [severity, seen.replace(/^.*?: /, '')])).toEqual([
        ['blocker', 'check has_some of public.counted, which calls public.how_many()'],
        ['warning', 'materialized view public.by_function, which calls public.how_many()'],
      ]);
      for (const id of ['data.generated-by-oid', 'data.check-by-oid'])
        await carryOut(lab, told(id)?.remedy ?? '', {application: null});
      await untilReplayed(lab);
      const left = (await checked(lab)).map(({check}) => check);
      expect(left.filter((id) => /by-oid/.test(id))).toEqual([]);
      await lab.source.sql(
        'DROP TABLE public.numbered, public.own, public.kept, public.above, public.counted CASCADE; DROP FUNCTION public.how_many() CASCADE',
      );
    });

    test('what belongs to a role that is no more is found, until it belongs to one that is; and what such a one may do is told', async () => {
      await lab.source.sql(`
      CREATE ROLE gone; CREATE ROLE stays; CREATE SCHEMA "Their's" AUTHORIZATION gone; SET search_path = "Their's"; CREATE TABLE t (id int, v text); ALTER TABLE t OWNER TO gone;
      CREATE AGGREGATE most (int) (sfunc = int4larger, stype = int); ALTER AGGREGATE most (int) OWNER TO gone; CREATE TYPE pair AS (a int); ALTER TYPE pair OWNER TO gone;
      CREATE STATISTICS st ON id, v FROM t; ALTER STATISTICS st OWNER TO gone; CREATE TABLE public.granted (id int, c int); GRANT SELECT (c) ON public.granted TO gone, stays`);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'source.owners-gone')).toBeUndefined();
      await lab.source.sql("DELETE FROM pg_authid WHERE rolname = 'gone'");
      await untilReplayed(lab);
      const findings = await checked(lab);
      const first = findings.find(({check}) => check === 'source.owners-gone');
      expect(first?.severity).toBe('blocker');
      expect(first?.seen).toMatch(
        /: aggregate "Their's"\.most\(integer\), schema "Their's", statistics "Their's"\.st, table "Their's"\.t, type "Their's"\.pair$/,
      );
      expect(
        findings.filter(({seen}) => /no more have privileges on these.*: table public\.granted$/.test(seen)),
      ).toHaveLength(1);
      const acts = await carryOut(lab, first?.remedy ?? '', {application: null});
      expect(acts).toHaveLength(5);
      await untilReplayed(lab);
      expect(await findingOf(lab, 'source.owners-gone')).toBeUndefined();
      await lab.source.sql('DROP SCHEMA "Their\'s" CASCADE; DROP TABLE public.granted; DROP ROLE stays');
    });
  },
);
