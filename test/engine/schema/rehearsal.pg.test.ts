import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {rehearsed} from '../../../src/engine/schema/copy/rehearse-schema.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {contextOn} from '../../support/lab-context.ts';
import {eventually} from '../../support/longhaul.ts';

describe('the schema is rehearsed in a scratch database of the target', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: false});
  });
  afterAll(async () => lab.stop());

  async function replay(): Promise<void> {
    const [[lsn] = []] = await lab.source.sql('SELECT pg_switch_wal()');
    await eventually('replay', async () => {
      const [[there] = []] = await lab.replica.sql(`SELECT pg_last_wal_replay_lsn() >= '${lsn}'`);
      return there === 't' ? true : null;
    });
  }

  async function rehearse() {
    const ctx = await contextOn(lab);
    try {
      return await rehearsed(ctx);
    } finally {
      await ctx.close();
    }
  }

  async function databases(): Promise<string[]> {
    return (await lab.target.sql("SELECT datname FROM pg_database WHERE datname LIKE 'longhaul_%'")).map(
      ([name]) => name ?? '',
    );
  }

  test('a schema that the target takes has no finding, and nothing is left', async () => {
    await lab.source
      .sql(`CREATE SCHEMA "we;ird"; CREATE TABLE "we;ird".kept (id int PRIMARY KEY, t text CHECK (t <> ''));
      CREATE ROLE reader; CREATE POLICY p ON "we;ird".kept TO reader USING (true); CREATE INDEX ON "we;ird".kept (lower(t))`);
    await replay();
    expect(await rehearse()).toEqual([]);
    expect(await databases()).toEqual([]);
    expect(await lab.target.sql("SELECT FROM pg_namespace WHERE nspname = 'we;ird'")).toEqual([]);
  });

  const BATCHES = [1, 251, 501, 751];

  /** Of a thousand tables, in transactions whose locks fit into any table. */
  async function onEach(statement: string): Promise<void> {
    for (const from of BATCHES)
      await lab.source.sql(
        `DO $$ BEGIN FOR n IN ${from} .. ${from + 249} LOOP EXECUTE format($t$${statement}$t$, n); END LOOP; END $$`,
      );
  }

  test('many keys and many indexes are restored beside each other', async () => {
    await lab.target.sql('ALTER SYSTEM SET max_locks_per_transaction = 1024');
    await lab.target.restart();
    await onEach(
      'CREATE TABLE many_%1$s (id int PRIMARY KEY, t_%1$s text); CREATE INDEX many_%1$s_t ON many_%1$s (t_%1$s)',
    );
    await replay();
    const ctx = await contextOn(lab);
    try {
      expect(await rehearsed(ctx)).toEqual([]);
      const files = await readdir(join(ctx.folder.path, 'schema'));
      expect(files.filter((name) => name.endsWith('-beside.sql')).toSorted()).toEqual([
        'rehearsal-2-beside.sql',
        'rehearsal-3-beside.sql',
      ]);
    } finally {
      await ctx.close();
    }
  });

  test('of very many tables that are alike one is made, and it is told', async () => {
    await onEach('ALTER TABLE many_%1$s RENAME COLUMN t_%1$s TO t');
    // A policy names a role that comes later: then everything is tried, each object on its own.
    await lab.source.sql('DROP POLICY p ON "we;ird".kept');
    await replay();
    const ctx = await contextOn(lab);
    try {
      const findings = await rehearsed(ctx);
      expect(findings.map(({severity, check}) => [severity, check])).toEqual([['note', 'rehearsal.alike']]);
      expect(findings[0]?.seen).toMatch(/^999 tables were not made/);
      const tried = await readFile(join(ctx.folder.path, 'schema', 'rehearsal-1.sql'), 'utf8');
      expect(tried.match(/^CREATE (?:TABLE|INDEX) .*many_.*$/gm)).toHaveLength(2);
    } finally {
      await ctx.close();
    }
    expect(await databases()).toEqual([]);
  });

  // pg_stat_statements_info came with 1.9.
  test('an alike table whose name an extension of the target takes is named', async () => {
    await lab.source.sql(`CREATE EXTENSION pg_stat_statements VERSION '1.8';
      ALTER TABLE many_7 RENAME TO pg_stat_statements_info; ALTER INDEX many_7_pkey RENAME TO pg_stat_statements_info_pkey;
      ALTER INDEX many_7_t RENAME TO pg_stat_statements_info_t`);
    await replay();
    await lab.target.sql('ALTER ROLE longhaul SUPERUSER');
    const findings = await rehearse();
    await lab.target.sql('ALTER ROLE longhaul NOSUPERUSER');
    await lab.source.sql('DROP EXTENSION pg_stat_statements; ALTER TABLE pg_stat_statements_info RENAME TO many_7');
    await onEach('DROP TABLE many_%1$s');
    expect(findings.filter(({severity}) => severity === 'blocker').map(({seen}) => seen)).toEqual([
      expect.stringMatching(/TABLE public\.pg_stat_statements_info: .*\(42P07/),
    ]);
    expect(findings.map(({check}) => check)).not.toContain('rehearsal.alike');
  });

  test.runIf(process.env['LONGHAUL_NIGHTLY'] !== undefined)(
    'alike tables that the target refuses are all counted',
    async () => {
      await lab.source.sql(
        "CREATE FUNCTION raw_hash(text) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'hashtext'",
      );
      await onEach('CREATE TABLE many_%1$s (id int PRIMARY KEY, t text CHECK (public.raw_hash(t) > 0))');
      await replay();
      const findings = await rehearse();
      expect(findings[0]?.seen).toContain('FUNCTION public.raw_hash');
      // A thousand tables and their keys.
      expect(findings.find(({check}) => check === 'rehearsal.followers')?.seen).toMatch(/^2000 more objects need/);
      expect(findings.map(({check}) => check)).not.toContain('rehearsal.alike');
      await onEach('DROP TABLE many_%1$s');
      await lab.source.sql('DROP FUNCTION raw_hash(text)');
    },
  );

  test('every object that it refuses is named at once, with its line, and what only follows is counted', async () => {
    await lab.source.sql(`
      CREATE FUNCTION raw_hash(text) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'hashtext';
      CREATE FUNCTION typein(cstring) RETURNS "char" LANGUAGE internal IMMUTABLE STRICT AS 'charin';
      CREATE TABLE hashed (id int PRIMARY KEY, t text, CHECK (public.raw_hash(t) > 0));
      CREATE VIEW over_hashed AS SELECT id FROM hashed`);
    await replay();
    const findings = await rehearse();
    const blockers = findings.filter(({severity}) => severity === 'blocker').map(({seen}) => seen);
    expect(blockers.map((seen) => /FUNCTION public\.\w+/.exec(seen)?.[0])).toEqual([
      'FUNCTION public.raw_hash',
      'FUNCTION public.typein',
    ]);
    expect(blockers[0]).toMatch(/42501; line \d+ of .*rehearsal\.sql/);
    expect(findings.find(({check}) => check === 'rehearsal.followers')?.seen).toMatch(/^[1-9]\d* more objects need/);
    expect(await databases()).toEqual([]);
  });

  test('a role that may not create a database is told that nothing was rehearsed', async () => {
    await lab.target.sql('ALTER ROLE longhaul NOCREATEDB');
    const findings = await rehearse();
    await lab.target.sql('ALTER ROLE longhaul CREATEDB');
    expect(findings.map(({severity, check}) => [severity, check])).toEqual([['note', 'rehearsal.not-rehearsed']]);
  });
});
