import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf, type Ended} from '../../support/longhaul.ts';
import {
  alarmOf,
  capturing,
  differing,
  ended,
  ENGINES,
  guardedAgain,
  NIGHTLY,
  uncaptured,
  WRITE,
  type Subscribing,
} from './story.ts';

const DISABLE: Readonly<Record<Subscribing, string>> = {
  native: 'ALTER SUBSCRIPTION lh_01 DISABLE',
  pglogical: "SELECT pglogical.alter_subscription_disable('lh_01', true)",
};

describe.skipIf(!NIGHTLY).each(ENGINES)('commands for change capture by %s in the wrong order (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing(engine);
  });
  afterAll(async () => ended(lab));

  const refused = async (...words: string[]): Promise<string> => {
    const {code, stderr} = await longhaul(lab, ...words);
    expect(code).not.toBe(0);
    return stderr;
  };
  const cdc = async (...words: string[]): Promise<Ended> => mustEndWell(lab, 'cdc', ...words);

  test('what is done to a slot that is paused says so, and goes on once it is resumed', async () => {
    await lab.source.sql(
      'CREATE TABLE public.born (id integer PRIMARY KEY); ALTER TABLE public.born OWNER TO app_owner',
    );
    await alarmOf(lab, 'cdc.uncaptured:public.born');
    await cdc('pause', 'lh_01');
    for (const words of [
      ['pause', 'lh_01'],
      ['kick', 'lh_01'],
      ['skip', 'lh_01'],
    ])
      expect(await refused('cdc', ...words)).toMatch(/lh_01 is paused|cannot be asked to kick|is stopped/);
    expect(await refused('adopt', 'public.born', '--yes', 'rehearsal')).toContain('is paused');
    expect(await refused('cutover', '--yes', 'rehearsal')).toContain('public.born');
    await lab.source.sql("UPDATE public.accounts SET note = 'while it was paused'");
    await longhaul(lab, 'shutdown');
    await mustEndWell(lab, 'run', '--detach');
    expect((await stateOf(lab)).capture.paused.map(({slot}) => slot)).toEqual(['lh_01']);
    await cdc('resume', 'lh_01');
    expect((await cdc('resume', 'lh_01')).stdout).toContain('is not stopped');
    await mustEndWell(lab, 'adopt', 'public.born', '--yes', 'rehearsal');
    expect(await refused('adopt', 'public.born', '--yes', 'rehearsal')).toContain('not among the tables');
    expect(await differing(lab)).toEqual([]);
  });

  test('what is done to a slot that somebody has disabled says so, and goes on once it is resumed', async () => {
    await lab.target.sql(`${WRITE} ${DISABLE[engine]}`);
    await alarmOf(lab, 'cdc.stopped:lh_01');
    expect(await refused('cdc', 'skip', 'lh_01')).toMatch(/cdc resume lh_01/);
    expect(await refused('cdc', 'kick', 'lh_01')).toMatch(/cdc resume lh_01|started again/);
    await lab.source.sql("UPDATE public.accounts SET note = 'while it was disabled'");
    await cdc('resume', 'lh_01');
    expect(await differing(lab)).toEqual([]);
  });

  test('slots and tables that are not there are named with those that are', async () => {
    expect(await refused('cdc', 'pause', 'lh_09')).toContain('the slots are lh_01');
    expect(await refused('adopt', 'public.nothing', '--yes', 'rehearsal')).toContain('not among the tables');
    expect(await refused('compare', '--again', 'public.nothing')).toContain('is no table that is loaded');
    expect((await stateOf(lab)).capture.paused).toEqual([]);
  });

  test('a table that is not to be moved is left out, and neither alarm nor cutover speaks of it any more', async () => {
    await lab.source.sql('CREATE TABLE public.scratch (words text); ALTER TABLE public.scratch OWNER TO app_owner');
    const {remedy} = await alarmOf(lab, 'cdc.uncaptured:public.scratch');
    expect(remedy).toContain('tables.exclude in longhaul.yaml, then longhaul shutdown; longhaul run');
    await edit(lab, ['load:\n', 'tables: {exclude: [public.scratch]}\nload:\n']);
    expect((await longhaul(lab, 'status')).stdout).toMatch(
      /tables\.exclude; put it back, or have it count: longhaul .*run/,
    );
    await mustEndWell(lab, 'shutdown');
    await mustEndWell(lab, 'run', '--detach');
    await eventually('it to be left out', async () => ((await uncaptured(lab)).length === 0 ? true : null));
    await lab.source.sql("INSERT INTO public.scratch VALUES ('none of ours')");
    expect((await longhaul(lab, 'cutover', '--check')).stdout).not.toContain('scratch');
    await mustEndWell(lab, 'compare', '--again');
    await lab.source.sql('DROP TABLE public.scratch');
    expect(await differing(lab)).toEqual([]);
  });

  test('a slot is paused while a table is adopted into it: one of the two says so, and afterwards all is equal', async () => {
    await lab.source.sql(
      'CREATE TABLE public.both (id integer PRIMARY KEY); ALTER TABLE public.both OWNER TO app_owner; INSERT INTO public.both SELECT generate_series(1, 1000)',
    );
    await alarmOf(lab, 'cdc.uncaptured:public.both');
    const adopting = longhaul(lab, 'adopt', 'public.both', '--yes', 'rehearsal');
    await longhaul(lab, 'cdc', 'pause', 'lh_01');
    await adopting;
    await longhaul(lab, 'cdc', 'resume', 'lh_01');
    await eventually('it to be adopted', async () => {
      if ((await uncaptured(lab)).length === 0) return true;
      return (await longhaul(lab, 'adopt', 'public.both', '--yes', 'rehearsal')).code === 0 ? true : null;
    });
    await lab.source.sql('DELETE FROM public.both WHERE id > 500');
    expect(await differing(lab)).toEqual([]);
  });

  test('a second supervisor is refused, and the first goes on', async () => {
    const {supervisor} = await stateOf(lab);
    const second = await longhaul(lab, 'supervise');
    expect(second.code).not.toBe(0);
    expect((await stateOf(lab)).supervisor?.pid).toBe(supervisor?.pid);
  });

  test('a comparison while somebody truncates, deletes and moves rows has no false difference', async () => {
    const comparing = longhaul(lab, 'compare', '--again');
    await lab.source.sql('TRUNCATE public.log; INSERT INTO public.log SELECT n, n FROM generate_series(1, 50) AS n');
    await lab.source.sql('UPDATE public.accounts SET id = id + 100000 WHERE id % 2 = 0');
    await lab.source.sql(
      "BEGIN; DELETE FROM public.big WHERE id = 1; INSERT INTO public.big VALUES (1, 'anew'); COMMIT",
    );
    expect((await comparing).code).toBe(0);
    await guardedAgain(lab);
    expect(await differing(lab)).toEqual([]);
    expect((await stateOf(lab)).capture.owed).toEqual([]);
  });
});
