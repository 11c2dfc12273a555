import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Finding} from '../../../src/domain/run/finding.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {connectTo, run} from '../../support/application.ts';
import {carryOut} from '../../support/carry-out.ts';
import {untilReplayed} from '../../support/replayed.ts';
import {checked, findingOf} from '../../support/checked.ts';

const SOURCE = `
  CREATE SCHEMA shop; SET search_path = shop; GRANT USAGE ON SCHEMA shop TO app;
  CREATE TABLE kinds (k text PRIMARY KEY) TABLESPACE fast; INSERT INTO kinds VALUES ('new'), ('paid');
  CREATE FUNCTION known_kind(text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT EXISTS (SELECT 1 FROM kinds WHERE k = $1) $$;
  CREATE TABLE orders (id serial PRIMARY KEY, kind text CHECK (known_kind(kind))); INSERT INTO orders (kind) VALUES ('new');
  CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
  CREATE FUNCTION fold_kind(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN fold($1); END $$;
  CREATE FUNCTION is_kind(text) RETURNS boolean LANGUAGE plpgsql STABLE STRICT AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM kinds WHERE k = $1); END $$;
  CREATE DOMAIN kind AS text CHECK (is_kind(VALUE)); CREATE DOMAIN known AS kind CHECK (VALUE <> '');
  CREATE TABLE marks (id serial PRIMARY KEY, of known[]); INSERT INTO marks (of) VALUES (NULL), (ARRAY['new']::known[]);
  CREATE TYPE label AS (n int, of known); CREATE TYPE labels AS RANGE (subtype = kind); CREATE TABLE labelled (id serial PRIMARY KEY, l label, r labels); INSERT INTO labelled (l, r) VALUES (ROW(1, 'new')::label, labels('new', 'paid'));
  CREATE FUNCTION bucket(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN fold($1); END $$;
  CREATE TABLE parts (k text) PARTITION BY LIST (bucket(k)); CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a'); INSERT INTO parts VALUES ('A');
  CREATE FUNCTION shown(text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN fold($1); END $$;
  CREATE VIEW folded AS SELECT shown(k) AS k FROM kinds; CREATE MATERIALIZED VIEW folded_kinds AS SELECT k FROM folded;
  CREATE INDEX orders_kind ON orders (fold_kind(kind)); GRANT SELECT, INSERT ON orders, kinds TO app; GRANT USAGE ON SEQUENCE orders_id_seq TO app;
  CREATE FUNCTION public.plpgsql_call_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
  CREATE PUBLICATION everything FOR ALL TABLES;
  ALTER DATABASE app SET search_path = shop, public`;

const GEO = `
  CREATE SCHEMA geo; CREATE EXTENSION cube SCHEMA geo; CREATE EXTENSION earthdistance SCHEMA geo; SET search_path = public, geo;
  CREATE TABLE places (id int PRIMARY KEY, lat float8, lng float8); INSERT INTO places VALUES (1, 1, 2);
  ALTER TABLE places ADD pos earth GENERATED ALWAYS AS (ll_to_earth(lat, lng)) STORED; ALTER DATABASE app SET search_path = public, geo, shop`;

