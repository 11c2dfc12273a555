import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {capturing, ended, ENGINES, NIGHTLY} from './story.ts';

const MORE = `
  CREATE UNLOGGED TABLE public.sessions (id integer PRIMARY KEY, words text);
  ALTER TABLE public.sessions OWNER TO app_owner;
  INSERT INTO public.log SELECT n, n, '2026-01-01' FROM generate_series(1, 300) AS n;
  SELECT lo_from_bytea(70001, decode(repeat('0a0b', 100000), 'hex')), lo_from_bytea(70002, 'other');
  ALTER LARGE OBJECT 70001 OWNER TO app_owner;
  ALTER LARGE OBJECT 70002 OWNER TO app_owner`;
/** After P. */
const WRITES = [
  'UPDATE public.log SET amount = -amount WHERE account % 3 = 0',
  'DELETE FROM public.log WHERE account % 7 = 0',
  "SELECT lo_put(70001, 1000, decode(repeat('ff', 150000), 'hex'))",
  "INSERT INTO public.sessions SELECT n, 'session ' || n FROM generate_series(1, 400) AS n",
];
const SAME = [
  'SELECT * FROM public.log ORDER BY 1, 2, 3',
  'SELECT * FROM public.sessions ORDER BY 1',
  'SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1',
];

// capture.md, case 3.
describe.skipIf(!NIGHTLY).each(ENGINES)('what %s does not carry (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing(engine, {before: async (begun) => void (await begun.source.sql(MORE))});
  });
  afterAll(async () => ended(lab));

  test('is named before the load: the table without a key, the unlogged one, and the large objects', async () => {
    const journal = (await readFile(join(lab.folder, 'run', 'journal.jsonl'), 'utf8')).split('\n');
    const load = journal.findIndex((line) => line.includes('"load.planned"'));
    const before = journal.slice(0, load).filter((line) => line.includes('"finding.seen"'));
    const seen = (check: string): string => before.find((line) => line.includes(`"check":"${check}"`)) ?? '';
    expect(seen('data.no-key')).toContain('public.log');
    expect(seen('data.unlogged')).toContain('public.sessions');
    expect(seen('data.large-objects')).toContain('2 large objects');
    for (const check of ['data.no-key', 'data.unlogged', 'data.large-objects'])
      expect(seen(check), check).toMatch(/the cutover compares|copied by the cutover/);
  });

  test('is in what the cutover is expected to take, and equal once it has copied the rest', async () => {
    for (const write of WRITES) await lab.source.sql(write);
    await drained(lab);
    for (const query of SAME) expect(await lab.target.sql(query)).not.toEqual(await lab.source.sql(query));
    const {stdout} = await longhaul(lab, 'cutover', '--check');
    expect(stdout).toMatch(/while writes are stopped these are compared, .* in about \d/);
    for (const name of ['2 large objects', 'public.log', 'public.sessions']) expect(stdout).toContain(name);
    expect(stdout).toMatch(/copy-the-rest .*\d/);
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    expect((await stateOf(lab)).cutover?.status).toBe('handed-over');
    for (const query of SAME) expect(await lab.target.sql(query), query).toEqual(await lab.source.sql(query));
  });
});
