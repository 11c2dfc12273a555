import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
  compareLsn,
  isLsn,
  laterLsn,
  lsnAddress,
  lsnAt,
  lsnDistance,
  parseLsn,
  type Lsn,
} from '../../../src/domain/pg/lsn.ts';

const address = fc.bigInt({min: 0n, max: 2n ** 64n - 1n});
const written = (at: bigint): Lsn =>
  parseLsn(`${(at >> 32n).toString(16)}/${(at & 0xffff_ffffn).toString(16).toUpperCase()}`);

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

  test('of any position is that position again, in whatever case it is written', () => {
    fc.assert(
      fc.property(address, (at) => {
        expect(lsnAddress(written(at))).toBe(at);
        expect(compareLsn(written(at), parseLsn(written(at).toUpperCase()))).toBe(0);
      }),
    );
  });

  test('of an address that a figure has is that position', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(Number(lsnAddress(lsnAt(bytes)))).toBe(bytes);
      }),
    );
    expect(lsnAt(Number(lsnAddress(parseLsn('35FE3/B63D4718'))))).toBe('35FE3/B63D4718');
  });

  test('any two positions have one order, which the later one and the distance agree with', () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        const order = compareLsn(written(a), written(b));
        expect(order).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(order).toBe(-compareLsn(written(b), written(a)) + 0);
        expect(lsnAddress(laterLsn(written(a), written(b)))).toBe(a > b ? a : b);
        expect(Math.sign(lsnDistance(written(b), written(a)))).toBe(order);
      }),
    );
  });

  test('any other text is none, and nothing is made of it', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        const [high = '', low = '', ...more] = text.split('/');
        const fits = more.length === 0 && [high, low].every((part) => /^[0-9a-fA-F]{1,8}$/.test(part));
        expect(isLsn(text)).toBe(fits);
      }),
    );
  });
});
