import {describe, expect, test} from 'vitest';
import {cutDigest, cutOf, judgeCut, rangesOf, type TableCut} from '../../../src/domain/run/key-range.ts';
import {rowsOfUnit} from '../../../src/domain/run/load-unit.ts';

const events = {schema: 'public', name: 'events'};
const cut: TableCut = {
  key: [
    {name: 'tenant', type: 'integer'},
    {name: 'id', type: 'bigint'},
  ],
  bounds: [['7'], ['7', '100'], ['9']],
};

describe('a cut of a table', () => {
  test('has one range more than bounds, the first and the last of them open', () => {
    expect(rangesOf(cut).map(({from, to}) => [from, to])).toEqual([
      [null, ['7']],
      [['7'], ['7', '100']],
      [['7', '100'], ['9']],
      [['9'], null],
    ]);
    expect(cutOf(rangesOf(cut))).toEqual(cut);
  });

  test('has another digest with another table, column, type, or bound', () => {
    const [tenant, id] = cut.key;
    if (tenant === undefined || id === undefined) throw new Error('no key');
    const others: [typeof events, TableCut][] = [
      [{...events, name: 'event'}, cut],
      [events, {...cut, key: [tenant, {...id, name: 'no'}]}],
      [events, {...cut, key: [tenant, {...id, type: 'numeric'}]}],
      [events, {...cut, bounds: [['7'], ['7', '101'], ['9']]}],
      [events, {...cut, bounds: [['7'], ['7'], ['100', '9']]}],
      [events, {...cut, bounds: [['9'], ['7', '100'], ['7']]}],
    ];
    const digests = [cutDigest(events, cut), ...others.map(([table, other]) => cutDigest(table, other))];
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests[0]).toMatch(/^[0-9a-f]{10}$/);
    // Ids in ledgers and journals have it: it is for ever.
    expect(digests[0]).toBe('545c18f5ba');
  });

  test.each([
    [{...cut, bounds: []}, 'has no columns, or no bounds'],
    [{...cut, key: cut.key.toReversed()}, 'is not by the first columns of the primary key'],
    [{...cut, bounds: [[]]}, 'has a bound of more values than the key has columns, or of none'],
    [{...cut, bounds: [['1', '2', '3']]}, 'has a bound of more values than the key has columns, or of none'],
    [{...cut, key: [{name: 'tenant', type: 'integer); DROP TABLE x; --' as never}]}, 'by which tables are not cut'],
  ])('%j: %s', (one, words) => {
    expect(judgeCut(one, ['tenant', 'id', 'more'])).toContain(words);
  });

  test('is good by the first columns of a key alone, which has to be there', () => {
    expect(judgeCut(cut, ['tenant', 'id', 'more'])).toBeNull();
    expect(judgeCut(cut, null)).not.toBeNull();
  });
});

describe('the rows of a unit', () => {
  const [range] = rangesOf(cut);
  test('are what its id names, by pages or by the key', () => {
    expect(rowsOfUnit({id: 'rest'})).toBeNull();
    expect(rowsOfUnit({id: '01-a.pages-0-5'})).toEqual({from: 0, to: 5});
    if (range === undefined) throw new Error('no range');
    expect(rowsOfUnit({id: '01-a.key-1-of-4-0123456789', range})).toBe(range);
  });

  test('are never all of the table because a range is missing', () => {
    expect(() => rowsOfUnit({id: '01-a.key-1-of-4-0123456789'})).toThrow('bug');
  });
});
