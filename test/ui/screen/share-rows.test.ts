import {array, assert, nat, property, tuple} from 'fast-check';
import {expect, test} from 'vitest';
import {shareRows} from '../../../src/ui/screen/share-rows.ts';

const wish = (least: number, need: number, all: number): {least: number; need: number; all: number} => ({
  least,
  need,
  all,
});

test.each([
  [
    'each gets what it needs, and the last what is left',
    [wish(3, 10, 10), wish(3, 6, 6), wish(4, 4, 4)],
    30,
    [10, 6, 14],
  ],
  ['the first is served first', [wish(3, 20, 20), wish(3, 20, 20)], 24, [20, 4]],
  ['its least is nobody’s to take', [wish(3, 90, 90), wish(6, 20, 20)], 24, [18, 6]],
  [
    'what nobody needs goes in turns to those that have more',
    [wish(1, 2, 9), wish(1, 2, 3), wish(1, 2, 90)],
    15,
    [6, 3, 6],
  ],
  ['nobody gets what is not there', [wish(8, 8, 8), wish(8, 8, 8)], 10, [8, 2]],
])('%s', (_, wishes, rows, given) => {
  expect(shareRows(wishes, rows)).toEqual(given);
});

test('the rows of a column are always shared out to the last one', () => {
  const wishes = array(
    tuple(nat(9), nat(40), nat(500)).map(([least, need, all]) => wish(least, need, all)),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  assert(
    property(wishes, nat(200), (all, rows) => {
      const given = shareRows(all, rows);
      expect(given.reduce((sum, one) => sum + one, 0)).toBe(rows);
      expect(Math.min(...given)).toBeGreaterThanOrEqual(0);
    }),
  );
});
