import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {alarmOf, capturing, differing, ended, ENGINES, guardedAgain, NIGHTLY, uncaptured, WRITE} from './story.ts';

/** Of a story: what is told twice may take three minutes each time. */
const STORY_MS = 480_000;

describe.skipIf(!NIGHTLY).each(ENGINES)('DDL on the source while %s captures (nightly)', (engine) => {
  let lab: Lab;
  // One for each: what a story leaves undone is not another's.
  beforeEach(async () => {
    // DDL that stops nothing is seen within a minute then.
    lab = await capturing(engine, {interval: '200ms'});
  });
  afterEach(async () => ended(lab));

  test(
    'a column that the target lacks stops its slot alone; the statement that is told lets it go on, with nothing lost',
    async () => {
      await lab.source.sql('ALTER TABLE public.accounts ADD COLUMN extra text');
      await lab.source.sql("UPDATE public.accounts SET extra = 'x' WHERE id < 10");
      const {remedy} = await alarmOf(lab, 'schema.drift');
      await alarmOf(lab, 'cdc.down:lh_01');
      await carryOut(lab, remedy, {application: null});
      expect(await differing(lab)).toEqual([]);
      await eventually('the alarm to be over', async () => await noAlarm(lab, 'schema.drift'), 180_000);
    },
    STORY_MS,
  );

  test(
    'a column that goes, and a table that is renamed, are told with the statement for the target',
    async () => {
      await lab.source.sql('ALTER TABLE public.accounts DROP COLUMN note');
      await lab.source.sql('UPDATE public.accounts SET balance = balance + 1 WHERE id < 10');
      const {remedy} = await alarmOf(lab, 'schema.drift');
      await carryOut(lab, remedy, {application: null});
      expect(await differing(lab)).toEqual([]);
      await lab.source.sql('ALTER TABLE public.moves RENAME TO moved');
      await lab.source.sql('DELETE FROM public.moved WHERE id < 5');
      const renamed = await eventually(
        'the new name to be told',
        async () =>
          (await stateOf(lab)).alarms.find(({id, seen}) => id.startsWith('schema.drift') && seen.includes('moved')) ??
          null,
        180_000,
      );
      await carryOut(lab, renamed.remedy, {application: null});
      expect(await differing(lab)).toEqual([]);
      await lab.source.sql('ALTER TABLE public.moved RENAME TO moves');
      await lab.target.sql(`${WRITE} ALTER TABLE public.moved RENAME TO moves`);
      await lab.source.sql('INSERT INTO public.moves (account, amount) VALUES (1, 1)');
      expect(await differing(lab)).toEqual([]);
      // What came under the other name is there, as a comparison shows: nothing is copied again for it.
      const {seen} = await alarmOf(lab, 'cdc.owed:public.moves');
      expect(seen).toContain('the source was without a table of this name for a while');
      await guardedAgain(lab);
      expect(await uncaptured(lab)).toEqual([]);
      await mustEndWell(lab, 'compare', '--again', 'public.moves');
      const {owed, adopted, gone} = (await stateOf(lab)).capture;
      expect([owed, adopted, gone]).toEqual([[], [], []]);
    },
    STORY_MS,
  );

  test('a TRUNCATE with others, and one that restarts a sequence, arrive', async () => {
    await lab.source.sql('TRUNCATE public.moves, public.log RESTART IDENTITY');
    await lab.source.sql('INSERT INTO public.moves (account, amount) SELECT n, n FROM generate_series(1, 20) AS n');
    expect(await differing(lab)).toEqual([]);
  });

  // capture.md, case 5.
  test(
    'a column that is filled on each side by itself is told, its rows are counted, and it is equal after the remedy',
    async () => {
      await lab.source.sql('INSERT INTO public.accounts SELECT n, 0, NULL FROM generate_series(1001, 11000) AS n');
      expect(await differing(lab)).toEqual([]);
      const fill = 'ALTER TABLE public.accounts ADD COLUMN c integer DEFAULT (random() * 1000)::integer';
      await lab.source.sql(fill);
      await lab.target.sql(`${WRITE} ${fill}`);
      const {seen} = await alarmOf(lab, 'cdc.owed:public.accounts');
      expect(seen).toContain('filled');
      const {stdout, code} = await longhaul(lab, 'compare', '--again', 'public.accounts', '--json');
      expect(code).toBe(1);
      expect(stdout).toMatch(/"total":\s*(9|1[01])\d\d\d/);
      const {remedy} = await alarmOf(lab, 'cdc.owed:public.accounts');
      expect(remedy).toContain('longhaul adopt public.accounts --yes rehearsal');
      await mustEndWell(lab, 'adopt', 'public.accounts', '--yes', 'rehearsal');
      expect(await differing(lab)).toEqual([]);
      expect((await stateOf(lab)).capture.owed).toEqual([]);
      expect((await stateOf(lab)).capture.adopted.map(({table}) => table.name)).toContain('accounts');
    },
    STORY_MS,
  );
});

async function noAlarm(lab: Lab, id: string): Promise<true | null> {
  return (await stateOf(lab)).alarms.some((alarm) => alarm.id.startsWith(id)) ? null : true;
}
