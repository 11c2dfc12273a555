import {expect, test} from 'vitest';
import type {ServerRole} from '../../../src/domain/pg/server-role.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {stateNamed, type NamedState} from '../../support/states.ts';
import {at, due, GB} from './observed.ts';

const full = (server: ServerRole): Reading[] => [
  {at: at(1), probe: 'disk', server, disk: {freeBytes: 1, totalBytes: 100 * GB, from: 'command'}},
  {at: at(1), probe: 'runway', server, why: 'it does not grow', runway: null},
];

test.each<[ServerRole, NamedState, string]>([
  [
    'replica',
    'loading',
    'make room on the replica; it stays paused as long as P is needed: 2 units are not loaded yet',
  ],
  ['replica', 'compared', 'nothing needs the replica at P: longhaul resume --replay --yes acme'],
  ['replica', 'P lost by the replica', 'nothing needs the replica at P: longhaul resume --replay --yes acme'],
  ['replica', 'done', 'make room on the replica'],
  [
    'source',
    'loading',
    'make room on the WAL volume now; longhaul release shows what dropping our slots would free, and drops none without --yes',
  ],
  ['source', 'released', 'make room on the WAL volume now'],
])('the disk of the %s is full, %s: what helps is said', (server, name, remedy) => {
  const disks = due(1, full(server), stateNamed(name)).filter(({id}) => id.startsWith('disk.'));
  expect(disks).toMatchObject([{id: `disk.runway:${server}`, remedy}]);
});
