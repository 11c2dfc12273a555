import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {mutate, problemsOf, type Mutation} from './mutation.ts';

const mutation = (change: Partial<Mutation> = {}): Mutation => ({
  file: 'src/domain/base/json.ts',
  what: 'nothing is lost',
  old: 'a && b',
  new: 'a',
  tests: ['test/mutate/mutation.test.ts'],
  survives: null,
  ...change,
});

describe('a mutation', () => {
  test('changes its one place, to the letter', () => {
    expect(mutate(mutation({new: "'$&'"}), 'if (a && b) c();')).toEqual({text: "if ('$&') c();"});
  });

  test.each<[string, Partial<Mutation>, string, string]>([
    ['whose text is gone', {}, 'a || b', '0 times'],
    ['whose text is there twice', {}, 'a && b; a && b', '2 times'],
    ['that changes nothing', {new: 'a && b'}, 'a && b', 'changes nothing'],
    ['that makes no program', {new: 'a &&'}, 'const c = a && b;', 'is no program'],
    ['that makes no shell script', {file: 'x.sh', new: 'if'}, 'a && b', 'is no program'],
  ])('%s is an error of the list', (_, change, text, words) => {
    expect(mutate(mutation(change), text)).toEqual({wrong: expect.stringContaining(words)});
  });

  test('of a file, or with a test, that there is not is an error of the list', () => {
    const root = join(import.meta.dirname, '../..');
    const problems = problemsOf(root, [mutation({file: 'src/none.ts'}), mutation({tests: ['test/none.test.ts']})]);
    expect(problems).toEqual([
      expect.stringContaining('no such file'),
      expect.stringContaining('no test test/none.test.ts'),
    ]);
  });
});
