import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {ACTIONS} from '../../../src/ui/actions/act.ts';
import {BINDINGS, type Binding} from '../../../src/ui/keys/bindings.ts';
import {keysPage} from '../../../src/ui/keys/keys-page.ts';

const all: readonly Binding[] = BINDINGS;

test('no key means two things at one place', () => {
  for (const where of ['panes', 'text', 'log'] as const) {
    const keys = all.filter((binding) => binding.where.includes(where)).flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test('every action has a binding, and none has two', () => {
  expect(all.map(({id}) => id).toSorted()).toEqual(Object.keys(ACTIONS).toSorted());
});

test('docs/keys.md is what the bindings say: npm run docs:keys', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/keys.md'), 'utf8')).toBe(keysPage());
});
