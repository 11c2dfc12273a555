import {execFileSync} from 'node:child_process';
import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {shellCommand, shellQuote} from '../../../src/engine/tools/shell-quote.ts';

const SPECIAL = String.raw`' " \ $ $( ) ${'`'} & | ; < > * ? [ ] { } ~ ! # % = - -- E`
  .split(' ')
  .concat(' ', '\n', '\t', '\r');
const word = fc
  .array(fc.oneof(fc.constantFrom(...SPECIAL), fc.string({unit: 'grapheme', maxLength: 3})), {maxLength: 12})
  .map((parts) => parts.join('').replaceAll('\0', ''));

test('a shell hands on any words as they were written, one by one', () => {
  fc.assert(
    fc.property(fc.array(word, {minLength: 1, maxLength: 20}), (words) => {
      const command = `printf '%s\\0' ${words.map((one) => shellQuote(one)).join(' ')}`;
      const said = execFileSync('/bin/sh', ['-c', command], {encoding: 'utf8'}).split('\0').slice(0, -1);
      expect(said).toEqual(words);
    }),
    {numRuns: 60},
  );
});

test('a word that no argument can hold is refused', () => {
  expect(() => shellCommand(['echo', 'a\0b'])).toThrow('bug');
});
