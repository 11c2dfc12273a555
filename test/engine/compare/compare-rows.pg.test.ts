import {existsSync} from 'node:fs';
import {appendFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {fenceLine} from '../../../src/domain/pg/boundary.ts';
import {formatRelation} from '../../../src/domain/pg/relation.ts';
import {describeRow} from '../../../src/domain/run/row-difference.ts';
import {keepBaseline, openBaseline} from '../../../src/engine/compare/drift/baseline.ts';
import {compareTables} from '../../../src/engine/compare/compare-tables.ts';
import type {TableComparison} from '../../../src/engine/compare/table-comparison.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import type {Session} from '../../../src/pg/session/session.ts';
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

/** Hears of every statement before it is sent and after it has come back. */
type Hears = (role: string, text: string, isOver: boolean) => Promise<void>;

/** A comparison as the step makes it. */
async function compare(
  change: Partial<LabContext['config']['compare']> = {},
  hears?: Hears,
): Promise<TableComparison[]> {
  const own = await contextOn(lab, ...(await journalOf(lab)));
  const config = {...own.config, compare: {...own.config.compare, ...change}};
  const open: LabContext['open'] = async (role, purpose) => heard(await own.open(role, purpose), hears);
  try {
    return await compareTables({...own, config, open});
  } finally {
    await own.close();
  }
}

function heard(session: Session, hears: Hears | undefined): Session {
  if (hears === undefined) return session;
  const run: Session['run'] = async (statement, limits) => {
    await hears(session.role, statement.text, false);
    const rows = await session.run(statement, limits);
    await hears(session.role, statement.text, true);
    return rows;
  };
  return {...session, lost: false, run, one: session.one.bind(session)};
}

/** What is said of the rows of a table; null where it is equal. */
function saidOf(compared: readonly TableComparison[], name: string): string[] | null {
  const one = compared.find(({table}) => formatRelation(table) === name);
  return one?.rows?.first.map((row) => describeRow(row)) ?? null;
}

const isCount = (text: string): boolean => / AS "rows"/.test(text);

/** So many tables has the seed, each of them one count. */
const TABLES = 4;
const byText = (a: readonly unknown[], b: readonly unknown[]): number => String(a[0]).localeCompare(String(b[0]));
const scanOf = (role: string, text: string): string => `${role} ${/"public"\."(\w+)"/.exec(text)?.[1] ?? ''}`;
const isScan = (text: string): boolean => text.startsWith('SELECT count(*) AS "rows", coalesce(sum("hash")');

describe('every row is compared while the replica is at P', () => {
  test('and what is equal is said to be, with row security and without a key as well', async () => {
    const compared = await compare();
    expect(compared.map(({table, differs, how}) => [formatRelation(table), differs, how]).toSorted(byText)).toEqual(
      ['hidden', 'log', 'people', 'still'].map((name) => [`public.${name}`, false, 'rows']),
    );
  });

  test('a row that differs is named with its key, the column and both values, or without them where they are not to be shown', async () => {
    await lab.target.sql(`
      UPDATE public.people SET note = '' WHERE id = 77; DELETE FROM public.people WHERE id = 1999;
      INSERT INTO public.log VALUES ('line 3', 3); UPDATE public.hidden SET v = 'v5 ' WHERE id = 5`);
    const compared = await compare();
    expect(saidOf(compared, 'public.people')).toEqual([
      expect.stringMatching(
        /^id='77' \(at .* of the replica, .* of the target\) differs in note: NULL on the replica, '' on the target$/,
      ),
      expect.stringMatching(/^id='1999' \(at .* of the replica\) is not on the target$/),
    ]);
    expect(saidOf(compared, 'public.log')).toEqual([
      expect.stringMatching(/^line='line 3', at='3' .* is there more often on one side$/),
    ]);
    expect(saidOf(compared, 'public.hidden')).toEqual([
      expect.stringContaining("'v5' on the replica, 'v5 ' on the target"),
    ]);
    expect(saidOf(compared, 'public.still')).toBeNull();
    const masked = await compare({showValues: false});
    expect(saidOf(masked, 'public.hidden')).toEqual([
      expect.stringMatching(/^row at \(0,5\) of the replica, .* of the target differs in v$/),
    ]);
    expect(JSON.stringify(masked)).not.toMatch(/v5|line 3/);
  });

  test('longhaul compare says it at any time, with exit 1; counts and samples say what they are', async () => {
    const full = await longhaul(lab, 'compare', 'public.hidden', 'public.still');
    expect(full.code).toBe(1);
    expect(full.stdout).toContain("differs in v: 'v5' on the replica");
    expect(full.stdout).toContain('public.still: 100 rows compared, all equal');
    expect(full.stdout).toContain('2 tables compared: every row, 110 of them; 1 DIFFER');
    const months = await longhaul(lab, 'compare', 'public.people', '--by-month');
    expect([months.code, months.stdout]).toEqual([1, expect.stringContaining('public.people DIFFERS: 2,000 rows')]);
    const few = await longhaul(lab, 'compare', 'public.still', '--sample', '20');
    expect([few.code, few.stdout]).toEqual([0, expect.stringMatching(/a SAMPLE of 20, [1-4]?\d rows; all equal/)]);
  });

  test('one that was interrupted reads only what it had not read, and again what was written to since', async () => {
    const over: string[] = [];
    await expect(
      compare({}, async (role, text, isOver) => {
        if (!isScan(text)) return;
        if (isOver) over.push(scanOf(role, text));
        else if (scanOf(role, text) === 'target people') {
          await eventually('the end of all others', async () => (over.length === 7 ? true : null));
          throw new Error('the supervisor is killed');
        }
      }),
    ).rejects.toThrow('the supervisor is killed');
    await lab.target.sql("UPDATE public.still SET v = 'w' WHERE id = 1");
    const read: string[] = [];
    const compared = await compare({}, async (role, text, isOver) => {
      if (isScan(text) && isOver) read.push(scanOf(role, text));
    });
    expect(read.toSorted((a, b) => a.localeCompare(b))).toEqual(['target people', 'target still']);
    expect(saidOf(compared, 'public.still')).toEqual([
      expect.stringContaining("'v1' on the replica, 'w' on the target"),
    ]);
    expect(saidOf(compared, 'public.log')).toHaveLength(1);
    expect(existsSync(join(lab.folder, 'run', 'compared.jsonl'))).toBe(false);
  });

  test('a column of the target alone is told, and the rows of the others are compared all the same', async () => {
    await lab.target.sql('ALTER TABLE public.still ADD COLUMN extra int');
    try {
      const before = (await compare()).find(({table}) => formatRelation(table) === 'public.still');
      expect(before?.rows).toMatchObject({total: 1, why: 'the replica lacks the columns extra'});
      expect(saidOf(before === undefined ? [] : [before], 'public.still')).toEqual([
        expect.stringContaining("'v1' on the replica, 'w' on the target"),
      ]);
    } finally {
      await lab.target.sql('ALTER TABLE public.still DROP COLUMN extra');
    }
  });

  test('a table that somebody has dropped on the target is told with its rows, and the others are compared', async () => {
    await lab.target.sql('ALTER TABLE public.still RENAME TO elsewhere');
    try {
      const compared = await compare();
      expect(compared).toHaveLength(TABLES);
      expect(compared.find(({table}) => formatRelation(table) === 'public.still')).toMatchObject({
        differs: true,
        replicaRows: 100,
        targetRows: 0,
        rows: {total: 0, first: [], why: expect.stringMatching(/^the table is not on the target: /)},
      });
      expect(saidOf(compared, 'public.hidden')).toHaveLength(1);
    } finally {
      await lab.target.sql('ALTER TABLE public.elsewhere RENAME TO still');
    }
  });

  test('longhaul compare goes on though new work of the run is held', async () => {
    const journal = join(lab.folder, 'run', 'journal.jsonl');
    const note = async (type: 'load.held' | 'load.released'): Promise<void> => {
      const seq = ((await journalOf(lab)).at(-1)?.seq ?? 0) + 1;
      await appendFile(journal, `${JSON.stringify({seq, at: new Date().toISOString(), type, by: 'ana'})}\n`);
    };
    await note('load.held');
    expect((await longhaul(lab, 'compare', 'public.still')).stdout).toContain('public.still');
    await note('load.released');
  });

  test('the catalogs of P are read from the replica before it leaves P, unless they are kept', async () => {
    const own = await contextOn(lab, ...(await journalOf(lab)));
    try {
      const {boundary} = own.state();
      const p = boundary === null ? '' : fenceLine(boundary);
      await rm(join(own.folder.path, 'objects-at-p.jsonl'), {force: true});
      await keepBaseline(own, await own.session('replica'));
      const kept = await openBaseline(own.folder, p);
      expect([kept?.p, kept?.from]).toEqual([p, 'replica']);
      const [[oid] = []] = await lab.source.sql("SELECT 'public.people'::regclass::oid");
      expect(await kept?.read({catalog: 'pg_class', oid: oid ?? ''})).not.toEqual([]);
      await keepBaseline(own, await own.session('source'));
      const again = await openBaseline(own.folder, p);
      expect(again?.at).toBe(kept?.at);
      await kept?.close();
      await again?.close();
    } finally {
      await own.close();
    }
  });

  test('it is void where the replica leaves P in the middle of it', async () => {
    // Behind the last count: nothing that is read afterwards sees it before it begins.
    let scans = 0;
    await expect(
      compare({rows: 'quick'}, async (role, text, isOver) => {
        if (role !== 'replica' || !isOver || !isCount(text)) return;
        scans += 1;
        if (scans === TABLES) await lab.replica.sql('SELECT pg_wal_replay_resume()');
      }),
    ).rejects.toThrow('rows cannot be compared: ');
    const {code, stderr} = await longhaul(lab, 'compare', '--quick');
    expect([code, stderr]).toEqual([1, expect.stringContaining('rows can be compared only while the replica is at P')]);
    expect(stderr).toMatch(/longhaul .*compare --again/);
  });
});
