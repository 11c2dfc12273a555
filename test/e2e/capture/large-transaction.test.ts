import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {readSpilledBytes} from '../../../src/pg/capture/spill.ts';
import {readAllDatabaseSizes} from '../../../src/pg/load/database-sizes.ts';
import {readDisk} from '../../../src/probes/watched/disk.ts';
import {measureWalDirectory} from '../../../src/probes/watched/wal.ts';
import {carryOut} from '../../support/carry-out.ts';
import {drained} from '../../support/drained.ts';
import {contextOn} from '../../support/lab-context.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
/** Rows that are not compressed, so large that few of them are on the way when the sender gives up. */
const ROWS = 80;
/** A sentinel behind it is written within a minute, and the worker has to be seen cut off three times. */
const LIMIT_MS = 300_000;
const VOLUME = 1e12;
const LARGE = `INSERT INTO public.big SELECT 1000 + n, (SELECT string_agg(md5((n * 100000 + j)::text), '') FROM generate_series(1, 12500) AS j) FROM generate_series(1, ${ROWS}) AS n`;

/** What a volume of a known size lacks beside databases and WAL, and what all slots have spilled onto it. */
async function ofAVolume(lab: Lab): Promise<{missing: number; spilled: number}> {
  const ctx = await contextOn(lab);
  try {
    const source = await ctx.session('source');
    const disk = await readDisk('source', {command: null, volumeBytes: VOLUME}, {session: source, env: {}});
    const data = (await source.one(readAllDatabaseSizes())).bytes;
    const wal = (await measureWalDirectory(source)) ?? 0;
    const {bytes: spilled} = await source.one(readSpilledBytes(source.version));
    return {missing: VOLUME - data - wal - (disk.freeBytes ?? 0), spilled};
  } finally {
    await ctx.close();
  }
}

describe.skipIf(!NIGHTLY).each(['native', 'pglogical'] as const)(
  'a transaction that takes longer than a time-out lets it, with %s (nightly)',
  (engine) => {
    let lab: Lab;

    beforeAll(async () => {
      lab = await startLab({seed: SEED, engine});
      await edit(
        lab,
        ['caught_up_for: 3s', 'caught_up_for: 1s'],
        ['load:\n', `probes: {interval: 500ms, metrics_file: ${join(lab.folder, 'cdc.prom')}}\nload:\n`],
      );
      for (const setting of ["wal_sender_timeout = '2s'", "logical_decoding_work_mem = '64kB'"])
        await lab.source.sql(`ALTER SYSTEM SET ${setting}`);
      await lab.source.sql('SELECT pg_reload_conf()');
      await mustEndWell(lab, 'run', '--plain');
      // A row of it takes its time: a trigger of the target that fires for whoever writes.
      await lab.target.sql(
        `SET default_transaction_read_only = off;
       CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END';
       CREATE TRIGGER slow BEFORE INSERT ON public.big FOR EACH ROW EXECUTE FUNCTION public.slow();
       ALTER TABLE public.big ENABLE ALWAYS TRIGGER slow`,
      );
    });
    afterAll(async () => {
      await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
      await lab.stop();
    });

    test('is seen in what each of the slots has spilled while it is open, whatever its tables', async () => {
      const open = lab.source.sql(`BEGIN; ${LARGE}; SELECT pg_sleep(600); COMMIT`).catch(() => []);
      const slots = await eventually('three spills', async () => {
        const metrics = await readFile(join(lab.folder, 'cdc.prom'), 'utf8').catch(() => '');
        const spilled = metrics
          .split('\n')
          .filter(
            (line) => line.startsWith('longhaul_guard_spilled_bytes{') && Number(line.split(' ').at(-1)) > 1_000_000,
          );
        return spilled.length === 3 ? spilled.map((line) => /lh_\d+/.exec(line)?.[0]) : null;
      });
      const {missing, spilled} = await ofAVolume(lab);
      expect(Math.abs(missing - spilled)).toBeLessThan(spilled / 10);
      // It spills while it is written: until the INSERT is over, its session is at that.
      const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'";
      await eventually('it to be ended', async () => ((await lab.source.sql(end)).length > 0 ? true : null));
      await open;
      expect(new Set(slots)).toEqual(new Set(['lh_01', 'lh_02', 'lh_03']));
    });

    test(
      'is named with its size and the time-outs, though the server counts errors; no skip is offered, and it passes after the remedy',
      async () => {
        await lab.source.sql(LARGE);
        const {seen, remedy} = await eventually(
          'the loop to be told',
          async () => (await stateOf(lab)).alarms.find(({id}) => id.startsWith('cdc.loop:')) ?? null,
          LIMIT_MS,
        );
        expect(seen).toContain('wal_sender_timeout 0:02 on the source');
        expect(remedy).not.toMatch(/cdc skip|cdc kick/);
        const slot = /cdc\.loop:(\S+)/.exec((await stateOf(lab)).alarms.map(({id}) => id).join(' '))?.[1] ?? '';
        expect((await longhaul(lab, 'cdc', 'skip', slot)).stderr).toContain('nothing is to be skipped');
        await carryOut(lab, remedy, {application: null});
        await drained(lab);
        const count = 'SELECT count(*), sum(length(body)) FROM public.big';
        expect(await lab.target.sql(count)).toEqual(await lab.source.sql(count));
        expect((await stateOf(lab)).capture.owed).toEqual([]);
      },
      2 * LIMIT_MS,
    );
  },
);
