import {posix} from 'node:path';
import {describe, expect, test} from 'vitest';
import {readSources} from './sources.ts';

const MOST_FILES = 15;
const MOST_LINES = 250;
const MEDIAN_LINES = 70;

interface Source {
  readonly path: string;
  readonly lines: number;
}

function foldersAbove(paths: readonly string[]): string[] {
  const folders = Map.groupBy(paths, (path) => posix.dirname(path));
  return [...folders]
    .filter(([, files]) => files.length > MOST_FILES)
    .map(([folder, files]) => `${folder}: ${files.length} files`);
}

function filesAbove(sources: readonly Source[]): string[] {
  return sources.filter(({lines}) => lines > MOST_LINES).map(({path, lines}) => `${path}: ${lines} lines`);
}

function median(sources: readonly Source[]): number {
  const sorted = sources.map(({lines}) => lines).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

// That nothing imports in a circle, and nothing upwards, is layers.test.ts.
describe('the measures of the house', () => {
  const sources = readSources().map(({path, text}) => ({path, lines: text.trimEnd().split('\n').length}));

  test('no folder has more than 15 files', () => {
    expect(foldersAbove(sources.map(({path}) => path))).toEqual([]);
  });

  test('a file has one concept: none is longer than 250 lines, half of them not longer than 70', () => {
    expect(filesAbove(sources)).toEqual([]);
    expect(median(sources)).toBeLessThanOrEqual(MEDIAN_LINES);
  });

  test('would be missed by a crowded folder, a long file and a house of long files', () => {
    expect(foldersAbove(Array.from({length: 16}, (_, index) => `src/domain/${index}.ts`))).toEqual([
      'src/domain: 16 files',
    ]);
    expect(filesAbove([{path: 'src/a.ts', lines: 251}])).toEqual(['src/a.ts: 251 lines']);
    expect(median([60, 71, 90].map((lines) => ({path: 'src/a.ts', lines})))).toBe(71);
  });
});
