import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {alarmOf, capturing, differing, ended, ENGINES, NIGHTLY, uncaptured} from './story.ts';

/** Two tables between which an application changes, as one that fills one of them anew each day; and one whose columns are moved. */
const SEED = `
  CREATE TABLE public.front (id integer PRIMARY KEY, v text);
  CREATE TABLE public.behind (id integer PRIMARY KEY, v text);
  CREATE TABLE public.columns (id integer PRIMARY KEY, a text, b text);
  ALTER TABLE public.front OWNER TO app_owner; ALTER TABLE public.behind OWNER TO app_owner; ALTER TABLE public.columns OWNER TO app_owner;
  INSERT INTO public.front SELECT n, 'front ' || n FROM generate_series(1, 100) AS n;
  INSERT INTO public.behind SELECT n, 'behind ' || n FROM generate_series(1, 120) AS n;
  INSERT INTO public.columns SELECT n, 'a ' || n, 'b ' || n FROM generate_series(1, 100) AS n`;
const SWAP =
  'BEGIN; ALTER TABLE public.front RENAME TO aside; ALTER TABLE public.behind RENAME TO front; ALTER TABLE public.aside RENAME TO behind; COMMIT';
const STORY_MS = 480_000;

describe.skipIf(!NIGHTLY).each(ENGINES)('a name that is another one’s, while %s captures (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    // DDL that stops nothing is seen within a minute then.
    lab = await capturing(engine, {interval: '200ms', before: async (begun) => void (await begun.source.sql(SEED))});
  }, STORY_MS);
  afterAll(async () => ended(lab));

  /** Waits until a comparison is owed for this reason, finds it unequal, and copies the tables anew. */
  const mended = async (why: string, ...tables: readonly string[]): Promise<string[]> => {
    for (const table of tables) expect((await alarmOf(lab, `cdc.owed:${table}`)).seen).toContain(why);
    expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal')).stderr).toContain('has to be compared');
    expect((await longhaul(lab, 'compare', '--again', ...tables)).code).toBe(1);
    for (const table of tables) await mustEndWell(lab, 'adopt', table, '--yes', 'rehearsal');
    expect((await stateOf(lab)).capture.owed).toEqual([]);
    await eventually('the alarm to be over', async () => noAlarm(lab, 'cdc.owed'), 180_000);
    return differing(lab);
  };

  test(
    'two tables that are swapped stop nothing and lose their rows to each other: a comparison is owed, and so it is when they are swapped back',
    async () => {
      await lab.source.sql(SWAP);
      await lab.source.sql(
        "UPDATE public.front SET v = 'after' WHERE id < 5; INSERT INTO public.behind VALUES (-1, 'x')",
      );
      expect(await mended('another table than at P', 'public.front', 'public.behind')).toEqual([]);
      expect(await uncaptured(lab)).toEqual([]);
      await lab.source.sql(SWAP);
      await lab.source.sql("UPDATE public.front SET v = 'again' WHERE id < 5");
      expect(await mended('the table of P is called so again', 'public.front', 'public.behind')).toEqual([]);
    },
    2 * STORY_MS,
  );

  test(
    'columns that are swapped, and one that is dropped and made anew, are owed a comparison',
    async () => {
      await lab.source.sql(
        'BEGIN; ALTER TABLE public.columns RENAME a TO x; ALTER TABLE public.columns RENAME b TO a; ALTER TABLE public.columns RENAME x TO b; COMMIT',
      );
      await lab.source.sql("UPDATE public.columns SET a = 'after' WHERE id < 5");
      expect(await mended('another column than at P', 'public.columns')).toEqual([]);
      await lab.source.sql('ALTER TABLE public.columns DROP COLUMN b, ADD COLUMN b text');
      await lab.source.sql("UPDATE public.columns SET b = 'anew' WHERE id < 9");
      expect(await mended('another column than at P', 'public.columns')).toEqual([]);
    },
    2 * STORY_MS,
  );

  test(
    'a table that comes into the place of one that is dropped is owed one, and what is dropped on the target by what the drift says is its old name',
    async () => {
      const cascade = engine === 'pglogical' ? ' CASCADE' : '';
      await lab.source.sql(
        `BEGIN; DROP TABLE public.front${cascade}; ALTER TABLE public.behind RENAME TO front; COMMIT; UPDATE public.front SET v = 'kept' WHERE id < 7`,
      );
      expect((await alarmOf(lab, 'cdc.owed:public.front')).seen).toContain('another table than at P');
      await mustEndWell(lab, 'adopt', 'public.front', '--yes', 'rehearsal');
      const remedy = await eventually(
        'the old name to be told',
        async () =>
          (await stateOf(lab)).alarms.find(({id, seen}) => id.startsWith('schema.drift') && seen.includes('behind'))
            ?.remedy ?? null,
        240_000,
      );
      await carryOut(lab, remedy, {application: null});
      expect(await lab.target.sql("SELECT count(*) FROM pg_class WHERE relname = 'behind'")).toEqual([['0']]);
      expect(await differing(lab)).toEqual([]);
      await eventually('the drift to be over', async () => noAlarm(lab, 'schema.drift'), 240_000);
    },
    2 * STORY_MS,
  );
});

describe.skipIf(!NIGHTLY).each(ENGINES)('two tables of different slots, while %s captures (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing(engine, {
      slots: 2,
      before: async (begun) => {
        await begun.source.sql(SEED);
        await edit(begun, ['count: 2', 'count: 2\n  assign: {lh_01: [public.front], lh_02: [public.behind]}']);
      },
    });
  }, STORY_MS);
  afterAll(async () => ended(lab));

  test(
    'that are swapped are adopted each into its own slot, and out of the other, whatever that learns of afterwards',
    async () => {
      await lab.source.sql(SWAP);
      await alarmOf(lab, 'cdc.uncaptured:public.front');
      await alarmOf(lab, 'cdc.uncaptured:public.behind');
      // On its way through the other slot, when it is adopted.
      await lab.source.sql(
        "INSERT INTO public.front SELECT n, 'on its way' FROM generate_series(2001, 42000) AS n; INSERT INTO public.behind SELECT n, 'on its way' FROM generate_series(2001, 42000) AS n",
      );
      for (const table of await uncaptured(lab)) await mustEndWell(lab, 'adopt', table, '--yes', 'rehearsal');
      // Each subscription learns of what its publications have by then.
      for (const table of ['front2', 'behind2']) {
        await lab.source.sql(
          `CREATE TABLE public.${table} (id integer PRIMARY KEY); ALTER TABLE public.${table} OWNER TO app_owner`,
        );
        await alarmOf(lab, `cdc.uncaptured:public.${table}`);
        await mustEndWell(lab, 'adopt', `public.${table}`, '--yes', 'rehearsal');
      }
      const {adopted} = (await stateOf(lab)).capture;
      const slotOf = (name: string): string | undefined => adopted.find(({table}) => table.name === name)?.slot;
      expect([slotOf('front2'), slotOf('behind2')]).toEqual([slotOf('front'), slotOf('behind')]);
      await lab.source.sql(
        "INSERT INTO public.front SELECT n, 'more' FROM generate_series(1001, 1100) AS n; INSERT INTO public.behind SELECT n, 'more' FROM generate_series(1001, 1100) AS n",
      );
      expect(await differing(lab)).toEqual([]);
    },
    2 * STORY_MS,
  );
});

async function noAlarm(lab: Lab, id: string): Promise<true | null> {
  return (await stateOf(lab)).alarms.some((alarm) => alarm.id.startsWith(id)) ? null : true;
}
