import {writeFileSync, readFileSync} from 'node:fs';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {IndexRow} from '../../../src/pg/catalog/indexes.ts';
import {buildBeside, type BuildsBeside} from '../../../src/engine/schema/beside/build-beside.ts';
import {wantedBy} from '../../../src/engine/schema/beside/wanted.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {holdOpen, type LetGo} from '../../support/hold.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually} from '../../support/longhaul.ts';
import {logStatements, readStatements} from '../../support/server-log.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {index} from './rows.ts';

const P = parseLsn('0/1000028');

const NOBODY: LetGo = async () => undefined;

/** An index of one of the tables below on its column `id`. */
const on = (table: string, name: string, change: Partial<IndexRow> = {}): IndexRow =>
  index(name, {
    table,
    definition: `CREATE ${change.unique === true ? 'UNIQUE ' : ''}INDEX ${name} ON public.${table} USING btree (id)`,
    ...change,
  });
const key = (table: string): IndexRow =>
  on(table, `${table}_pkey`, {unique: true, constraintType: 'p', constraintName: `${table}_pkey`});

const INDEXES = [
  on('a', 'a_small', {bytes: 10}),
  on('a', 'a_large', {bytes: 20}),
  key('a'),
  key('b'),
  on('c', 'c_twice', {unique: true, definition: 'CREATE UNIQUE INDEX c_twice ON public.c USING btree ((id % 2))'}),
  key('c'),
];

