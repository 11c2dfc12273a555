import {expect, test} from 'vitest';
import {judgeReplicaSessions, judgeSubscribed} from '../../../../src/engine/capture/pglogical/check-not-sent.ts';

test('whose sessions begin as a replica’s truncates without pglogical hearing of it, and is named with what takes that away', () => {
  const setting = 'session_replication_role=replica';
  const findings = judgeReplicaSessions(
    [
      {role: 'e"tl', inDatabase: false, setting},
      {role: 'etl', inDatabase: true, setting},
      {role: null, inDatabase: true, setting},
      {role: 'app', inDatabase: false, setting: 'session_replication_role=origin'},
      {role: 'app', inDatabase: false, setting: 'search_path=session_replication_role=replica'},
    ],
    'app',
  );
  expect(findings.map(({check, remedy}) => [check, remedy.slice(remedy.indexOf('ALTER'))])).toEqual([
    ['source.truncate-as-replica', 'ALTER ROLE "e""tl" SET "session_replication_role" TO \'origin\''],
    ['source.truncate-as-replica', 'ALTER ROLE "etl" IN DATABASE "app" SET "session_replication_role" TO \'origin\''],
    ['source.truncate-as-replica', 'ALTER DATABASE "app" SET "session_replication_role" TO \'origin\''],
  ]);
});

test('a source that subscribes to another server is told, for what comes that way is sent on by nobody', () => {
  expect(judgeSubscribed([])).toEqual([]);
  const [finding, ...others] = judgeSubscribed(['from_crm', 'from_erp']);
  expect(others).toEqual([]);
  expect([finding?.check, finding?.severity]).toEqual(['source.subscribed', 'warning']);
  expect(finding?.seen).toContain('(from_crm, from_erp)');
});
