import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {dumpSelection} from '../../../src/engine/load/pipeline/dump-selection.ts';
import {partOf, judgeParts} from '../../../src/domain/run/table-part.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {makePlan} from '../../../src/engine/plan/make-plan.ts';
import {noteUnits} from '../../../src/engine/plan/note-units.ts';
import {formatPlan} from '../../../src/engine/plan/format-plan.ts';
import {changedSinceCut, formatPlanFile, parsePlan, writePlan, type Plan} from '../../../src/engine/plan/plan-file.ts';
import {GB, inventoryOf, relation, table} from './inventory.ts';

const inventory = {
  ...inventoryOf([table('public.events', 9), table('public.users', 1), table('public."x.pages-0-5"', 8)]),
  version: 140_000,
};

function planBy(load: object, of = inventory): Plan {
  const cdc = {engine: 'none'} as const;
  const usual = {bigTables: 2, method: 'copy', unitBytes: 2 * GB, lanes: 2};
  return makePlan(of, {
    cdc,
    slots: {count: 1, prefix: 'dms_', assign: {}},
    load: {...usual, ...load} as never,
  });
}

/** The units in their order, with their bytes, where five large objects take so much, or nobody knows. */
function withObjects(largeObjectBytes?: number): string[] {
  const objects = {largeObjects: 5, ...(largeObjectBytes === undefined ? {} : {largeObjectBytes})};
  return planBy({unitBytes: null}, {...inventory, ...objects}).units.map(({id, bytes}) => `${id} ${bytes}`);
}

const partsOf = ({units}: Plan, name: string) =>
  units.filter(({tables}) => tables.some((one) => one.name === name) && tables.length === 1).map(({id}) => partOf(id));

function read(text: string): Plan | string {
  try {
    return parsePlan(text, {path: 'plan.yaml', inventory, withSlots: false});
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return error.message;
  }
}

