import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {BINDINGS} from '../../../src/ui/keys/bindings.ts';
import {keysPage} from '../../../src/ui/keys/keys-page.ts';

test('no key means two things at one place', () => {
  for (const where of ['panes', 'text', 'log'] as const) {
    const keys = BINDINGS.filter((binding) => binding.where.includes(where)).flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test('no two keys have one name', () => {
  const ids = BINDINGS.map(({id}) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test('docs/keys.md is what the bindings say: npm run docs:keys', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/keys.md'), 'utf8')).toBe(keysPage());
});
