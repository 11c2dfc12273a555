import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../../src/lab/lab.ts';
import {startWriters, type Writers} from '../../../handoffs/writers.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../../support/longhaul.ts';

let lab: Lab;
let writers: Writers | undefined;

beforeAll(async () => {
  lab = await startLab({seed: join(import.meta.dirname, '../../../handoffs/seed.sql'), engine: 'native'});
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(
    lab.yamlPath,
    yaml
      .replace('caught_up_for: 3s', 'caught_up_for: 1s')
      .replace('load:\n', 'probes: {interval: 1s}\nload:\n  unique: after-catch-up\n'),
  );
  // Rows that the writers leave alone, where what is planted stays.
  await lab.source.sql(`
    ALTER TABLE public.accounts ADD COLUMN code text;
    INSERT INTO public.accounts SELECT n, 0, 'quiet', 'c' || n FROM generate_series(1001, 1300) AS n;
    INSERT INTO public.big SELECT id + 1000, body, 0 FROM public.big;
    INSERT INTO public.log SELECT n, n, '2026-01-01' FROM generate_series(1001, 1100) AS n;
    ALTER TABLE public.accounts ADD CONSTRAINT accounts_code_key UNIQUE (code);
    CREATE UNIQUE INDEX big_n_id ON public.big (n, id);
    ALTER TABLE public.whole ADD CONSTRAINT whole_a_key UNIQUE (a) DEFERRABLE;`);
  writers = await startWriters(lab);
  await mustEndWell(lab, 'run', '--plain');
});
afterAll(async () => {
  await writers?.stop();
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

/** As somebody who writes to the target, whatever it is set to. */
async function onTarget(statements: string): Promise<string[][]> {
  return lab.target.sql(`SET default_transaction_read_only = off; ${statements}`);
}

const PLANTED = ["id='1003'", "id='1007'", "id='1301'", "id='1011' (at", "id='1013'"];
/** In a table without a key, which is compared where it is asked for by name: the cutover copies it again. */
const PLANTED_KEYLESS = ["account='1005'", "account='1006'", "account='1007'"];

/** What is found: a line a table, each followed by its rows. */
async function compare(...words: readonly string[]): Promise<{code: number | null; rows: string[]; last: string}> {
  const {code, stdout} = await longhaul(lab, 'compare', '--again', ...words);
  const lines = stdout.trim().split('\n');
  return {code, rows: lines.filter((line) => line.includes('(at ')), last: lines.at(-1) ?? ''};
}

/** Nothing holds apply or replay, and nothing of what has is left. */
async function nothingHeld(): Promise<void> {
  await eventually('apply and replay to go on', async () => ((await stateOf(lab)).fence === null ? true : null));
  expect(await lab.target.sql("SELECT tgname FROM pg_trigger WHERE tgname = 'longhaul_hold'")).toEqual([]);
  expect(await lab.target.sql('SELECT subname FROM pg_subscription WHERE NOT subenabled')).toEqual([]);
  expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['f']]);
}

describe('while the writers go on', () => {
  test('unique indexes that were held back come back, but for a deferrable one, which waits for the cutover', async () => {
    const valid = await lab.target.sql(
      `SELECT c.relname, coalesce(o.conname, '') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint o ON o.conindid = c.oid
        WHERE i.indisvalid AND c.relname IN ('accounts_code_key', 'big_n_id', 'whole_a_key') ORDER BY 1`,
    );
    expect(valid).toEqual([
      ['accounts_code_key', 'accounts_code_key'],
      ['big_n_id', ''],
    ]);
    const {evidence} = await stateOf(lab);
    expect(evidence['restore-unique']).toMatchObject({
      indexes: 2,
      left: [expect.stringContaining('index public.whole_a_key: comes with restore-triggers-and-keys')],
    });
    expect(evidence['compare-again']).toMatchObject({how: 'fence', tables: 4});
    await nothingHeld();
  });

  test('every planted difference is found with its row and nothing else, held at one commit or converging', async () => {
    await onTarget(`
      DELETE FROM public.accounts WHERE id = 1003; UPDATE public.accounts SET note = 'other' WHERE id = 1007;
      INSERT INTO public.accounts VALUES (1301, 0, 'extra', 'c1301'); UPDATE public.accounts SET balance = 1 WHERE id = 1011;
      UPDATE public.big SET body = overlay(body PLACING '_' FROM 5000) WHERE id = 1013;
      INSERT INTO public.log VALUES (1005, 1005, '2026-01-01'); DELETE FROM public.log WHERE account = 1006;
      UPDATE public.log SET amount = 0 WHERE account = 1007`);
    for (const words of [[], ['--converging']]) {
      const found = await compare(...words);
      expect([found.code, found.last]).toEqual([
        1,
        // What is left out is said, and not passed over.
        expect.stringMatching(/^4 tables compared, .*; 2 DIFFER; left out, .*: public\.log \(/),
      ]);
      for (const planted of PLANTED) expect(found.rows.filter((row) => row.includes(planted))).not.toEqual([]);
      expect(found.rows).toHaveLength(PLANTED.length);
      const keyless = await compare('public.log', ...words);
      expect([keyless.code, keyless.last]).toEqual([1, expect.stringMatching(/^1 table compared, .*; 1 DIFFER$/)]);
      for (const planted of PLANTED_KEYLESS)
        expect(keyless.rows.filter((row) => row.includes(planted))).not.toEqual([]);
      // A row of it that was changed is missing and extra.
      expect(keyless.rows).toHaveLength(PLANTED_KEYLESS.length + 1);
    }
    await nothingHeld();
  });

  test('once they are mended all is equal', async () => {
    await onTarget(`
      INSERT INTO public.accounts VALUES (1003, 0, 'quiet', 'c1003'); UPDATE public.accounts SET note = 'quiet', balance = 0 WHERE id IN (1007, 1011);
      DELETE FROM public.accounts WHERE id = 1301;`);
    const found = await compare('public.accounts');
    expect(found).toMatchObject({code: 0, last: expect.stringMatching(/^1 table compared, .*; all equal$/)});
  });

  test('a supervisor that is killed while they are held leaves it to the next one to let them go on', async () => {
    const comparing = longhaul(lab, 'compare', '--again');
    const pid = await eventually('apply and replay to be held', async () => {
      const {fence, supervisor} = await stateOf(lab);
      return fence === null ? null : (supervisor?.pid ?? null);
    });
    process.kill(pid, 'SIGKILL');
    await comparing;
    expect((await longhaul(lab, 'run', '--detach')).code).toBe(0);
    await nothingHeld();
  });
});
