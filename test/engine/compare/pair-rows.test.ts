import {describe, expect, test} from 'vitest';
import {chunkBytes, cutByPages} from '../../../src/engine/compare/cut-chunks.ts';
import {total} from '../../../src/engine/compare/compare-rows.ts';
import {contentOfRow} from '../../../src/engine/compare/content-of-row.ts';
import {pairRows} from '../../../src/engine/compare/pair-rows.ts';
import {countWords, describeRow} from '../../../src/domain/run/row-difference.ts';

const row = (keyHash: string, hash: string, place: string, rows = 1) => ({keyHash, hash, rows, place});

const content = (digests: string[], texts: (string | null)[], forms = texts) => ({digests, texts, forms});

describe('rows of both sides belong together by their key', () => {
  test.each([
    ['equal', [row('k', 'a', '(0,1)')], [row('k', 'a', '(9,9)')], []],
    [
      'changed',
      [row('k', 'a', '(0,1)')],
      [row('k', 'b', '(0,2)')],
      [{kind: 'changed', rows: 1, replicaPlace: '(0,1)', targetPlace: '(0,2)'}],
    ],
    ['missing', [row('k', 'a', '(0,1)')], [], [{kind: 'missing', rows: 1, replicaPlace: '(0,1)', targetPlace: null}]],
    ['extra', [], [row('k', 'a', '(0,2)', 3)], [{kind: 'extra', rows: 3, replicaPlace: null, targetPlace: '(0,2)'}]],
    [
      'doubled',
      [row('k', 'a', '(0,1)', 2)],
      [row('k', 'a', '(0,2)', 5)],
      [{kind: 'doubled', rows: 3, replicaPlace: '(0,1)', targetPlace: '(0,2)'}],
    ],
    ['in two scans', [row('k', 'a', '(0,1)'), row('k', 'a', '(7,1)')], [row('k', 'a', '(0,2)', 2)], []],
    [
      'a key twice on one side',
      [row('k', 'a', '(0,1)')],
      [row('k', 'a', '(0,2)'), row('k', 'b', '(0,3)')],
      [{kind: 'doubled', rows: 1, replicaPlace: '(0,1)', targetPlace: '(0,3)'}],
    ],
  ])('%s', (_, replica, target, found) => {
    expect(pairRows({replica, target})).toEqual(found);
  });
});

describe('a row that differs', () => {
  const columns = ['id', 'v', 'w'].map((name) => ({name, type: null}));
  const pair = {columns, key: [{name: 'id', type: null}]};

  test('is told with its key and the columns that differ, by what tells them apart', () => {
    const replica = content(['1', '2', '3'], ['7', null, '0.1'], ['7', null, '3fb9']);
    const target = content(['1', '9', '8'], ['7', '', '0.1'], ['7', '', '3fba']);
    const told = contentOfRow({pair, kind: 'changed', replica, target, showValues: true});
    expect(describeRow({kind: 'changed', replicaPlace: '(0,1)', targetPlace: '(0,2)', ...told})).toBe(
      "id='7' (at (0,1) of the replica, (0,2) of the target) differs in v: NULL on the replica, '' on the target; w: '3fb9' on the replica, '3fba' on the target",
    );
  });

  test('beyond what is shown by its digest', () => {
    const told = contentOfRow({
      pair,
      kind: 'changed',
      replica: content(['1', '2', 'x'], ['7', 'a', 'long']),
      target: content(['1', '2', 'y'], ['7', 'a', 'long']),
      showValues: true,
    });
    expect(told.columns).toEqual([{column: 'w', replica: 'long, md5 x', target: 'long, md5 y'}]);
  });

  test('without a value where none may be shown: neither key nor content', () => {
    const replica = content(['1', '2', '3'], [null, null, null]);
    const told = contentOfRow({
      pair,
      kind: 'changed',
      replica,
      target: {...replica, digests: ['1', '9', '3']},
      showValues: false,
    });
    expect(told).toEqual({key: [], columns: [{column: 'v', replica: null, target: null}]});
  });
});

describe('a table is read in scans', () => {
  test('of about the same size, each page in one of them, the last without an end', () => {
    expect(cutByPages({pages: 10, bytes: 1000, size: 400})).toEqual([
      {by: 'pages', from: 0, to: 4},
      {by: 'pages', from: 4, to: 8},
      {by: 'pages', from: 8, to: null},
    ]);
    expect(cutByPages({pages: 0, bytes: 1e12, size: 1})).toEqual([null]);
    expect(cutByPages({pages: 100, bytes: 10, size: 400})).toEqual([null]);
  });

  test('so large that every lane has some, and none is long', () => {
    const MB = 1024 ** 2;
    expect([chunkBytes(0, 6, null), chunkBytes(MB * 12_000, 6, null), chunkBytes(1e13, 6, null)]).toEqual([
      64 * MB,
      500 * MB,
      1024 * MB,
    ]);
  });

  test('so small that a rate of their bytes is kept between them', () => {
    const MB = 1024 ** 2;
    expect(chunkBytes(1e13, 6, 50 * MB)).toBe(250 * MB);
    expect(chunkBytes(1e13, 6, MB)).toBe(8 * MB);
    expect(chunkBytes(1e13, 6, 1e12)).toBe(1024 * MB);
  });

  test('whose sums add up, beyond what a number holds', () => {
    expect(
      total([
        {rows: 1, sum: '9223372036854775807'},
        {rows: 2, sum: '9223372036854775807'},
      ]),
    ).toEqual({rows: 3, sum: '18446744073709551614'});
  });

  test('and what is not known exactly is said to be at least so much', () => {
    expect(countWords({total: 40, atLeast: true, first: [], why: null})).toBe('at least 40 rows differ');
    expect(countWords({total: 1, atLeast: false, first: [], why: null})).toBe('1 row differs');
  });
});
