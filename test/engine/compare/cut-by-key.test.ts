import {describe, expect, test} from 'vitest';
import {cutByKey} from '../../../src/engine/compare/cut-chunks.ts';

const GB = 1024 ** 3;
const KEY = {
  column: 'id',
  type: 'bigint',
  histogram: Array.from({length: 101}, (_, at) => String(at * 1000)),
  correlation: 1,
};
const TEN = {bytes: 10 * GB, size: GB};

describe('a table whose server cannot read ranges of pages, before 14', () => {
  test('is compared in ranges of its key, every value in exactly one of them, the ends open', () => {
    const chunks = cutByKey(KEY, TEN);
    expect(chunks).toHaveLength(10);
    expect(chunks[0]).toEqual({by: 'key', column: 'id', from: null, to: '10000'});
    expect(chunks.at(-1)).toEqual({by: 'key', column: 'id', from: '90000', to: null});
    const ends = chunks.map((one) => (one?.by === 'key' ? [one.from, one.to] : []));
    expect(ends.slice(1).map(([from]) => from)).toEqual(ends.slice(0, -1).map(([, to]) => to));
  });

  test.each([
    ['without a key, or without statistics of it', undefined, TEN],
    ['with statistics that have no histogram', {...KEY, histogram: null}, TEN],
    ['whose rows lie anyhow: each range would read it all over', {...KEY, correlation: 0.4}, TEN],
    ['by a text, whose order differs from server to server', {...KEY, type: 'text'}, TEN],
    ['that is small', KEY, {bytes: 3 * GB, size: GB}],
    ['with two values in all', {...KEY, histogram: ['1', '1', '2', '2']}, TEN],
  ])('is one scan %s', (_, key, how) => {
    expect(cutByKey(key, how)).toEqual([null]);
  });

  test('is cut as well where its newest rows lie first', () => {
    expect(cutByKey({...KEY, correlation: -1}, TEN)).toHaveLength(10);
  });
});
