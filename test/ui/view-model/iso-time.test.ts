import {expect, test} from 'vitest';
import {dayAndMinute, isoToMs, msSince, timeOfDay} from '../../../src/ui/view-model/iso-time.ts';
import {formatAhead} from '../../../src/ui/view-model/span-of-time.ts';

test.each([
  '1970-01-01T00:00:00.000Z',
  '2024-02-29T23:59:59.999Z',
  '2026-11-23T22:10:03.123Z',
  '2100-03-01T00:00:00.000Z',
  '1999-12-31T12:00:00.500Z',
])('%s is the time that Date says', (iso) => expect(isoToMs(iso)).toBe(Date.parse(iso)));

test('what is no time is no time', () => {
  expect(isoToMs('yesterday')).toBeNull();
  expect(msSince(null, 5)).toBeNull();
  expect(timeOfDay('x')).toBe('--:--:--');
  expect(dayAndMinute('x')).toBe('?');
});

test('a clock that runs ahead makes nothing negative', () => {
  expect(msSince('1970-01-01T00:00:10.000Z', 5000)).toBe(0);
});

test.each([
  [40_000, '40 s'],
  [12 * 60_000, '12 min'],
  [7 * 3_600_000 + 20 * 60_000, '7 h 20 min'],
  [19 * 3_600_000, '19 h'],
  [76 * 3_600_000, '3 d 4 h'],
  [500 * 86_400_000, 'over a year'],
  [null, '?'],
])('%j ms ahead is %s', (ms, text) => expect(formatAhead(ms)).toBe(text));
