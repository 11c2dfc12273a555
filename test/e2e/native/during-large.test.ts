import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {holdOpen} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

describe.skipIf(!NIGHTLY)('what is seen around change capture (nightly)', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(lab, ['caught_up_for: 3s', 'caught_up_for: 1s'], ['load:\n', 'probes: {interval: 500ms}\nload:\n']);
    await edit(lab, ['count: 3', 'count: 1']);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  async function alarmOf(id: string): Promise<{seen: string; remedy: string}> {
    return eventually(
      `the alarm ${id}`,
      async () => (await stateOf(lab)).alarms.find((alarm) => alarm.id.startsWith(id)) ?? null,
      120_000,
    );
  }

  test('a target that somebody has opened is told, and closed by what that says', async () => {
    await lab.target.sql(
      'SET default_transaction_read_only = off; ALTER DATABASE app RESET default_transaction_read_only',
    );
    const {remedy} = await alarmOf('target.open');
    await carryOut(lab, remedy, {application: null});
    await expect(lab.target.sql("INSERT INTO public.whole VALUES (1000, 'w')")).rejects.toThrow('read-only');
  });

  test('a transaction that takes longer than a time-out lets it is named, with its size; no skip is offered, and it passes after the remedy', async () => {
    await lab.source.sql("ALTER SYSTEM SET wal_sender_timeout = '1s'");
    await lab.source.sql("ALTER SYSTEM SET logical_decoding_work_mem = '64kB'");
    await lab.source.sql('SELECT pg_reload_conf()');
    // The worker waits at the first row of ours, and says nothing to the sender meanwhile.
    const letGo = await holdOpen(lab, 'SET TRANSACTION READ WRITE; LOCK TABLE public.log IN SHARE MODE');
    await lab.source.sql('INSERT INTO public.log (account, amount) SELECT 1, n FROM generate_series(1, 300000) AS n');
    // With nothing behind it that is to come, a worker that ends is no loop; the run itself writes one once a minute.
    await lab.source.sql(
      'INSERT INTO longhaul_cdc.lh_01 VALUES ((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, now())',
    );
    for (let cut = 0; cut < 4; cut += 1) await cutOff(lab);
    const {seen, remedy} = await alarmOf('cdc.loop:lh_01');
    expect(seen).toMatch(/has begun \d+ times from the same position, without an error/);
    expect(seen).toContain('wal_sender_timeout 0:01 on the source');
    const skip = await longhaul(lab, 'cdc', 'skip', 'lh_01');
    expect(skip.stderr).toContain('nothing is to be skipped');
    await letGo();
    await carryOut(lab, remedy.slice(remedy.indexOf('on the source')), {application: null});
    await drained(lab);
    const count = 'SELECT count(*) FROM public.log';
    expect(await lab.target.sql(count)).toEqual(await lab.source.sql(count));
  });
});

/** Ends the worker as a time-out of its receiver would: without an error that the server counts. */
async function cutOff(lab: Lab): Promise<void> {
  const worker = 'SELECT pid FROM pg_stat_subscription WHERE pid IS NOT NULL';
  const pid = await eventually('a worker', async () => (await lab.target.sql(worker))[0]?.[0] ?? null);
  // The probe has to have seen it.
  await eventually('a probe of it', async () => {
    const [[seen = 'f'] = []] = await lab.target.sql(
      `SELECT bool_or(backend_start < now() - interval '3 s') FROM pg_stat_activity WHERE pid = ${pid}`,
    );
    return seen === 't' ? true : null;
  });
  await lab.target.sql(`SELECT pg_terminate_backend(${pid})`);
  await eventually('it to be gone', async () =>
    (await lab.target.sql(`SELECT 1 FROM pg_stat_activity WHERE pid = ${pid}`)).length === 0 ? true : null,
  );
}
