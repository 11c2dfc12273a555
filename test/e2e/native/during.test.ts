import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {startWriters, type Writers} from '../../handoffs/writers.ts';
import {writeSentinels} from '../../../src/pg/capture/sentinels.ts';
import {drained} from '../../support/drained.ts';
import {contextOn} from '../../support/lab-context.ts';
import {holdOpen} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
/** For whoever means it: the target's database is read-only by default. */
const WRITE = 'SET default_transaction_read_only = off;';

describe('change capture that runs, under writers', () => {
  let lab: Lab;
  let writers: Writers;

  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(lab, ['caught_up_for: 3s', 'caught_up_for: 1s'], ['load:\n', 'probes: {interval: 1s}\nload:\n']);
    await edit(lab, ['count: 3', 'count: 1']);
    // A worker that has failed is tried again sooner than after five seconds.
    await lab.target.sql("ALTER SYSTEM SET wal_retrieve_retry_interval = '300ms'");
    await lab.target.sql('SELECT pg_reload_conf()');
    writers = await startWriters(lab);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  async function hasAlarm(id: string): Promise<string> {
    return eventually(`the alarm ${id}`, async () => {
      const {alarms} = await stateOf(lab);
      return alarms.find((alarm) => alarm.id.startsWith(id))?.seen ?? null;
    });
  }

  test('the target takes writes of nobody but change capture; whoever writes all the same is named', async () => {
    await expect(lab.target.sql("INSERT INTO public.whole VALUES (1000, 'w')")).rejects.toThrow('read-only');
    const letGo = await holdOpen(lab, "SET TRANSACTION READ WRITE; INSERT INTO public.whole VALUES (1000, 'w')");
    const seen = await hasAlarm('target.writers');
    await letGo();
    expect(seen).toMatch(/pid \d+, postgres \(longhaul-lab\): writes there/);
  });

  test('a slot that is paused keeps what comes, and brings it once it is resumed', async () => {
    await mustEndWell(lab, 'cdc', 'pause', 'lh_01');
    expect((await longhaul(lab, 'cdc', 'pause', 'lh_01')).stderr).toContain('is paused already');
    await lab.source.sql("INSERT INTO public.accounts (id, note) VALUES (-1, 'while it was paused')");
    expect(await lab.target.sql('SELECT 1 FROM public.accounts WHERE id = -1')).toEqual([]);
    expect(await lab.source.sql("SELECT active FROM pg_replication_slots WHERE slot_name = 'lh_01'")).toEqual([['f']]);
    await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
    await drained(lab);
    expect(await lab.target.sql('SELECT note FROM public.accounts WHERE id = -1')).toEqual([['while it was paused']]);
    expect((await stateOf(lab)).capture.paused).toEqual([]);
  });

  test('a transaction that cannot be applied is shown, and skipped by its position alone; its table has to be compared', async () => {
    await lab.target.sql(`${WRITE} INSERT INTO public.accounts (id, note) VALUES (-2, 'in the way')`);
    await lab.source.sql("INSERT INTO public.accounts (id, note) VALUES (-2, 'from the source')");
    const shown = await eventually('the transaction to be seen', async () => {
      const said = await longhaul(lab, 'cdc', 'skip', 'lh_01');
      return /INSERT public\.accounts \(id -2\)/.test(said.stdout) ? said : null;
    });
    const lsn = /--lsn (\S+)/.exec(shown.stderr)?.[1] ?? '';
    expect((await stateOf(lab)).capture.owed).toEqual([]);
    const other = await longhaul(lab, 'cdc', 'skip', 'lh_01', '--lsn', '0/1', '--yes', 'rehearsal');
    expect(other.stderr).toContain(`is stuck on the transaction at ${lsn} now`);
    await mustEndWell(lab, 'cdc', 'skip', 'lh_01', '--lsn', lsn, '--yes', 'rehearsal');
    await drained(lab);
    expect(await lab.target.sql('SELECT note FROM public.accounts WHERE id = -2')).toEqual([['in the way']]);
    expect((await stateOf(lab)).capture.owed.map(({table}) => table.name)).toEqual(['accounts']);
    const again = await longhaul(lab, 'cdc', 'skip', 'lh_01');
    expect(again.stderr).toContain('nothing is to be skipped');
    await lab.target.sql(`${WRITE} UPDATE public.accounts SET note = 'from the source' WHERE id = -2`);
  });

  test('a sentinel is behind all that are there, also where the clock of the source was ahead of itself', async () => {
    const [[ahead = ''] = []] = await lab.source.sql(
      "INSERT INTO longhaul_cdc.lh_01 VALUES ((extract(epoch FROM clock_timestamp() + interval '1 hour') * 1000000)::bigint, now()) RETURNING n",
    );
    const ctx = await contextOn(lab);
    const source = await ctx.session('source');
    const {n} = await source.one(writeSentinels(['lh_01']));
    await ctx.close();
    await lab.source.sql(`DELETE FROM longhaul_cdc.lh_01 WHERE n >= ${ahead}`);
    expect(n).toBeGreaterThan(Number(ahead));
  });

  test('a table that is made meanwhile is an alarm, and once adopted it is equal, whatever its writers do', async () => {
    await lab.source.sql(
      `CREATE TABLE public.born (id integer PRIMARY KEY, note text); ALTER TABLE public.born OWNER TO app_owner;
       INSERT INTO public.born SELECT n, 'before' FROM generate_series(1, 1000) AS n`,
    );
    expect(await hasAlarm('cdc.uncaptured:public.born')).toContain('no slot captures it');
    const before = lab.source.sql(
      `BEGIN; UPDATE public.born SET note = 'across' WHERE id = 7; SELECT pg_sleep(1); INSERT INTO public.born VALUES (-7, 'across'); COMMIT`,
    );
    await mustEndWell(lab, 'adopt', 'public.born', '--yes', 'rehearsal');
    await before;
    await lab.source.sql("UPDATE public.born SET note = 'after' WHERE id = 8; DELETE FROM public.born WHERE id = 9");
    await writers.stop();
    await drained(lab);
    expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
    const {newTables, adopted} = (await stateOf(lab)).capture;
    expect([newTables, adopted.map(({slot}) => slot)]).toEqual([[], ['lh_01']]);
  });

  test('release opens the target again, and what it has taken back is claimed no more', async () => {
    await mustEndWell(lab, 'release', '--yes', 'rehearsal');
    await lab.target.sql("INSERT INTO public.whole VALUES (1001, 'w')");
    const {claimed} = await stateOf(lab);
    expect(claimed.filter((object) => /^(subscription|slot|read-only) /.test(object))).toEqual([]);
  });
});
