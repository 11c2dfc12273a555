import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {mustEndWell} from '../../support/longhaul.ts';
import {edit} from '../../support/edit.ts';
import {capturing, differing, ended, NIGHTLY} from './story.ts';

const DEFERRABLE = "SELECT condeferrable, condeferred, convalidated FROM pg_constraint WHERE conname = 'places_at_key'";

/** Each commit is consistent, and its statements one by one are not. */
const COMMITS = [
  'UPDATE public.places SET at = 3 - at WHERE at IN (1, 2)',
  'INSERT INTO public.places VALUES (100, 5); UPDATE public.places SET at = 500 WHERE id = 5',
  'UPDATE public.places SET at = at + 1 WHERE at BETWEEN 20 AND 29; DELETE FROM public.places WHERE id = 30',
];

const WAYS = [
  ['native', 'after-load'],
  ['native', 'after-catch-up'],
  ['pglogical', 'after-load'],
] as const;

describe.skipIf(!NIGHTLY).each(WAYS)(
  'a deferred unique constraint, %s, load.unique: %s (nightly)',
  (engine, unique) => {
    let lab: Lab;

    beforeAll(async () => {
      lab = await capturing(engine, {
        wayBack: true,
        before: async (made) => {
          await edit(made, ['load:\n', `load:\n  unique: ${unique}\n`]);
          await made.source
            .sql(`CREATE TABLE public.places (id int PRIMARY KEY, at int CONSTRAINT places_at_key UNIQUE DEFERRABLE INITIALLY DEFERRED);
          ALTER TABLE public.places OWNER TO app_owner; INSERT INTO public.places SELECT n, n FROM generate_series(1, 50) AS n`);
        },
      });
    });
    afterAll(async () => ended(lab));

    test('is met by commits that swap and move its values, and their rows are equal', async () => {
      for (const commit of COMMITS) await lab.source.sql(`BEGIN; ${commit}; COMMIT`);
      expect(await differing(lab)).toEqual([]);
    });

    test('is deferrable on the target after the cutover', async () => {
      await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
      expect(await lab.target.sql(DEFERRABLE)).toEqual([['t', 't', 't']]);
      await lab.target.sql(`BEGIN; ${COMMITS[0]}; COMMIT`);
    });
  },
);
