import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {capturing, differing, ended, ENGINES, NIGHTLY, type Subscribing} from './story.ts';

const STORY_MS = 480_000;
/** The same table anew, in a moment, with other rows: as a deployment does that fills it from elsewhere. */
const remade = (cascade: string): string =>
  `BEGIN; CREATE TEMPORARY TABLE kept AS SELECT * FROM public.big WHERE id % 2 = 0; DROP TABLE public.big${cascade};
   CREATE TABLE public.big (id integer PRIMARY KEY, body text NOT NULL, n integer NOT NULL DEFAULT 0); ALTER TABLE public.big OWNER TO app_owner;
   INSERT INTO public.big SELECT * FROM kept; DROP TABLE kept; COMMIT`;
const OUT: Readonly<Record<Subscribing, string>> = {
  native: 'ALTER PUBLICATION lh_01 DROP TABLE public.accounts',
  pglogical:
    "SELECT pglogical.replication_set_remove_table('lh_01', 'public.accounts'); SELECT pglogical.replication_set_remove_table('ilh_01', 'public.accounts')",
};
const GONE: Readonly<Record<Subscribing, string>> = {
  native: 'DROP PUBLICATION ilh_01',
  pglogical: "SELECT pglogical.drop_replication_set('ilh_01')",
};

describe.skipIf(!NIGHTLY).each(ENGINES)('during the load, with %s (nightly)', (engine) => {
  let lab: Lab;
  let started: RunState;
  afterAll(async () => ended(lab));
  beforeAll(async () => {
    lab = await capturing(engine, {
      before: async (begun) => {
        await mustEndWell(begun, 'run', '--plain', '--until', 'full-load');
        await begun.source.sql(remade(engine === 'pglogical' ? ' CASCADE' : ''));
        await begun.source.sql(OUT[engine]);
        // One that begins anew looks at every step again, as one does in a load of days.
        await longhaul(begun, 'shutdown');
        await mustEndWell(begun, 'run', '--plain', '--until', 'wait-for-catch-up');
        started = await stateOf(begun);
        await begun.source.sql("UPDATE public.accounts SET note = 'while it was out' WHERE id = 3");
        for (const table of ['public.accounts', 'public.big'])
          await mustEndWell(begun, 'adopt', table, '--yes', 'rehearsal');
      },
    });
  }, STORY_MS);

  test(
    'a table that was remade and one that was taken out do not cost the load, and are equal once they were adopted',
    async () => {
      expect(started.boundaryDisproved).toBeNull();
      expect(started.capture.newTables.map(({table}) => table.name).toSorted()).toEqual(['accounts', 'big']);
      const {status, capture} = await stateOf(lab);
      expect(status).toBe('done');
      expect(capture.newTables).toEqual([]);
      await lab.source.sql('UPDATE public.big SET n = n + 1; UPDATE public.accounts SET note = note WHERE id < 9');
      expect(await differing(lab)).toEqual([]);
    },
    STORY_MS,
  );
});

describe.skipIf(!NIGHTLY).each(ENGINES)('all that captures a slot, with %s (nightly)', (engine) => {
  test(
    'disproves P where it is gone, however many tables it had',
    async () => {
      let [code, cdcStarted]: [number | null, RunState['cdcStarted']] = [0, null];
      const failed = capturing(engine, {
        before: async (begun) => {
          await mustEndWell(begun, 'run', '--plain', '--until', 'full-load');
          await begun.source.sql(GONE[engine]);
          ({code} = await longhaul(begun, 'run', '--plain', '--until', 'wait-for-catch-up'));
          ({cdcStarted} = await stateOf(begun));
          throw new Error('the story ends here');
        },
      });
      await expect(failed).rejects.toThrow('the story ends here');
      expect(code).not.toBe(0);
      expect(cdcStarted).toBeNull();
    },
    STORY_MS,
  );
});
