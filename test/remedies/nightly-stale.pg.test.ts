import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {longhaul, mustEndWell} from '../support/longhaul.ts';

/** Two loads of one run: `npm run remedies`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

describe.skipIf(!NIGHTLY)('rows that loading again does not mend', () => {
  let lab: Lab;
  const PRICED = 'CREATE OR REPLACE FUNCTION public.priced(int) RETURNS int LANGUAGE sql IMMUTABLE AS';

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await lab.source.sql(`
      ${PRICED} 'SELECT $1 * 2';
      CREATE TABLE public.goods (id int PRIMARY KEY, n int, price int GENERATED ALWAYS AS (public.priced(n)) STORED);
      INSERT INTO public.goods VALUES (1, 1), (2, 7); GRANT SELECT ON public.goods TO longhaul`);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a generated column whose function was replaced after check', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'plan-slots');
    await lab.source.sql(`${PRICED} 'SELECT $1 * 3'`);
    const failed = await longhaul(lab, 'run', '--plain', '--from', 'copy-globals', '--until', 'compare-rows');
    expect(failed.code, failed.stdout + failed.stderr).not.toBe(0);
    const said = (failed.stdout + failed.stderr).replaceAll(/longhaul --config \S+ /g, 'longhaul ');
    expect(said).toContain('however often they are loaded: price of public.goods; ');
    const [, sql = '', leave = '', words = ''] =
      /on the source \(.*?\): (UPDATE ONLY .*?); on the replica, .*?: (SELECT \S+); then longhaul (run --from pause-replay)/.exec(
        said,
      ) ?? [];
    await lab.source.sql(sql);
    await lab.replica.sql(leave);
    await mustEndWell(lab, ...words.split(' '), '--plain', '--until', 'compare-rows');
    expect(await lab.target.sql('SELECT id, price FROM public.goods ORDER BY 1')).toEqual([
      ['1', '3'],
      ['2', '21'],
    ]);
  });
});
