import {expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {readingKey} from '../../../src/domain/reading/reading-key.ts';
import {findSilent} from '../../../src/domain/reading/silent-servers.ts';

const at = (minute: number): string => `2026-11-24T04:0${minute}:00.000Z`;
const target: Reading = {
  at: at(1),
  probe: 'target',
  databaseBytes: null,
  databaseSeenAt: at(1),
  blocked: 0,
  activity: [],
  cutOff: [],
};
const failed: Reading = {at: at(2), probe: 'failed', of: 'target', message: 'ECONNREFUSED'};
/** Asked of nobody before change capture has begun. */
const nothing: Reading = {at: at(3), probe: 'figures', of: 'cdc', server: 'target', figures: []};

test('a server is silent since it answered last, whatever else is read without it', () => {
  const readings = new Map([target, failed, nothing].map((reading) => [readingKey(reading), reading]));
  expect(findSilent(readings)).toEqual([{server: 'target', since: at(1), message: 'ECONNREFUSED'}]);
});
