import {expect, test} from 'vitest';
import {readSources} from './sources.ts';

// What is built lies in other folders than its source: a path from where a file lies is another one there.
test('one file alone looks from where it lies', () => {
  const looking = readSources().filter(({text}) => /import\.meta\.(?:dirname|filename|url)/.test(text));
  expect(looking.map(({path}) => path).toSorted()).toEqual(['src/cli/main.ts', 'src/config/files/package-files.ts']);
});
