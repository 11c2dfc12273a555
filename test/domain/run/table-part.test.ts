import {assert, constant, integer, oneof, property, uniqueArray} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {cutPages, judgeParts, overlap, partOf, partSuffix, type KeyPart} from '../../../src/domain/run/table-part.ts';

/** All ranges of a cut. */
const ranges = (of: number, cut = '0123456789'): KeyPart[] =>
  Array.from({length: of}, (_, at) => ({cut, number: at + 1, of}));

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
        {from: 0, to: 4_294_967_295},
        {from: 4_294_967_295, to: null},
      ],
      'name the page 4294967295, and the last that a table can have is 4294967294',
    ],
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

  test('by a key are the whole table where every range of one cut is there once', () => {
    assert(
      property(integer({min: 1, max: 9999}), integer({min: 0, max: 9998}), (of, at) => {
        const parts = ranges(Math.min(of, 40));
        expect(judgeParts(parts.toReversed())).toBeNull();
        const one = parts[at % parts.length];
        if (one === undefined) return;
        expect(partOf(`01-public.events${partSuffix(one)}`)).toEqual(one);
        expect(judgeParts([...parts, one])).toMatch(/twice/);
        expect(judgeParts([...parts.filter((part) => part !== one), {...one, number: of + 1}])).toMatch(/leave out/);
      }),
    );
  });

  test.each([
    [[...ranges(2), {from: 0, to: null}], 'are some by pages and some by the key'],
    [[...ranges(1), ...ranges(1, 'abcdef0123')], 'are of more than one cut'],
    [[...ranges(2).slice(0, 1), {cut: '0123456789', number: 2, of: 3}], 'are of more than one cut'],
    [[...ranges(2), {cut: '0123456789', number: 3, of: 2}], 'have a range that the cut has not'],
    [[{cut: '0123456789', number: 0, of: 1}], 'leave out the range 1'],
  ])('%j: %s', (parts, words) => {
    expect(judgeParts(parts)).toBe(words);
  });

  test('by a key have rows in common but where they are two of one cut', () => {
    const [first = {from: 0, to: 1}, second = {from: 0, to: 1}] = ranges(2);
    expect(overlap(first, second)).toBe(false);
    expect(overlap(first, first)).toBe(true);
    expect(overlap(first, {...second, cut: 'abcdef0123'})).toBe(true);
    expect(overlap(first, {...second, of: 3})).toBe(true);
    expect(overlap(first, {from: 5, to: 9})).toBe(true);
    expect(overlap({from: 5, to: 9}, second)).toBe(true);
    expect(overlap(null, second)).toBe(true);
  });
});
