import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {writeInventoryFile} from '../../../src/engine/inventory/inventory-file.ts';
import {readPlan} from '../../../src/engine/plan/plan-file.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {ALL_TABLES, inventoryOf, table} from './inventory.ts';

const path = mkdtempSync(join(tmpdir(), 'lh-plan-'));
const folder = runFolderAt(path);
const config = {cdc: {engine: 'none'}, tables: ALL_TABLES} as never;
const textOf = (unit: string): string => `slots: {}\nunits:\n  ${unit}:\n    - public.a\n`;
const idsOf = async (): Promise<string[]> => (await readPlan({folder, config})).units.map(({id}) => id);

beforeAll(async () => {
  await writeInventoryFile(folder, inventoryOf([table('public.a', 1)], {scope: {tables: ALL_TABLES, engine: 'none'}}));
});
afterAll(() => rmSync(path, {recursive: true}));

test('a plan that is edited again and again within a moment is the new one each time, though its size is the same', async () => {
  for (let n = 10; n < 60; n += 1) {
    writeFileSync(folder.plan, textOf(`${n}-a`));
    expect(await idsOf()).toEqual([`${n}-a`]);
  }
});

test('a plan that nobody touches is one and the same', async () => {
  const first = await readPlan({folder, config});
  expect(await readPlan({folder, config})).toBe(first);
});

test('an inventory that was taken anew judges the plan anew', async () => {
  await writeInventoryFile(folder, {
    ...inventoryOf([table('public.b', 1)], {scope: {tables: ALL_TABLES, engine: 'none'}}),
    takenAt: '2026-11-25T00:00:00Z',
  });
  await expect(idsOf()).rejects.toThrow('public.a');
});
