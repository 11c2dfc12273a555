import {describe, expect, test} from 'vitest';
import {compareLsn, isLsn, laterLsn, lsnDistance, parseLsn} from '../../../src/domain/pg/lsn.ts';

describe('LSN', () => {
  test('compares as positions, not as text', () => {
    expect(compareLsn(parseLsn('9/0'), parseLsn('10/0'))).toBe(-1);
    expect(compareLsn(parseLsn('0/A'), parseLsn('0/a'))).toBe(0);
    expect(laterLsn(parseLsn('35FE3/B63D4718'), parseLsn('35FE4/0'))).toBe('35FE4/0');
  });

  test('the distance is bytes of WAL, over the border of a 4 GB file too', () => {
    expect(lsnDistance(parseLsn('0/FFFFFFFF'), parseLsn('1/0'))).toBe(1);
    expect(lsnDistance(parseLsn('1/0'), parseLsn('0/0'))).toBe(-4_294_967_296);
  });

  test.each(['', '16', '16/', 'G/0', '16/B374D8488', ' 1/0'])('%j is not one', (text) => {
    expect(isLsn(text)).toBe(false);
    expect(() => parseLsn(text)).toThrow('bug');
  });
});
