import {expect, test} from 'vitest';
import {NO_TRENDS, withTrend} from '../../../src/domain/reading/trends.ts';
import {lanes, slots} from '../../probes/judge/observed.ts';

const seconds = (n: number): number => n * 1000;

test('trends are of half an hour, a sample every ten seconds, and only of what is still reported', () => {
  let trends = NO_TRENDS;
  for (let n = 0; n <= 3600; n += 2) trends = withTrend(trends, slots(0, {retainedBytes: n}), seconds(n));
  expect(trends.slots['dms_slot_01']).toHaveLength(181);
  trends = withTrend(trends, slots(0, {name: '__proto__', retainedBytes: null}), seconds(3610));
  expect(Object.keys(trends.slots)).toEqual(['__proto__']);
  expect(withTrend(trends, lanes(0, 'a', 5), seconds(3610)).units).toEqual({a: []});
});
