import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {planSums} from '../../../src/engine/compare/compare-rows.ts';
import {tablesToCompare} from '../../../src/engine/compare/compare-tables.ts';
import {planCounts} from '../../../src/engine/compare/count-tables.ts';
import {KEEP_NOTHING} from '../../../src/engine/compare/kept-sums.ts';
import {readSides} from '../../../src/engine/compare/read-sides.ts';
import {createScanning} from '../../../src/engine/compare/scans/scanning.ts';
import type {TableComparison} from '../../../src/engine/compare/table-comparison.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {executeBeside} from '../../../src/engine/waiting/pool.ts';
import type {Chunk} from '../../../src/pg/compare/table-sums.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {holdOpen} from '../../support/hold.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually, journalOf, longhaul, mustEndWell} from '../../support/longhaul.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({seed: join(import.meta.dirname, 'seed.sql')});
  await mustEndWell(lab, 'run', '--plain', '--until', 'build-indexes');
  await mustEndWell(lab, 'shutdown');
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

describe('the scans of a comparison', () => {
  test('a scan that goes on after the comparison was held is ended by its server, and made again once that is over', async () => {
    const own = await contextOn(lab, ...(await journalOf(lab)));
    let held = false;
    // A clock on which a minute is over soon.
    const ctx = {...own, state: () => ({...own.state(), held}), steady: () => performance.now() * 100};
    const scanning = createScanning(ctx, {
      lanes: 2,
      dialect: {formula: 'extended', binaryFloats: false},
      purpose: 'recompare',
    });
    const table = {schema: 'public', name: 'still'};
    const statement = sql<{v: string}>(
      "SELECT v, pg_sleep(CASE WHEN v = 'slow' THEN 600 ELSE 0 END) FROM public.still WHERE id = 100",
    );
    const atWork = async (): Promise<number> =>
      (
        await lab.target.sql(
          "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT v, pg_sleep%'",
        )
      ).length;
    try {
      await lab.target.sql("UPDATE public.still SET v = 'slow' WHERE id = 100");
      const read = scanning.rows({side: 'target', table, hides: false, bytes: 0, statement});
      await eventually('the scan', async () => ((await atWork()) === 1 ? true : null));
      held = true;
      await eventually('the end of the scan', async () => ((await atWork()) === 0 ? true : null));
      await lab.target.sql("UPDATE public.still SET v = 'v100' WHERE id = 100");
      const told: (string | null)[] = [];
      const next = scanning.rows({side: 'target', table, hides: false, bytes: 0, statement}, async (work) =>
        work((phase) => told.push(phase)),
      );
      expect(await Promise.race([read, next, own.sleep(1500).then(() => 'held')])).toBe('held');
      held = false;
      expect(await Promise.all([read, next])).toMatchObject([[{v: 'v100'}], [{v: 'v100'}]]);
      expect(told.slice(0, 2)).toEqual(['held', null]);
    } finally {
      held = false;
      await scanning.close();
      await own.close();
    }
  });

  test('a count that waits in a comparison that is held is ended as well, and made again', async () => {
    const own = await contextOn(lab, ...(await journalOf(lab)));
    let held = false;
    const ctx = {...own, state: () => ({...own.state(), held}), steady: () => performance.now() * 100};
    const told: TableComparison[] = [];
    const tables = (await tablesToCompare(ctx)).filter(({table}) => table.name === 'still');
    const scans = planCounts(ctx, tables, {
      rows: 'quick',
      lanes: 1,
      showValues: true,
      purpose: 'recompare',
      sample: null,
      kept: KEEP_NOTHING,
      hear: async (one) => void told.push(one),
    });
    const letGo = await holdOpen(lab, 'LOCK TABLE public.still IN ACCESS EXCLUSIVE MODE');
    const waiting = async (): Promise<number> =>
      (
        await lab.target.sql(
          "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name ~ 'recompare-1$'",
        )
      ).length;
    try {
      const counted = executeBeside(scans.actions);
      await eventually('the count', async () => ((await waiting()) === 1 ? true : null));
      held = true;
      await eventually('the end of the count', async () => ((await waiting()) === 0 ? true : null));
      await letGo();
      expect(told).toEqual([]);
      held = false;
      await counted;
      expect(told).toMatchObject([{how: 'counts', replicaRows: 100, targetRows: 100, differs: false}]);
    } finally {
      held = false;
      await letGo();
      await scans.close();
      await own.close();
    }
  });

  test('a broken index hides no row: what is read by ranges of a key is counted plainly as well', async () => {
    await lab.target.sql(`
      BEGIN;
      ALTER TABLE public.people DROP CONSTRAINT people_pkey;
      CREATE INDEX broken ON public.people (id) WHERE id < 1500;
      UPDATE pg_index SET indpred = NULL WHERE indexrelid = 'public.broken'::regclass;
      COMMIT`);
    const own = await contextOn(lab, ...(await journalOf(lab)));
    const open: LabContext['open'] = async (role, purpose) => {
      const session = await own.open(role, purpose);
      await session.run(sql('SET enable_seqscan = off'));
      return session;
    };
    const ctx = {...own, open};
    const compareByKey = async (): Promise<string | null | undefined> => {
      const tables = (await tablesToCompare(ctx)).filter(({table}) => table.name === 'people');
      const {dialect, pairs} = await readSides(ctx, tables, 2);
      const chunks = [null, '700'].map((from): Chunk => ({
        by: 'key',
        column: 'id',
        from,
        to: from === null ? '700' : null,
      }));
      const told: TableComparison[] = [];
      const scans = planSums(
        ctx,
        {dialect, pairs: pairs.map((pair) => ({...pair, chunks: {...pair.chunks, target: chunks}}))},
        {
          rows: 'full',
          lanes: 2,
          showValues: true,
          purpose: 'recompare',
          sample: null,
          kept: KEEP_NOTHING,
          hear: async (one) => void told.push(one),
        },
      );
      await executeBeside(scans.actions);
      await scans.close();
      return told[0]?.rows?.why;
    };
    try {
      expect(await compareByKey()).toContain(
        'by the index of its key the target has 1,499 rows, by a plain count 2,000',
      );
      await lab.target.sql('REINDEX INDEX public.broken');
      expect(await compareByKey()).toBeUndefined();
    } finally {
      await own.close();
      await lab.target.sql('DROP INDEX public.broken; ALTER TABLE public.people ADD PRIMARY KEY (id)');
    }
  });
});
