import {assert, constant, integer, oneof, property, uniqueArray} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {cutPages, judgeParts, overlap, partOf, partSuffix} from '../../../src/domain/run/table-part.ts';

describe('the parts of a table', () => {
  test('have every page once, however many there are, and the last has no end', () => {
    assert(
      property(integer({min: 0, max: 200_000_000}), integer({min: 0, max: 2000}), (pages, wanted) => {
        const parts = cutPages(pages, wanted);
        expect(judgeParts(parts)).toBeNull();
        expect(parts.length).toBeLessThanOrEqual(Math.max(1, wanted));
        expect(parts.at(-1)?.to).toBeNull();
      }),
    );
  });

  test('are the whole table wherever it is cut, and not when one is missing, or twice', () => {
    assert(
      property(uniqueArray(integer({min: 1, max: 1000}), {maxLength: 8}), integer({min: 0, max: 8}), (cuts, at) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b)];
        const parts = edges.map((from, index) => ({from, to: edges[index + 1] ?? null})).toReversed();
        expect(judgeParts(parts)).toBeNull();
        const one = parts[at % parts.length];
        if (one === undefined) return;
        expect(judgeParts([...parts, one])).toMatch(/twice/);
        expect(judgeParts(parts.filter((part) => part !== one))).toMatch(/leave out/);
      }),
    );
  });

  test.each([
    [[{from: 0, to: 10}], 'leave out the pages from 10: the last part ends with -on'],
    [[{from: 1, to: null}], 'leave out the pages 0 to 1'],
    [
      [
        {from: 0, to: 10},
        {from: 11, to: null},
      ],
      'leave out the pages 10 to 11',
    ],
    [
      [
        {from: 0, to: 10},
        {from: 9, to: null},
      ],
      'have the pages from 9 twice',
    ],
    [
      [
        {from: 0, to: 0},
        {from: 0, to: null},
      ],
      'have a part from 0 to 0, which is none',
    ],
    [
      [
        {from: 0, to: null},
        {from: 5, to: null},
      ],
      'have the pages from 5 twice',
    ],
  ])('%j: %s', (parts, words) => {
    expect(judgeParts(parts)).toBe(words);
  });

  test('are named by the id of their unit, and by nothing else', () => {
    assert(
      property(integer({min: 0, max: 1e9}), oneof(constant(null), integer({min: 0, max: 1e9})), (from, to) => {
        expect(partOf(`01-public.events${partSuffix({from, to})}`)).toEqual({from, to});
      }),
    );
    for (const whole of ['01-public.pages-1-2-3', '02-pages', 'rest', '01-public.events.pages-1', '01-a.pages-x-on'])
      expect(partOf(whole)).toBeNull();
  });

  test('have a row in common where their pages do, and with the whole table', () => {
    expect(overlap({from: 0, to: 10}, {from: 10, to: null})).toBe(false);
    expect(overlap({from: 0, to: 11}, {from: 10, to: null})).toBe(true);
    expect(overlap({from: 5, to: null}, {from: 9, to: null})).toBe(true);
    expect(overlap(null, {from: 9, to: null})).toBe(true);
  });
});
