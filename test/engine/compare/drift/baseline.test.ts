import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {openBaseline} from '../../../../src/engine/compare/drift/baseline.ts';
import {runFolderAt} from '../../../../src/engine/run/run-folder.ts';

test('what was kept at P is found again, whatever the lengths of its lines are', async () => {
  const path = mkdtempSync(join(tmpdir(), 'lh-baseline-'));
  const head = {p: 'fence', version: 150_000, horizon: '7', from: 'replica', at: ''};
  // Shorter and longer than what is read in one go, and characters of several bytes.
  const facts = new Map(
    [3, 1_048_560, 20, 2_500_000, 1_048_576, 5].map((length, n) => [String(n), 'ä'.repeat(length)]),
  );
  const lines = [...facts].map(([oid, name]) => `pg_class ${oid}\t${JSON.stringify([{name}])}\n`);
  const owned = `owned pg_index\t${JSON.stringify([['pg_class 1', 2]])}\n`;
  writeFileSync(join(path, 'objects-at-p.jsonl'), `${JSON.stringify(head)}\n${lines.join('')}${owned}`);
  const baseline = await openBaseline(runFolderAt(path), 'fence');
  for (const [oid, name] of facts) expect(await baseline?.read({catalog: 'pg_class', oid})).toEqual([{name}]);
  expect(await baseline?.read({catalog: 'pg_class', oid: '99'})).toEqual([]);
  expect(baseline?.owned.get('pg_index')?.get('pg_class 1')).toBe(2);
  await baseline?.close();
  expect(await openBaseline(runFolderAt(path), 'another')).toBeNull();
  rmSync(path, {recursive: true});
});
