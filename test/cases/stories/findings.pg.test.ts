import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Finding} from '../../../src/domain/run/finding.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {connectTo, run} from '../../support/application.ts';
import {carryOut} from '../../support/carry-out.ts';
import {eventually, longhaul} from '../../support/longhaul.ts';

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
    await untilReplayed();
  });
  afterAll(async () => lab.stop());

  async function untilReplayed(): Promise<void> {
    const [[lsn = ''] = []] = await lab.source.sql('SELECT pg_current_wal_insert_lsn()');
    await eventually('the standby', async () => {
      const [[is] = []] = await lab.replica.sql(`SELECT pg_last_wal_replay_lsn() >= '${lsn}'`);
      return is === 't' ? true : null;
    });
  }

  async function check(): Promise<Finding[]> {
    const {stdout} = await longhaul(lab, 'check', '--json');
    const {findings}: {findings: Finding[]} = JSON.parse(stdout);
    return findings;
  }

  async function named(): Promise<Finding | undefined> {
    return (await check()).find(({check: id}) => id === 'data.names-of-indexes');
  }

  async function pathRemedy(): Promise<string | undefined> {
    return (await check()).find(({check: id}) => id === 'source.function-search-path')?.remedy;
  }

  test('constraint, index and their functions are named, with what only a superuser may create, tablespaces and publications', async () => {
    const findings = await check();
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
    const remedies = (await check()).filter(({check: id}) => /function-search-path|superuser-objects/.test(id));
    const session = await connectTo(lab.source, {user: 'app', database: 'app'});
    const work = async (): Promise<void> => run(session, "INSERT INTO orders (kind) VALUES ('paid')");
    const application = {work, reconnect: work, end: work};
    const acts = [];
    for (const {remedy} of remedies) acts.push(...(await carryOut(lab, remedy, {application})));
    await session.end();
    expect(acts).toHaveLength(6);
    await untilReplayed();
    const left = (await check()).map(({check: id}) => id);
    expect(left.filter((id) => /function-search-path|superuser-objects/.test(id))).toEqual([]);
  });
  test('rows that name an index are found, and are well as text; those that name tables are', async () => {
    await lab.source.sql(`
      SET search_path = public; CREATE TABLE named (id int PRIMARY KEY, c regclass, l regclass[]); CREATE TABLE of_tables (c regclass);
      INSERT INTO of_tables VALUES ('named'), (NULL), (99999); INSERT INTO named VALUES (1, 'named', '{named}'), (2, NULL, '{named,named_pkey}')`);
    await untilReplayed();
    const first = await named();
    expect(first).toMatchObject({
      severity: 'blocker',
      seen: expect.stringMatching(/ refuses these rows: public\.named \(l\)$/),
    });
    const [, sql = ''] = /^on the source: (ALTER TABLE [^;]*); it rewrites/.exec(first?.remedy ?? '') ?? [];
    await lab.source.sql(sql);
    await untilReplayed();
    expect(await named()).toBeUndefined();
  });

  test('one of an extension is called through one of its own, which the load finds', async () => {
    await lab.source.sql(GEO);
    await untilReplayed();
    const [, path = ''] =
      /^an extension makes geo\.ll_to_earth\(.*\) anew on the target, .* call it through a function of your own that has (SET search_path = [^;]*), or leave the table out/.exec(
        (await pathRemedy()) ?? '',
      ) ?? [];
    expect(path).toBe('SET search_path = geo, public, shop');
    await lab.source.sql(`
      CREATE FUNCTION public.place(float8, float8) RETURNS geo.earth LANGUAGE sql IMMUTABLE ${path} AS 'SELECT geo.ll_to_earth($1, $2)';
      ALTER TABLE places DROP pos; ALTER TABLE places ADD pos geo.earth GENERATED ALWAYS AS (public.place(lat, lng)) STORED`);
    await untilReplayed();
    expect(await pathRemedy()).toBeUndefined();
  });
});
