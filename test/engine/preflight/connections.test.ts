import {describe, expect, test} from 'vitest';
import {
  judgeConnections,
  judgeCopied,
  sessionsNeeded,
} from '../../../src/engine/preflight/servers/check-connections.ts';
import {SERVER_ROLES} from '../../../src/domain/pg/server-role.ts';
import type {ConnectionsRow} from '../../../src/pg/load/connections.ts';
import {told} from './told.ts';

const SEEN: ConnectionsRow = {
  role: 'longhaul',
  database: 'app',
  superuser: false,
  roleLimit: -1,
  databaseLimit: -1,
  serverLimit: 97,
  byRole: 0,
  inDatabase: 40,
  onServer: 60,
};
const load = {lanes: 6, indexJobs: 2};

describe('connections', () => {
  test('a lane has two sessions on the replica and one on the target, where indexes are built beside them; comparing wants no more', () => {
    expect(SERVER_ROLES.map((server) => sessionsNeeded(server, load))).toEqual([4, 15, 11]);
    expect(sessionsNeeded('target', {lanes: 1, indexJobs: 8})).toBe(12);
  });

  test.each([
    ['without limits', {}, []],
    ['the role may have just as many', {roleLimit: 15}, []],
    ['the role may have one less', {roleLimit: 14}, ['b replica.connection-limit']],
    ['others are connected as the same role', {roleLimit: 16, byRole: 2}, ['b replica.connection-limit']],
    ['the database takes one less', {databaseLimit: 54}, ['b replica.connection-limit']],
    ['a limit of 0 is one', {roleLimit: 0}, ['b replica.connection-limit']],
    ['of a superuser', {superuser: true, roleLimit: 1, databaseLimit: 1}, []],
    ['the server is nearly full', {onServer: 83}, ['b replica.max-connections']],
  ])('%s', (_, seen, expected) => {
    expect(told(judgeConnections('replica', sessionsNeeded('replica', load), {...SEEN, ...seen}))).toEqual(expected);
  });

  test('the remedy has the number that is enough, and where the replica gets it from', () => {
    const [finding] = judgeConnections('replica', 15, {...SEEN, databaseLimit: 50});
    expect(finding?.seen).toBe(
      'CONNECTION LIMIT of database app allows 50 connections, others have 40 of them, and the run needs 15',
    );
    expect(finding?.remedy).toMatch(
      /^on the source, whom the replica follows: ALTER DATABASE "?app"? CONNECTION LIMIT 55;/,
    );
  });

  test('the limit of the source’s database, which the target’s gets as well, is counted before it is there', () => {
    expect(judgeCopied(load, -1)).toEqual([]);
    expect(judgeCopied(load, 11)).toEqual([]);
    expect(told(judgeCopied(load, 10))).toEqual(['b source.connection-limit-copied']);
  });
});
