import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {pglogical} from '../../../src/engine/capture/pglogical/pglogical.ts';
import {prepareCdc} from '../../../src/engine/capture/pglogical/anchor/prepare-cdc.ts';
import type {Step, StepContext} from '../../../src/engine/step.ts';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriters, type Writers} from '../../handoffs/writers.ts';
import {drained} from '../../support/drained.ts';
import {contextOn} from '../../support/lab-context.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
/** Of a session that writes to a target that is read-only by default. */
const WRITE = 'SET default_transaction_read_only = off;';

async function quick(lab: Lab): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(
    lab.yamlPath,
    yaml
      .replace('caught_up_for: 3s', 'caught_up_for: 1s')
      .replace('load:\n', 'probes: {interval: 1s}\nload:\n')
      .replace('count: 3', 'count: 2'),
  );
}

/** In which tables the target differs from the source once all is applied. */
async function differing(lab: Lab): Promise<unknown[]> {
  await drained(lab);
  return compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target));
}

/** Waits for an alarm of the run whose id begins so, and gives it. */
async function alarmOf(lab: Lab, id: string): Promise<{readonly seen: string; readonly remedy: string}> {
  return eventually(
    `the alarm ${id}`,
    async () => (await stateOf(lab)).alarms.find((alarm) => alarm.id.startsWith(id)) ?? null,
    120_000,
  );
}

/** Carries a step out as supervisors would that end ever later: each plans anew, and executes one action more where the last has come no further. */
async function byPieces(ctx: StepContext, step: Step): Promise<void> {
  for (let pieces = 1; ;) {
    const actions = await step.plan(ctx);
    if (pieces > actions.length) break;
    for (const action of actions.slice(0, pieces)) await action.execute();
    pieces = (await step.plan(ctx)).length < actions.length ? 1 : pieces + 1;
  }
  await step.run(ctx);
}

describe.skipIf(!NIGHTLY)('change capture by pglogical among faults (nightly)', () => {
  let lab: Lab;
  let writers: Writers;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'pglogical'});
    await quick(lab);
    writers = await startWriters(lab);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a supervisor that ends after any statement of prepare-cdc and start-cdc is gone on from there, from exactly P', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'create-replication-sets');
    await longhaul(lab, 'shutdown');
    const first = await contextOn(lab, ...(await journalOf(lab)));
    await byPieces(first, prepareCdc);
    expect(first.state().claimed.filter((object) => object.startsWith('slot pgl_'))).toHaveLength(2);
    await prepareCdc.undo?.(first);
    await first.close();
    await mustEndWell(lab, 'run', '--plain', '--until', 'resume-replay');
    await longhaul(lab, 'shutdown');
    const ctx = await contextOn(lab, ...(await journalOf(lab)));
    const start = pglogical.live?.start;
    if (start === undefined) throw new Error('it starts change capture');
    // Out of its order: nothing is enabled before P.
    await expect((await start.plan(ctx)).at(-1)?.execute()).rejects.toThrow('is not enabled');
    await byPieces(ctx, start);
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
    await start.undo?.(ctx);
    await prepareCdc.undo?.(ctx);
    await ctx.close();
    await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    writers = await startWriters(lab);
    await mustEndWell(lab, 'run', '--plain');
  });

  test('a source that was away for a while: pglogical would sleep for minutes, and is kicked', async () => {
    await writers.stop();
    await lab.source.stop('fast');
    await eventually('the workers to have ended', async () => {
      const workers = await lab.target.sql(
        "SELECT 1 FROM pg_stat_activity WHERE backend_type LIKE 'pglogical apply%' AND wait_event IS NOT NULL",
      );
      return workers.length === 0 ? true : null;
    });
    await lab.source.start();
    writers = await startWriters(lab);
    await eventually(
      'every subscription to replicate',
      async () => {
        const states = await lab.target.sql('SELECT status FROM pglogical.show_subscription_status()');
        return states.every(([status]) => status === 'replicating') ? true : null;
      },
      60_000,
    );
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
    writers = await startWriters(lab);
  });

  test('a target that dies and comes back has nothing lost and nothing doubled', async () => {
    await lab.target.stop('immediate');
    await lab.target.start();
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
    writers = await startWriters(lab);
  });

  test('a row that is in the way stops its slot alone; the transaction is shown, and skipped by its command', async () => {
    await lab.target.sql(`${WRITE} INSERT INTO public.accounts (id, note) VALUES (-1, 'in the way')`);
    await lab.source.sql("INSERT INTO public.accounts (id, note) VALUES (-1, 'from the source')");
    await alarmOf(lab, 'cdc.down:');
    const shown = await eventually('the transaction to be seen', async () => {
      const said = await longhaul(lab, 'cdc', 'skip', 'lh_01');
      return /INSERT public\.accounts \(id -1\)/.test(said.stdout) ? said : null;
    });
    const lsn = /--lsn (\S+)/.exec(`${shown.stdout}${shown.stderr}`)?.[1] ?? '';
    await mustEndWell(lab, 'cdc', 'skip', 'lh_01', '--lsn', lsn, '--yes', 'rehearsal');
    await drained(lab);
    expect(await lab.target.sql('SELECT note FROM public.accounts WHERE id = -1')).toEqual([['in the way']]);
    expect((await stateOf(lab)).capture.owed.map(({table}) => table.name)).toContain('accounts');
    await lab.target.sql(`${WRITE} UPDATE public.accounts SET note = 'from the source' WHERE id = -1`);
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
    writers = await startWriters(lab);
  });

  test('a row that is missing on the target is an error in strict mode, and goes on once it is mended', async () => {
    await lab.target.sql(`${WRITE} DELETE FROM public.accounts WHERE id = -1`);
    await lab.source.sql("UPDATE public.accounts SET note = 'changed' WHERE id = -1");
    await alarmOf(lab, 'cdc.down:');
    await lab.target.sql(`${WRITE} INSERT INTO public.accounts (id, note) VALUES (-1, 'from the source')`);
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
    writers = await startWriters(lab);
  });

  test('one slot is paused and goes on by its command, with nothing lost', async () => {
    await mustEndWell(lab, 'cdc', 'pause', 'lh_01');
    expect(await lab.target.sql("SELECT status FROM pglogical.show_subscription_status('lh_01')")).toEqual([
      ['disabled'],
    ]);
    await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
    await writers.stop();
    expect(await differing(lab)).toEqual([]);
    writers = await startWriters(lab);
  });

  test('an abort while a slot is still being made leaves nothing, and hangs nowhere', async () => {
    await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    await writers.stop();
    await mustEndWell(lab, 'run', '--plain', '--until', 'create-replication-sets');
    const open = lab.source
      .sql('BEGIN; INSERT INTO public.log VALUES (1, 1); SELECT pg_sleep(60); COMMIT')
      .catch(() => undefined);
    await eventually('the transaction to hold an xid', async () =>
      (
        await lab.source.sql(
          "SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
        )
      ).length > 0
        ? true
        : null,
    );
    await longhaul(lab, 'run', '--detach');
    await eventually('the slot to be in the making', async () =>
      (await lab.source.sql("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'lh\\_%\\_snap'")).length > 0
        ? true
        : null,
    );
    await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    expect(await lab.target.sql('SELECT sub_name FROM pglogical.subscription')).toEqual([]);
    expect(await lab.source.sql("SELECT slot_name FROM pg_replication_slots WHERE plugin LIKE 'pglogical%'")).toEqual(
      [],
    );
    await lab.source.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    );
    await open;
  });
});
