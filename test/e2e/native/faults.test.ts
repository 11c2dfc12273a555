import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startCdc} from '../../../src/engine/capture/native/start-cdc.ts';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {grantForNative} from '../../../src/lab/roles.ts';
import {startWriters, type Writers} from '../../handoffs/writers.ts';
import {carryOut} from '../../support/carry-out.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {contextOn} from '../../support/lab-context.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

/** For whoever means it: the target's database is read-only by default. */
const WRITE = 'SET default_transaction_read_only = off;';
const QUICK = [
  ['caught_up_for: 3s', 'caught_up_for: 1s'],
  ['load:\n', 'probes: {interval: 1s}\nload:\n'],
] as const;

/** In which tables the target differs from the source once all is applied. */
async function differing(lab: Lab): Promise<unknown[]> {
  await drained(lab);
  return compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target));
}

/** What keeps the run from beginning, as `check` says it. */
async function blockersOf(lab: Lab): Promise<{check: string; remedy: string}[]> {
  const {stdout} = await longhaul(lab, 'check', '--json');
  const said: {findings: {check: string; severity: string; remedy: string}[]} = JSON.parse(stdout);
  return said.findings.filter(({severity}) => severity === 'blocker');
}

/** Waits for an alarm of the run whose id begins so, and gives it. */
async function alarmOf(lab: Lab, id: string): Promise<{readonly seen: string; readonly remedy: string}> {
  return eventually(
    `the alarm ${id}`,
    async () => (await stateOf(lab)).alarms.find((alarm) => alarm.id.startsWith(id)) ?? null,
    120_000,
  );
}

describe.skipIf(!NIGHTLY)('rights and ways of native change capture (nightly)', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'none'});
    await edit(lab, ['  engine: none', '  engine: native\n  caught_up_for: 1s\nslots:\n  prefix: lh_\n  count: 2']);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('each right that is missing is named with what grants it, and that is carried out as it is written', async () => {
    const missing = await blockersOf(lab);
    expect(missing.map(({check}) => check).toSorted()).toEqual([
      'source.create-in-database',
      'source.publish',
      'target.origin',
      'target.subscribe',
    ]);
    for (const {remedy} of missing) await carryOut(lab, remedy, {application: null});
    expect(await blockersOf(lab)).toEqual([]);
  });

  test('a target that does not reach the source is told the way that it has tried, without the password', async () => {
    await grantForNative(lab);
    await edit(lab, ['  engine: native\n', '  engine: native\n  source_for_target: port=1\n']);
    const run = await longhaul(lab, 'run', '--plain');
    const password = readFileSync(`${lab.folder}/pgpass`, 'utf8').trim().split(':').at(-1) ?? '';
    expect(run.stdout).toContain("port=1 dbname=app user=longhaul sslmode=prefer password='********'");
    expect(`${run.stdout}${run.stderr}${readFileSync(`${lab.folder}/target.log`, 'utf8')}`).not.toContain(password);
    expect(await lab.target.sql('SELECT 1 FROM pg_subscription')).toEqual([]);
    await edit(lab, ['  source_for_target: port=1\n', '']);
    await longhaul(lab, 'shutdown');
    await mustEndWell(lab, 'run', '--plain');
    expect(await differing(lab)).toEqual([]);
  });
});

describe.skipIf(!NIGHTLY)('native change capture among faults (nightly)', () => {
  let lab: Lab;
  let writers: Writers;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(lab, ...QUICK);
    writers = await startWriters(lab);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a supervisor that ends after any statement of start-cdc is gone on from there, from exactly P', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'resume-replay');
    await longhaul(lab, 'shutdown');
    const ctx = await contextOn(lab, ...(await journalOf(lab)));
    const all = await startCdc.plan(ctx);
    // Out of its order: nothing is enabled before P.
    await expect(all.at(-1)?.execute()).rejects.toThrow('is not enabled');
    for (let statements = 0; statements < all.length; statements += 1) {
      // Each time as a supervisor that has just been started: it plans anew, and ends behind the first statement that is left.
      const [, next] = await startCdc.plan(ctx);
      if (next === undefined) break;
      await next.execute();
    }
    const done = await startCdc.run(ctx);
    expect('subscriptions' in done && done.subscriptions.length).toBe(3);
    expect(ctx.state().cdcStarted?.by).toBe('start-cdc');
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
    await startCdc.undo?.(ctx);
    await ctx.close();
    await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    writers = await startWriters(lab);
    await mustEndWell(lab, 'run', '--plain');
  });

  test('a worker that is killed is back by itself, with nothing lost', async () => {
    await lab.target.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname = 'lh_01'");
    await lab.target.sql('SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE pid IS NOT NULL');
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
  });

  test('a row that is in the way stops its slot alone, is told, and passes once it is gone', async () => {
    await lab.target.sql(`${WRITE} INSERT INTO public.accounts (id, note) VALUES (-1, 'in the way')`);
    await lab.source.sql("INSERT INTO public.accounts (id, note) VALUES (-1, 'from the source')");
    const {seen, remedy} = await alarmOf(lab, 'cdc.down:');
    expect(seen).toMatch(/applying has failed \d+ times/);
    expect(remedy).toContain("the target's log says why");
    const running = await lab.target.sql('SELECT count(*) FROM pg_stat_subscription WHERE pid IS NOT NULL');
    expect(Number(running[0]?.[0])).toBeGreaterThanOrEqual(2);
    await lab.target.sql(`${WRITE} DELETE FROM public.accounts WHERE id = -1`);
    expect(await differing(lab)).toEqual([]);
    expect(await lab.target.sql('SELECT note FROM public.accounts WHERE id = -1')).toEqual([['from the source']]);
  });

  test('a subscription that somebody has disabled is told, and enabled again by what that says', async () => {
    await lab.target.sql(`${WRITE} ALTER SUBSCRIPTION lh_02 DISABLE`);
    const {remedy} = await alarmOf(lab, 'cdc.stopped:lh_02');
    await carryOut(lab, remedy, {application: null});
    expect(await differing(lab)).toEqual([]);
  });
  test('release ends what reads the slots itself, and frees them; then nothing of it is on the target', async () => {
    await mustEndWell(lab, 'release', '--yes', 'rehearsal');
    expect(await lab.target.sql('SELECT 1 FROM pg_subscription')).toEqual([]);
    expect(await lab.source.sql("SELECT 1 FROM pg_replication_slots WHERE plugin = 'pgoutput'")).toEqual([]);
  });
});