describe('indexes beside the load', () => {
  let lab: Lab;
  let ctx: LabContext;
  let builds: BuildsBeside;
  let letGo: LetGo = NOBODY;

  beforeAll(async () => {
    lab = await startLab({seed: false});
    writeFileSync(lab.yamlPath, readFileSync(lab.yamlPath, 'utf8').replace('load:\n', 'load:\n  retry_delay: 100ms\n'));
    await logStatements(lab.target);
  });
  afterAll(async () => lab.stop());

  beforeEach(async () => {
    const marker = await contextOn(lab);
    await (await marker.open('target', 'index-0')).run(sql('SELECT 1 AS "TEST BEGINS"'));
    await marker.close();
    for (const table of ['a', 'b', 'c'])
      await lab.target.sql(`DROP TABLE IF EXISTS public.${table}; CREATE TABLE public.${table} (id integer NOT NULL);
        INSERT INTO public.${table} SELECT generate_series(1, 100); ALTER TABLE public.${table} OWNER TO longhaul`);
  });
  afterEach(async () => {
    await letGo();
    await builds.leave();
    await ctx.close();
    await lab.target.sql('DROP TABLE public.a, public.b, public.c');
  });

  /** A load of which the units of these tables are in. */
  async function loaded(tables: readonly string[], indexJobs = 1): Promise<void> {
    const units = ['a', 'b', 'c'].map((name) => ({
      id: name,
      kind: 'table' as const,
      tables: [{schema: 'public', name}],
      bytes: 100,
    }));
    ctx = await contextOn(
      lab,
      {type: 'load.planned', boundary: P, units, lanes: 2},
      ...tables.map((unit): RunEvent => ({type: 'unit.committed', unit, attempt: 1, rows: 100, bytes: 100, tookMs: 1})),
    );
    ctx = {...ctx, config: {...ctx.config, load: {...ctx.config.load, indexJobs}}};
    builds = buildBeside(
      ctx,
      wantedBy({indexes: INDEXES, foreignKeys: [], triggers: [], checks: [], comments: [], tables: []}, ctx.config),
    );
  }

  const untilNothingLeft = async (): Promise<unknown> =>
    eventually('the end of the builds', async () => ((await builds.goOn()) === 'nothing left' ? true : null));
  /** Goes on until something is so. */
  const goOnUntil = async (what: string, isSo: () => Promise<boolean>): Promise<unknown> =>
    eventually(what, async () => {
      await builds.goOn();
      return (await isSo()) ? true : null;
    });

  const indexesOf = async (table: string): Promise<string[]> => {
    const rows = await lab.target.sql(
      `SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'public.${table}'::regclass ORDER BY indexrelid::regclass::text`,
    );
    return rows.map(([name = '']) => name);
  };
  /** What sessions that build have been asked since the test began, as far as it has such a word. */
  const asked = async (word: RegExp): Promise<string[]> => {
    const texts = (await readStatements(lab.target, /\/index-\d+$/)).map((one) => one.texts[0] ?? '');
    return texts
      .slice(texts.lastIndexOf('SELECT 1 AS "TEST BEGINS"') + 1)
      .flatMap((text) => word.exec(text)?.[0] ?? []);
  };
  const told = (): string[] =>
    ctx.entries.flatMap((entry) =>
      entry.type === 'finding.seen' ? [`${entry.finding.subject} ${entry.finding.seen}`] : [],
    );

  test('are built while a lane has a table for itself: what CDC needs first, the largest next, what takes the table last', async () => {
    letGo = await holdOpen(lab, 'LOCK TABLE public.b IN ACCESS EXCLUSIVE MODE');
    await loaded(['a']);
    await untilNothingLeft();
    expect(await asked(/INDEX a_\w+ ON|ADD CONSTRAINT|ANALYZE/)).toEqual([
      'INDEX a_pkey ON',
      'INDEX a_large ON',
      'INDEX a_small ON',
      'ADD CONSTRAINT',
      'ANALYZE',
    ]);
    expect(await indexesOf('a')).toEqual(['a_large', 'a_pkey', 'a_small']);
    await letGo();
    expect(await indexesOf('b')).toEqual([]);
  });

  test('that the server refuses are told with its words, and keep no other from being built', async () => {
    await loaded(['a', 'c']);
    await untilNothingLeft();
    expect(told()).toEqual([
      expect.stringMatching(/^index public.c_twice could not be built beside the load: .*\(id % 2\)/),
    ]);
    expect(await indexesOf('c')).toEqual(['c_pkey']);
    expect(await indexesOf('a')).toHaveLength(3);
  });

  test('begin neither while units are held nor while all lanes are paused', async () => {
    await loaded(['a']);
    await ctx.record({type: 'load.held', by: 'ana'});
    expect(await builds.goOn()).toBe('waiting');
    await ctx.record({type: 'load.released', by: 'ana'});
    await ctx.record({type: 'unit.started', unit: 'b', attempt: 1, lane: 1, folder: '/nowhere'});
    await ctx.record({type: 'unit.paused', unit: 'b', by: 'ana'});
    expect(await builds.goOn()).toBe('waiting');
    expect(await indexesOf('a')).toEqual([]);
    await ctx.record({type: 'unit.resumed', unit: 'b', by: 'ana'});
    await untilNothingLeft();
    expect(await indexesOf('a')).toHaveLength(3);
  });

  test('that a supervisor has left at the server are waited for: none is built twice, none is missing, and other tables go on', async () => {
    letGo = await holdOpen(lab, 'LOCK TABLE public.a IN ROW EXCLUSIVE MODE');
    const old = await contextOn(lab);
    const builder = await old.open('target', 'index-1');
    const building = builder.run(sql('CREATE INDEX a_large ON public.a USING btree (id)'), {
      timeoutMs: 0,
      lockTimeoutMs: 0,
    });
    await untilWaits(lab);
    await loaded(['a', 'c'], 2);
    await goOnUntil('the indexes of c', async () => (await indexesOf('c')).includes('c_pkey'));
    expect(await asked(/INDEX a_\w+ ON/)).toEqual(['INDEX a_large ON']);
    await letGo();
    await building;
    await untilNothingLeft();
    await old.close();
    expect((await asked(/INDEX a_\w+ ON/)).toSorted()).toEqual([
      'INDEX a_large ON',
      'INDEX a_pkey ON',
      'INDEX a_small ON',
    ]);
    expect(await indexesOf('a')).toEqual(['a_large', 'a_pkey', 'a_small']);
  });

  test('of a session that is ended are planned anew from what is there, and told', async () => {
    letGo = await holdOpen(lab, 'LOCK TABLE public.a IN ROW EXCLUSIVE MODE');
    await loaded(['a']);
    await builds.goOn();
    await untilWaits(lab);
    await lab.target.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%/index-%'",
    );
    await eventually('what was told', async () => (told().length > 0 ? true : null));
    await letGo();
    await untilNothingLeft();
    expect(await indexesOf('a')).toEqual(['a_large', 'a_pkey', 'a_small']);
  });

  test('are ended where P is lost', async () => {
    letGo = await holdOpen(lab, 'LOCK TABLE public.a IN ROW EXCLUSIVE MODE');
    await loaded(['a']);
    await builds.goOn();
    await untilWaits(lab);
    await builds.giveUp();
    await letGo();
    expect(await indexesOf('a')).toEqual([]);
  });
});

async function untilWaits(lab: Lab): Promise<void> {
  await eventually('a build that waits', async () => {
    const rows = await lab.target.sql(
      "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%/index-%' AND wait_event_type = 'Lock'",
    );
    return rows.length > 0 ? true : null;
  });
}
