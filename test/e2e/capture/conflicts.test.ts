import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {serverBin} from '../../pairs/npm-servers.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {alarmOf, capturing, differing, ended, guardedAgain, NIGHTLY, WRITE} from './story.ts';

/** A target of 18 counts what did not fit; those before skip it without a word. */
describe.skipIf(!NIGHTLY)('changes whose rows the target of 18 does not have (nightly)', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing('native', {targetBin: await serverBin('18')});
  });
  afterAll(async () => ended(lab));

  const owed = async (): Promise<string[]> =>
    (await stateOf(lab)).capture.owed.map(({table}) => `${table.schema}.${table.name}`);

  test('are told as comparisons that are owed, which refuse the cutover', async () => {
    await lab.target.sql(`${WRITE} DELETE FROM public.accounts WHERE id = 7`);
    await lab.source.sql("UPDATE public.accounts SET note = 'skipped' WHERE id = 7");
    const {seen} = await alarmOf(lab, 'cdc.owed:public.accounts');
    expect(seen).toContain('the target has skipped 1 update or delete of lh_01, whose row it does not have');
    expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal')).stderr).toContain('has to be compared');
    expect((await differing(lab)).join()).toContain('public.accounts');
  });

  test('are owed once: not again by another supervisor, once they were compared and equal', async () => {
    await mustEndWell(lab, 'adopt', 'public.accounts', '--yes', 'rehearsal');
    await mustEndWell(lab, 'compare', '--again');
    expect(await owed()).toEqual([]);
    await longhaul(lab, 'shutdown');
    await mustEndWell(lab, 'run', '--plain');
    await guardedAgain(lab);
    expect(await owed()).toEqual([]);
    expect(await differing(lab)).toEqual([]);
  });

  test('are owed again where there is one more', async () => {
    await lab.target.sql(`${WRITE} DELETE FROM public.accounts WHERE id = 8`);
    await lab.source.sql('DELETE FROM public.accounts WHERE id = 8');
    const why = await eventually('it to be owed', async () => {
      const {capture} = await stateOf(lab);
      return capture.owed.find(({table}) => table.name === 'accounts')?.why ?? null;
    });
    expect(why).toContain('the target has skipped 2 updates and deletes of lh_01');
  });
});
