import {readdir} from 'node:fs/promises';
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

  test('many keys and many indexes are restored beside each other', async () => {
    await lab.target.sql('ALTER SYSTEM SET max_locks_per_transaction = 1024');
    await lab.target.restart();
    for (const from of [0, 500])
      await lab.source.sql(`DO $$ BEGIN FOR n IN ${from + 1} .. ${from + 500} LOOP EXECUTE format(
        'CREATE TABLE many_%s (id int PRIMARY KEY, t text); CREATE INDEX ON many_%1$s (t)', n); END LOOP; END $$`);
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
    await lab.source.sql(
      `DO $$ BEGIN FOR n IN 1 .. 1000 LOOP EXECUTE 'DROP TABLE many_' || n; COMMIT; END LOOP; END $$`,
    );
  });

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
