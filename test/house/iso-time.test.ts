import {expect, test} from 'vitest';
import {readSources} from './sources.ts';

test('a moment becomes text in one place', () => {
  const places = readSources().filter(({text}) => text.includes('toISOString('));
  expect(places.map(({path}) => path)).toEqual(['src/domain/base/iso-time.ts']);
});
