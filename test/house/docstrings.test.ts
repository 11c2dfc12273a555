import {expect, test} from 'vitest';
import {readSources} from './sources.ts';

const EXPORT = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/;

test('every exported name has a docstring', () => {
  const bare = readSources().flatMap(({path, text}) => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) => {
      const name = EXPORT.exec(line)?.[1];
      return name === undefined || lines[index - 1]?.trimEnd().endsWith('*/') === true
        ? []
        : [`${path}:${index + 1} ${name}`];
    });
  });
  expect(bare).toEqual([]);
});