describe('what check says of functions, of superusers and of what stays behind', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: false, tablespace: 'fast'});
    await lab.source.sql(SOURCE);
    await untilReplayed(lab);
  });
  afterAll(async () => lab.stop());

  async function named(): Promise<Finding | undefined> {
    return (await checked(lab)).find(({check: id}) => id === 'data.names-of-indexes');
  }

  async function broken(): Promise<Finding | undefined> {
    return (await checked(lab)).find(({check: id}) => id === 'data.rows-break-checks');
  }

  async function pathRemedy(): Promise<string | undefined> {
    return (await checked(lab)).find(({check: id}) => id === 'source.function-search-path')?.remedy;
  }

  test('constraint, index and their functions are named, with what only a superuser may create, tablespaces and publications', async () => {
    const findings = await checked(lab);
    const told = (id: string, severity: Finding['severity']): string | undefined =>
      findings.find((one) => one.check === id && one.severity === severity)?.seen;
    expect(told('source.function-search-path', 'blocker')).toContain(
      'check orders_kind_check of shop.orders, which calls shop.known_kind(text): relation "kinds" does not exist',
    );
    const rows = told('source.function-search-path', 'blocker');
    expect(rows).toContain('domain kind_check of shop.known, column of of shop.marks, which calls shop.is_kind(text)');
    expect(rows).toContain(
      'domain kind_check of shop.kind in shop.label, column l of shop.labelled, which calls shop.is_kind(text)',
    );
    expect(rows).toContain('domain kind_check of shop.kind in shop.labels, column r of shop.labelled');
    expect(rows).toContain('partition key shop.parts, which calls shop.bucket(text)');
    const later = told('source.function-search-path', 'warning');
    expect(later).toContain('index orders_kind of shop.orders, which calls shop.fold_kind(text)');
    // Through the view that it reads.
    expect(later).toContain('materialized view shop.folded_kinds, which calls shop.shown(text)');
    expect(told('source.superuser-objects', 'blocker')).toContain(
      'function public.plpgsql_call_handler() (in language c)',
    );
    expect(told('source.left-behind', 'note')).toContain('everything');
    expect(told('source.tablespaces', 'note')).toContain(
      '1 tables, indexes and materialized views are in tablespaces (fast: 1)',
    );
  });

  test('their remedies, carried out to the letter, help, and the application goes on', async () => {
    const remedies = (await checked(lab)).filter(({check: id}) => /function-search-path|superuser-objects/.test(id));
    const session = await connectTo(lab.source, {user: 'app', database: 'app'});
    const work = async (): Promise<void> => run(session, "INSERT INTO orders (kind) VALUES ('paid')");
    const application = {work, reconnect: work, end: work};
    const acts = [];
    for (const {remedy} of remedies) acts.push(...(await carryOut(lab, remedy, {application})));
    await session.end();
    expect(acts).toHaveLength(6);
    await untilReplayed(lab);
    const left = (await checked(lab)).map(({check: id}) => id);
    expect(left.filter((id) => /function-search-path|superuser-objects/.test(id))).toEqual([]);
  });
  test('rows that name an index are found, and are well as text; those that name tables are', async () => {
    await lab.source.sql(`
      SET search_path = public; CREATE TABLE named (id int PRIMARY KEY, c regclass, l regclass[]); CREATE TABLE of_tables (c regclass);
      INSERT INTO of_tables VALUES ('named'), (NULL), (99999); INSERT INTO named VALUES (1, 'named', '{named}'), (2, NULL, '{named,named_pkey}')`);
    await untilReplayed(lab);
    const first = await named();
    expect(first).toMatchObject({
      severity: 'blocker',
      seen: expect.stringMatching(/ refuses these rows: public\.named \(l\)$/),
    });
    const [, sql = ''] = /^on the source: (ALTER TABLE [^;]*); it rewrites/.exec(first?.remedy ?? '') ?? [];
    await lab.source.sql(sql);
    await untilReplayed(lab);
    expect(await named()).toBeUndefined();
  });

  test('rows that break a valid check are found, until it is NOT VALID; of a child it is its parent that is asked', async () => {
    await lab.source.sql(`
      SET search_path = public; CREATE FUNCTION fits(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
      CREATE TABLE "Tokens" (id int PRIMARY KEY, size int, CONSTRAINT "not ""over""" CHECK (now() > '2001-01-01' AND size < 5)) PARTITION BY LIST (id);
      CREATE TABLE tokens_1 PARTITION OF "Tokens" FOR VALUES IN (1); CREATE TABLE tokens_2 PARTITION OF "Tokens" FOR VALUES IN (2);
      CREATE TABLE codes (code text, CONSTRAINT fine CHECK (length(code) > 0), CONSTRAINT code_fits CHECK (public.fits(code)));
      INSERT INTO "Tokens" VALUES (1, 1), (2, 1); INSERT INTO codes VALUES ('long'), (NULL)`);
    await untilReplayed(lab);
    expect(await broken()).toBeUndefined();
    // As a clock that has gone on leaves it: valid, and not true.
    await lab.source.sql(`
      SET search_path = public; CREATE OR REPLACE FUNCTION fits(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) < 3';
      ALTER TABLE "Tokens" DROP CONSTRAINT "not ""over"""; UPDATE "Tokens" SET size = 7 WHERE id = 2;
      ALTER TABLE "Tokens" ADD CONSTRAINT "not ""over""" CHECK (now() > '2001-01-01' AND size < 5) NOT VALID;
      UPDATE pg_constraint SET convalidated = true WHERE conname = 'not "over"'`);
    await untilReplayed(lab);
    const first = await broken();
    expect(first?.severity).toBe('blocker');
    expect(first?.seen).toMatch(/ refuses the table: .*not "over" of public\.tokens_2/);
    expect(first?.seen).toContain('code_fits of public.codes');
    expect(first?.seen).not.toMatch(/tokens_1|fine/);
    const [, sql = ''] = /^on the source: (ALTER TABLE .* NOT VALID); such a check/.exec(first?.remedy ?? '') ?? [];
    expect(sql).toContain('ALTER TABLE "public"."Tokens" DROP CONSTRAINT "not ""over"""');
    await lab.source.sql(sql);
    await untilReplayed(lab);
    expect(await broken()).toBeUndefined();
  });

  test('values that break the check of a domain are found, also inside of a type, until it is NOT VALID', async () => {
    await lab.source.sql(`
      SET search_path = public; CREATE FUNCTION coded(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
      CREATE DOMAIN "Code" AS text CONSTRAINT short CHECK (VALUE <> '') CONSTRAINT is_coded CHECK (public.coded(VALUE)); CREATE DOMAIN of_code AS "Code";
      CREATE TABLE tagged (id int PRIMARY KEY, c of_code, l "Code"[]); INSERT INTO tagged VALUES (1, 'long', '{a,long}'), (2, NULL, NULL)`);
    await untilReplayed(lab);
    expect(await broken()).toBeUndefined();
    await lab.source.sql(
      "CREATE OR REPLACE FUNCTION public.coded(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) < 3'",
    );
    await untilReplayed(lab);
    const first = await broken();
    expect(first?.severity).toBe('blocker');
    expect(first?.seen).toContain(
      'is_coded of domain Code, column c of public.tagged, is_coded of domain Code, column l of public.tagged',
    );
    const [, sql = ''] = /^on the source: (ALTER DOMAIN .* NOT VALID); such a check/.exec(first?.remedy ?? '') ?? [];
    await lab.source.sql(sql);
    await untilReplayed(lab);
    expect(await broken()).toBeUndefined();
  });

  test('a shell of a type is called one', async () => {
    await lab.source.sql('CREATE TYPE public.hollow');
    expect((await findingOf(lab, 'source.superuser-objects'))?.seen).toContain(
      'shell type public.hollow (a name that no type was made of)',
    );
    await lab.source.sql('DROP TYPE public.hollow');
  });

  test('generated columns that would be others today are found, and are well as they are computed anew', async () => {
    await lab.source.sql(`
      SET search_path = public; CREATE FUNCTION priced(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
      CREATE TABLE goods (id int PRIMARY KEY, n int, "the price" int GENERATED ALWAYS AS (public.priced(n)) STORED, twice int GENERATED ALWAYS AS (n * 2) STORED);
      INSERT INTO goods VALUES (1, 1), (2, NULL), (3, 0)`);
    await untilReplayed(lab);
    expect(await findingOf(lab, 'data.generated-columns-stale')).toBeUndefined();
    await lab.source.sql(
      "CREATE OR REPLACE FUNCTION public.priced(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 3'",
    );
    await untilReplayed(lab);
    const first = await findingOf(lab, 'data.generated-columns-stale');
    expect(first).toMatchObject({severity: 'blocker', seen: expect.stringMatching(/: the price of public\.goods$/)});
    const [, sql = ''] = /^on the source \(.*?\): (UPDATE ONLY .*)$/.exec(first?.remedy ?? '') ?? [];
    await lab.source.sql(sql);
    await untilReplayed(lab);
    expect(await findingOf(lab, 'data.generated-columns-stale')).toBeUndefined();
    expect(await lab.source.sql('SELECT id, "the price" FROM public.goods ORDER BY 1')).toEqual([
      ['1', '3'],
      ['2', ''],
      ['3', '0'],
    ]);
  });

  test('a check that writes is found, and is no longer there as it is dropped', async () => {
    await lab.source.sql(`
      SET search_path = public; CREATE TABLE audit (what text);
      CREATE FUNCTION noted(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.audit VALUES ($1); RETURN true; END $$;
      CREATE TABLE watched (v text, CONSTRAINT is_noted CHECK (public.noted(v))); INSERT INTO watched VALUES ('a')`);
    await untilReplayed(lab);
    expect(await findingOf(lab, 'source.function-writes')).toMatchObject({
      severity: 'blocker',
      seen: expect.stringContaining('check is_noted of public.watched, which calls public.noted(text)'),
      remedy: expect.stringMatching(/^drop the constraint or view on the source /),
    });
    await lab.source.sql('ALTER TABLE public.watched DROP CONSTRAINT is_noted');
    await untilReplayed(lab);
    expect(await findingOf(lab, 'source.function-writes')).toBeUndefined();
  });

  test('partitions by the hash of an enum are found, at any depth of the type; those by list, range or the hash of a text are well', async () => {
    await lab.source.sql(`
      SET search_path = public; CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN moods AS mood[];
      CREATE TABLE by_mood (m mood) PARTITION BY HASH (m); CREATE TABLE by_mood_0 PARTITION OF by_mood FOR VALUES WITH (MODULUS 1, REMAINDER 0) PARTITION BY LIST (m);
      CREATE TABLE by_moods (i int, m moods) PARTITION BY HASH (i, m); CREATE TABLE by_moods_0 PARTITION OF by_moods FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      CREATE TABLE by_class (c regclass) PARTITION BY HASH (c); CREATE TABLE by_class_0 PARTITION OF by_class FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      CREATE TABLE by_text (m mood, t text) PARTITION BY HASH (t); CREATE TABLE by_text_0 PARTITION OF by_text FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      CREATE TABLE by_list (m mood) PARTITION BY LIST (m); CREATE TABLE by_list_a PARTITION OF by_list FOR VALUES IN ('a');
      CREATE TABLE by_range (m mood) PARTITION BY RANGE (m); CREATE TABLE by_range_a PARTITION OF by_range FOR VALUES FROM ('a') TO ('b')`);
    const told = (await checked(lab)).find(({check: id}) => id === 'data.hash-of-oids');
    expect(told).toMatchObject({
      severity: 'blocker',
      seen: expect.stringMatching(/ \(public\.by_class_0, public\.by_mood_0, public\.by_moods_0\)$/),
    });
  });

  test('an expression that takes a whole row finds it', async () => {
    const before = (await checked(lab)).find(({check: id}) => id === 'source.function-search-path');
    await lab.source.sql(`
      SET search_path = public; CREATE TABLE whole (id int, whole text); INSERT INTO whole VALUES (1, 'w');
      CREATE FUNCTION of_whole(whole) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.id > 0'; CREATE INDEX whole_i ON whole (public.of_whole(whole.*));
      ALTER TABLE whole ADD CONSTRAINT whole_c CHECK (public.of_whole(whole.*))`);
    await untilReplayed(lab);
    expect((await checked(lab)).find(({check: id}) => id === 'source.function-search-path')).toEqual(before);
  });

  test('one of an extension is called through one of its own, which the load finds', async () => {
    await lab.source.sql(GEO);
    await untilReplayed(lab);
    const [, path = ''] =
      /^an extension makes geo\.ll_to_earth\(.*\) anew on the target, .* call it through a function of your own that has (SET search_path = [^;]*), or leave the table out/.exec(
        (await pathRemedy()) ?? '',
      ) ?? [];
    expect(path).toBe('SET search_path = geo, public, shop');
    await lab.source.sql(`
      CREATE FUNCTION public.place(float8, float8) RETURNS geo.earth LANGUAGE sql IMMUTABLE ${path} AS 'SELECT geo.ll_to_earth($1, $2)';
      ALTER TABLE places DROP pos; ALTER TABLE places ADD pos geo.earth GENERATED ALWAYS AS (public.place(lat, lng)) STORED`);
    await untilReplayed(lab);
    expect(await pathRemedy()).toBeUndefined();
  });
});
