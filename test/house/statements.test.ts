import {globSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {EVERY_TRIAL, WITHOUT_SQL} from '../pg/statements/every-trial.ts';
import {readSources} from './sources.ts';

const ROOT = join(import.meta.dirname, '../..');

async function exportedFunctions(): Promise<string[]> {
  const modules = await Promise.all(
    globSync('src/pg/**/*.ts', {cwd: ROOT}).map(
      async (path): Promise<Record<string, unknown>> => import(join(ROOT, path)),
    ),
  );
  return modules
    .flatMap((module) => Object.entries(module))
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
}

// So that none runs for the first time in somebody's night: test/pg/every-statement.pg.test.ts runs them.
describe('every statement of src/pg', () => {
  test('is tried on real servers, and nothing is tried that is no longer there', async () => {
    expect([...Object.keys(EVERY_TRIAL), ...WITHOUT_SQL].toSorted()).toEqual((await exportedFunctions()).toSorted());
  });

  test('is none of those that are said to give no SQL', () => {
    const sources = readSources().filter(({path}) => path.startsWith('src/pg/'));
    const heads = sources.flatMap(({text}) => [...text.matchAll(/^export (?:async )?function (\w+)[^]*?\{$/gm)]);
    const giving = heads.filter(([head]) => /\): (?:readonly )?Statement\b/.test(head)).map(([, name = '']) => name);
    expect(giving.length).toBeGreaterThan(100);
    // `sql` makes any statement.
    expect(giving.filter((name) => name !== 'sql' && WITHOUT_SQL.includes(name))).toEqual([]);
  });
});