describe('a large table', () => {
  test('is cut by copy, into parts of the size that is asked for, which are the whole of it', () => {
    const plan = planBy({});
    const parts = partsOf(plan, 'events').flatMap((part) => part ?? []);
    expect(parts).toHaveLength(5);
    expect(judgeParts(parts)).toBeNull();
    const bytes = plan.units.filter(({id}) => id.startsWith('01-public.events')).map((unit) => unit.bytes);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBe(9 * GB);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(2 * GB);
  });

  test('has no more than five thousand parts, however small a unit is to be', () => {
    const parts = partsOf(planBy({unitBytes: 64 * 1024}), 'events').flatMap((part) => part ?? []);
    expect(parts.length).toBeLessThanOrEqual(5000);
    expect(parts.length).toBeGreaterThan(4900);
    expect(judgeParts(parts)).toBeNull();
  });

  test('is cut by what suits the tables and the lanes where no size is asked for', () => {
    expect(partsOf(planBy({unitBytes: null, lanes: 4}), 'events')).toHaveLength(8);
  });

  test('stays whole where it is in before the others are, and the plan says so; not where a failure would cost hours', () => {
    const plan = planBy({unitBytes: null});
    expect(partsOf(plan, 'events')).toEqual([null]);
    expect(noteUnits(inventory, plan.units, {method: 'copy', unitBytes: null, lanes: 2} as never).join()).toContain(
      'public.events is one unit: it is in before all others are',
    );
    const large = {...inventory, tables: inventory.tables.map((one) => ({...one, heapBytes: 10 * one.heapBytes}))};
    expect(partsOf(planBy({unitBytes: null}, large), 'events')).toHaveLength(9);
  });

  test('stays whole by pg_dump, which freezes nothing', () => {
    const load = {method: 'pg_dump', unitBytes: null, lanes: 2} as never;
    const notes = noteUnits(inventory, planBy({method: 'pg_dump', unitBytes: null}).units, load).join('\n');
    expect(notes).toContain('public.events is one unit: pg_dump brings tables whole (load.method)');
    expect(notes).not.toContain('frozen');
  });

  test.each([
    ['is larger than load.unit_size', {}, {}, 'it is larger than load.unit_size, 2.0 GB'],
    [
      'would be the last one in',
      {unitBytes: null, lanes: 4},
      {unitBytes: null, lanes: 4},
      'whole it would be loading still when all others are in (4.5 GB for each of 4 lanes)',
    ],
    ['is cut by hand', {}, {unitBytes: 10 * GB}, 'plan.yaml has it so'],
  ])('is told with the reason where it %s', (_, made, now, why) => {
    const load = {method: 'copy', unitBytes: 2 * GB, lanes: 2, ...now} as never;
    expect(noteUnits(inventory, planBy(made).units, load)).toContainEqual(
      expect.stringMatching(/^public\.events is in \d parts: /),
    );
    expect(noteUnits(inventory, planBy(made).units, load).join('\n')).toContain(`parts: ${why}`);
  });

  test('is told with the reason where a failure would cost too much of it', () => {
    const large = {...inventory, tables: inventory.tables.map((one) => ({...one, heapBytes: 10 * one.heapBytes}))};
    const {units} = planBy({unitBytes: null}, large);
    const notes = noteUnits(large, units, {method: 'copy', unitBytes: null, lanes: 2} as never);
    expect(notes).toContain('public.events is in 9 parts: whole, a failure would cost all of it (more than 10 GB)');
    expect(notes).toContainEqual(expect.stringMatching('in parts have no visibility map'));
  });

  test.each([
    ['by pg_dump', {method: 'pg_dump'}, inventory],
    ['of a source that reads all of the table for each part', {}, {...inventory, version: 130_000}],
    ['that is smaller than a unit', {unitBytes: 10 * GB}, inventory],
  ])('%s stays whole', (_, load, of) => {
    expect(planBy(load, of).units.filter(({id}) => partOf(id) !== null)).toEqual([]);
  });

  test('comes after large objects that take more, which nobody can cut; what an older inventory does not say of them is guessed', () => {
    expect(withObjects(20 * GB)[0]).toBe(`large-objects ${20 * GB}`);
    expect(withObjects(GB / 2).at(-1)).toBe(`large-objects ${GB / 2}`);
    expect(withObjects().at(-1)).toBe(`large-objects ${5 * 8192}`);
  });

  test('is no part because of what it is called', () => {
    const whole = planBy({unitBytes: 10 * GB}).units.find(({tables}) => tables[0]?.name === 'x.pages-0-5');
    expect(whole?.id).toBe('02-public.x_pages-0-5');
  });

  test('is read back in the same parts', () => {
    const plan = planBy({});
    expect(read(formatPlanFile(plan))).toEqual(plan);
  });

  test('is shown once, with how many parts it has', () => {
    const lines = formatPlan(inventory, planBy({})).split('\n');
    expect(lines.find((line) => line.startsWith('public.events '))).toMatch(/ 01-public\.events in 5 parts$/);
    expect(lines.find((line) => line.startsWith('public.users '))).toMatch(/ 03-public\.users$/);
    expect(lines.filter((line) => line.includes('01-public.events'))).toEqual([
      expect.stringMatching(/^public\.events /),
      '01-public.events: table, 9.0 GB in 5 parts',
    ]);
  });

  test('is left out of the dump of the rest once, however many parts it has', () => {
    const {units} = planBy({unitBytes: 64 * 1024 ** 2});
    const rest = {id: 'rest', kind: 'rest', tables: [], bytes: 0} as const;
    expect(units.length).toBeGreaterThan(200);
    const options = dumpSelection(rest, [...units, rest], inventory.scope.tables);
    expect(options.filter((option) => option === '-T')).toHaveLength(3);
  });

  test('that is to be cut otherwise is told of, with the keys, until the plan is made anew', async () => {
    const path = mkdtempSync(join(tmpdir(), 'lh-cut-'));
    const folder = runFolderAt(path);
    const load = {bigTables: 2, method: 'copy', unitBytes: 2 * GB} as const;
    await writePlan(folder, planBy({}), load);
    const text = readFileSync(folder.plan, 'utf8');
    rmSync(path, {recursive: true});
    expect(read(text)).toEqual(planBy({}));
    expect(changedSinceCut(text, load)).toEqual([]);
    expect(changedSinceCut(text, {...load, bigTables: [relation('public.users')]})).toEqual(['load.big_tables']);
    expect(changedSinceCut(text, {bigTables: 2, method: 'pg_dump', unitBytes: null})).toEqual([
      'load.unit_size',
      'load.method',
    ]);
    // One that an older version made, or somebody has edited, does not say.
    for (const other of [
      text.replace(/# The units were cut .*/, ''),
      text.replace(/(# The units were cut .*: ).*/, '$1x'),
    ])
      expect(changedSinceCut(other, {...load, method: 'pg_dump'})).toEqual([]);
  });

  test.each([
    ['01-public.events.pages-0-235930', '01-public.events.pages-0-235929', 'leave out the pages 235929 to 235930'],
    ['01-public.events.pages-0-235930', '01-public.events.pages-0-235931', 'have the pages from 235930 twice'],
    ['01-public.events.pages-0-235930', '01-public.events', 'is in more than one unit'],
    ['pages-943720-on:', 'pages-943720-1179648:', 'the last part ends with -on'],
  ])('with %s as %s is refused', (from, to, words) => {
    const text = formatPlanFile(planBy({}));
    expect(text).toContain(from);
    expect(read(text.replace(from, to))).toContain(words);
  });
});
