import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {holdOpen} from '../../support/hold.ts';
import {contextOn} from '../../support/lab-context.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const SEED = join(import.meta.dirname, 'last-comparison.sql');
/** Whoever scans one of them waits, in each of the two lanes. By its name the session is the run's own, which the hand-over does not end. */
const HELD =
  "SET TRANSACTION READ WRITE; SET application_name = 'longhaul/rehearsal/held'; LOCK TABLE public.held_a, public.held_b IN ACCESS EXCLUSIVE MODE";

/** How many of these statements name a table. */
function of(texts: readonly string[], table: string): number {
  return texts.filter((text) => text.includes(`"${table}"`)).length;
}

describe('the last comparison', () => {
  let lab: Lab;
  const stop = (): string => join(lab.folder, 'stop');
  /** Of each server, how many sessions of the comparison hold a snapshot. */
  const snapshots = async (): Promise<number[]> =>
    Promise.all(
      [lab.source, lab.target].map(async (side) => {
        const [[n = ''] = []] = await side.sql(
          "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%/final-%' AND backend_xmin IS NOT NULL",
        );
        return Number(n);
      }),
    );
  const isGone = async (): Promise<void> => {
    await eventually('the snapshots to be gone', async () => ((await snapshots()).join(' ') === '0 0' ? true : null));
  };

  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(
      lab,
      ['caught_up_for: 3s', 'caught_up_for: 1s'],
      [
        'cutover:\n',
        `timeouts:\n  lock: 1s\ncutover:\n  stop_before: [{run: [sh, -c, 'while [ -e ${stop()} ]; do sleep 0.05; done'], time_limit: 5min}]\n`,
      ],
    );
    await mustEndWell(lab, 'run', '--plain');
    await lab.source.sql("UPDATE public.busy SET words = 'changed' WHERE id = 1");
    await drained(lab);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is over at its limit, with its snapshots on both servers, and says what it has not compared', async () => {
    const context = await contextOn(lab);
    const {cutover} = context.config;
    const ctx = {...context, config: {...context.config, cutover: {...cutover, compareForMs: 0, compareLimitMs: 500}}};
    await ctx.final.prepare(ctx);
    const letGo = await holdOpen(lab, HELD);
    try {
      await ctx.final.begin(ctx);
      await ctx.final.over();
      const {left, ended, failure} = ctx.final.progress();
      expect(ended).toEqual({by: 'run', why: 'cutover.compare_limit (0:00) was over'});
      expect(failure).toBeNull();
      expect(left).toEqual(expect.arrayContaining(['public.held_a', 'public.held_b']));
      await isGone();
    } finally {
      await letGo();
      await context.close();
    }
  });

  test('tells a table that was altered on the target meanwhile, or emptied, and compares all others as they were', async () => {
    const context = await contextOn(lab);
    const onTarget = async (sql: string): Promise<unknown> => lab.target.sql(`BEGIN READ WRITE; ${sql}; COMMIT`);
    const emptied = 'CREATE TABLE public.kept AS TABLE public.still; TRUNCATE public.still';
    const cutover = {status: 'opening'} as RunState['cutover'];
    const ctx = {...context, state: (): RunState => ({...context.state(), cutover})};
    await ctx.final.prepare(ctx);
    const letGo = await holdOpen(lab, HELD);
    try {
      await ctx.final.begin(ctx);
      await onTarget(`ALTER TABLE public.altered DROP COLUMN extra; ${emptied}`);
      await letGo();
      await ctx.final.over();
      const {compared, left, failed, failure} = ctx.final.progress();
      expect([failure, left]).toEqual([null, []]);
      expect(compared.map(({table}) => table).toSorted()).toEqual(['public.busy', 'public.held_a', 'public.held_b']);
      expect(failed.map(({table, why}) => `${table}: ${why}`).toSorted()).toEqual([
        expect.stringMatching(/^public.altered: target: column "extra" does not exist/),
        expect.stringMatching(/^public.still: it was emptied or rewritten on the open target/),
      ]);
    } finally {
      await letGo();
      await onTarget(
        'ALTER TABLE public.altered ADD COLUMN extra text; INSERT INTO public.still TABLE public.kept; DROP TABLE public.kept',
      );
      await context.close();
    }
  });

  test('counts what there is no time to compare, and finds a row that is missing by that', async () => {
    const context = await contextOn(lab);
    const {config} = context;
    // Too short for a scan of every row, and it is never over.
    const short = {...config, cutover: {...config.cutover, compareForMs: 1}};
    const said: string[] = [];
    const open: StepContext['open'] = async (role, purpose) => {
      const session = await context.open(role, purpose);
      const one: Session['one'] = async (statement, limits) => {
        said.push(statement.text);
        return session.one(statement, limits);
      };
      return Object.assign(Object.create(session) as Session, {one});
    };
    const ctx = {...context, config: short, steady: () => 0, open};
    try {
      await lab.target.sql('BEGIN READ WRITE; DELETE FROM public.held_a WHERE id = 1; COMMIT');
      await ctx.final.begin(ctx);
      await ctx.final.over();
      const {compared, left, failure} = ctx.final.progress();
      expect([failure, left]).toEqual([null, []]);
      expect(compared.filter(({differs}) => differs)).toEqual([
        {table: 'public.held_a', differs: true, sourceRows: 10, targetRows: 9},
      ]);
      const counts = said.filter((text) => text.includes('count(ctid)'));
      expect([of(counts, 'held_a'), of(counts, 'held_b')]).toEqual([2, 2]);
      // Every row of it is compared as well; what is too large for the time is not counted.
      expect([of(said, 'held_b'), of(counts, 'busy'), of(said, 'busy')]).toEqual([4, 0, 2]);
    } finally {
      await lab.target.sql("BEGIN READ WRITE; INSERT INTO public.held_a VALUES (1, 'a1'); COMMIT");
      await context.close();
    }
  });

  test('is rehearsed: what changed since the tables were found equal, the views that are left, a sequence behind its column', async () => {
    const {stdout} = await longhaul(lab, 'cutover', '--check');
    expect(stdout).toMatch(/first 1 table, [\d.]+ MB that changed since compare-again/);
    expect(stdout).toMatch(
      /these materialized views stay as the load filled them.*: public\.plain, [\d.]+ kB, filled in/,
    );
    expect(stdout).toContain('public.busy.id has 900000, public.busy_id_seq of the source is at 20000');
  });

  test('takes what was written to first, however large, and goes on behind the hand-over until somebody ends it', async () => {
    await writeFile(stop(), '');
    const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await eventually('the writes to be stopped', async () =>
      (await stateOf(lab)).cutover?.stoppingAt == null ? null : true,
    );
    const letGo = await holdOpen(lab, HELD);
    await rm(stop());
    await eventually('the hand-over', async () => {
      const {cutover} = await stateOf(lab);
      if (cutover?.status === 'gone-back') throw new Error(cutover.goneBack?.reason);
      return cutover?.status === 'handed-over' ? true : null;
    });
    const {evidence} = await stateOf(lab);
    // The two that nobody wrote to are smaller, and keep both lanes; there would be time to compare all, so that nothing is counted.
    expect(evidence['compare-final']?.byRow).toEqual(['public.busy']);
    expect(evidence['compare-final']?.written).toMatchObject({tables: 1, left: []});
    const left = ['public.altered', 'public.held_a', 'public.held_b', 'public.still'];
    expect(evidence['compare-final']?.left?.toSorted()).toEqual(left);

    expect(await snapshots()).toEqual([2, 2]);
    // Of what was compared nothing is locked any more: whoever alters it would keep everybody waiting behind him.
    await lab.target.sql("SET lock_timeout = '5s'; BEGIN; LOCK TABLE public.busy IN ACCESS EXCLUSIVE MODE; COMMIT");
    expect((await longhaul(lab, 'status')).stdout).toMatch(
      /4 tables are compared as they were.*held for 0:\d\d, at most/,
    );
    expect((await longhaul(lab, 'status', '--line')).stdout).toMatch(/snapshots 0:\d\d of 4:00:00/);

    const reply = await mustEndWell(lab, 'cutover', '--end-comparison');
    expect(reply.stdout).toContain('4 tables not compared: ');
    await isGone();
    await letGo();
    // What was not compared is left to the operator.
    expect((await ended).code).toBe(1);
    const {cutover, differences, findings} = await stateOf(lab);
    expect(cutover?.comparisonOver?.left.toSorted()).toEqual(left);
    expect(cutover?.comparisonOver?.why).toMatch(/ has ended it$/);
    expect(differences.map(({object, differs}) => `${object} ${differs}`).toSorted()).toEqual(
      left.map((table) => `table ${table} was not compared at the hand-over`),
    );
    expect(findings.map(({check}) => check)).toEqual(
      expect.arrayContaining(['cutover.views-left', 'cutover.numbers-taken', 'cutover.not-counted']),
    );
    expect((await longhaul(lab, 'cutover', '--end-comparison')).code).not.toBe(0);
  });

  test('and what is left to do helps as it is written: the view is filled anew, the sequence gives no number that is taken, the tables are accepted', async () => {
    const {findings} = await stateOf(lab);
    const remedyOf = (check: string): string => findings.findLast((one) => one.check === check)?.remedy ?? '';
    await lab.target.sql("INSERT INTO public.busy (id, words) VALUES (800000, 'new')");
    const [, refresh = ''] = /: (REFRESH MATERIALIZED VIEW .*)$/.exec(remedyOf('cutover.views-left')) ?? [];
    await lab.target.sql(refresh);
    expect(await lab.target.sql('SELECT n FROM public.plain')).toEqual(
      await lab.target.sql('SELECT count(*) FROM public.busy'),
    );
    const [, set = ''] = /: (SELECT setval.*)$/.exec(remedyOf('cutover.numbers-taken')) ?? [];
    await lab.target.sql(set);
    expect(await lab.target.sql("SELECT nextval('public.busy_id_seq')")).toEqual([['900001']]);
    for (const table of ['public.altered', 'public.held_a', 'public.held_b', 'public.still'])
      await mustEndWell(lab, 'accept', `table ${table}`, '--yes', 'rehearsal');
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    // Filled anew as production fills it, and not by what our own sessions have set.
    expect(await lab.target.sql('SELECT n > 20001, noon FROM public.keyed')).toEqual([['t', '2026-01-01 21:00:00+09']]);
  });
});
