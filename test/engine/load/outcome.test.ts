import {describe, expect, test} from 'vitest';
import type {LoadUnit} from '../../../src/domain/run/load-unit.ts';
import {PG_DUMP} from '../../../src/engine/load/pipeline/pg-dump.ts';
import {classifyFailure, type LaneRemains} from '../../../src/engine/load/outcome.ts';

const FENCE = '0/500 t t 2026-11-24 00:00:00.000000';
const unit: LoadUnit = {id: '01-events', kind: 'table', tables: [{schema: 'public', name: 'events'}], bytes: 1};
const nothing: LaneRemains = {
  pipeline: PG_DUMP,
  dumpExit: null,
  loadExit: null,
  dumpLog: '',
  loadLog: '',
  fenceSeen: {before: null, after: null},
  fenceExpected: FENCE,
  fenceLog: '',
  throttleLog: null,
  current: null,
  ended: null,
};
const classify = (remains: Partial<LaneRemains>) => classifyFailure(unit, {...nothing, ...remains});

describe('why a unit failed', () => {
  test('a killed pg_dump is the producer, and time heals it', () => {
    expect(classify({dumpExit: 137, loadExit: 0})).toMatchObject({
      cause: 'producer',
      heals: true,
      message: 'pg_dump was killed by signal 9',
    });
  });

  test("psql's error is told with its SQLSTATE and line, not as pg_dump's broken pipe", () => {
    const loadLog =
      'psql:<stdin>:31: ERROR:  23505: duplicate key value violates unique constraint "events_pkey"\nDETAIL:  Key (id)=(1) already exists.\nCONTEXT:  COPY events, line 3\nLOCATION:  _bt_check_unique, nbtinsert.c:664\n';
    expect(classify({dumpExit: 141, loadExit: 3, loadLog})).toMatchObject({
      cause: 'consumer',
      sqlstate: '23505',
      heals: false,
      message: 'psql: duplicate key value violates unique constraint "events_pkey" (COPY events, line 3)',
    });
  });

  test('a full disk waits for the operator', () => {
    const loadLog = 'psql:<stdin>:31: ERROR:  53100: could not extend file "base/5/1": No space left on device\n';
    expect(classify({dumpExit: 141, loadExit: 3, loadLog})).toMatchObject({sqlstate: '53100', heals: false});
  });

  test('an administrator who ends the backend is healed by time', () => {
    const loadLog = 'psql:<stdin>:31: FATAL:  57P01: terminating connection due to administrator command\n';
    expect(classify({dumpExit: 141, loadExit: 2, loadLog})).toMatchObject({sqlstate: '57P01', heals: true});
  });

  test('a fence that moved is final', () => {
    const moved = FENCE.replace('0/500', '0/501');
    const seen = classify({dumpExit: 0, loadExit: 0, fenceSeen: {before: FENCE, after: moved}});
    expect(seen).toMatchObject({cause: 'fence', heals: false});
    expect(seen.message).toContain('0/501');
    expect(seen.remedy).toMatch(/^longhaul run --from pause-replay/);
  });

  test('a replica that was promoted cannot be paused again: another is named', () => {
    const promoted = FENCE.replace('t t', 'f f');
    const seen = classify({dumpExit: 0, loadExit: 0, fenceSeen: {before: FENCE, after: promoted}});
    expect(seen.remedy).toMatch(/^let `replica` in longhaul.yaml name another standby/);
  });

  test.each(['42P01', '42883', '42704'])(
    'what a function does not find along search_path is told as that: %s',
    (state) => {
      const loadLog = `psql:<stdin>:31: ERROR:  ${state}: relation "kinds" does not exist\nCONTEXT:  SQL function "known_kind" during inlining\n`;
      expect(classify({dumpExit: 141, loadExit: 3, loadLog}).remedy).toContain('ALTER FUNCTION … SET search_path');
    },
  );

  test('a replica that was not at P before the data is final, too', () => {
    const earlier = FENCE.replace('0/500 t t', '0/400 t f');
    expect(
      classify({loadExit: 0, fenceSeen: {before: earlier, after: null}, fenceLog: 'division by zero'}),
    ).toMatchObject({
      cause: 'fence',
      heals: false,
    });
  });

  test('a session on the replica that did not live through the dump is tried again: there may have been a crash recovery', () => {
    const fenceLog = 'psql:fence.sql:5: server closed the connection unexpectedly\n';
    expect(classify({dumpExit: 0, loadExit: 0, fenceSeen: {before: FENCE, after: null}, fenceLog})).toMatchObject({
      cause: 'producer',
      heals: true,
    });
  });

  test.each([
    ['away', 'psql: error: connection to server at "r", port 5432 failed: Connection refused\n', true],
    ...[
      'too many connections for role "longhaul"',
      'too many connections for database "app"',
      'sorry, too many clients already',
    ].map((words): [string, string, boolean] => [
      `full: ${words}`,
      `psql: error: connection to server at "r", port 5432 failed: FATAL:  ${words}\n`,
      true,
    ]),
    [
      'one that refuses us',
      'psql: error: connection to server failed: FATAL:  password authentication failed\n',
      false,
    ],
  ])('no session on the replica, because it is %s', (_, fenceLog, heals) => {
    expect(classify({loadExit: 0, fenceLog})).toMatchObject({cause: 'producer', heals});
  });

  test('no word at all is lost, and the ledger has said that it is not in', () => {
    expect(classify({})).toMatchObject({cause: 'lost', heals: true});
  });

  test('what the operator cancelled waits for the operator', () => {
    expect(classify({dumpExit: 143, loadExit: 0, ended: {how: 'cancelled', by: 'ana'}})).toMatchObject({
      cause: 'cancelled',
      heals: false,
    });
  });

  test('what ended with the slots says so, and not that the replica moved', () => {
    expect(classify({dumpExit: 143, loadExit: 0, ended: {how: 'released', by: 'ana'}})).toMatchObject({
      message: 'ended, because ana released the slots; none of its rows stayed',
      heals: false,
    });
  });

  test('what was ended with the supervisor goes on with the next one', () => {
    expect(classify({dumpExit: 143, loadExit: 0, ended: {how: 'shutdown', by: 'ana'}})).toMatchObject({heals: true});
  });

  test.each<[string, Partial<LaneRemains>, boolean]>([
    [
      'a server that is away',
      {
        dumpExit: 1,
        dumpLog: 'pg_dump: error: connection to server at "db3" (10.0.0.3), port 5432 failed: Connection refused\n',
      },
      true,
    ],
    [
      'a server that starts',
      {
        dumpExit: 1,
        dumpLog: 'pg_dump: error: connection to server at "db3" failed: FATAL:  the database system is starting up\n',
      },
      true,
    ],
    [
      'a wrong password at the replica',
      {
        dumpExit: 1,
        dumpLog:
          'pg_dump: error: connection to server at "db3" failed: FATAL:  password authentication failed for user "longhaul"\n',
      },
      false,
    ],
    [
      'a database that is not there',
      {
        dumpExit: 1,
        dumpLog: 'pg_dump: error: connection to server at "db3" failed: FATAL:  database "ap" does not exist\n',
      },
      false,
    ],
    [
      'a server that is newer than pg_dump',
      {
        dumpExit: 1,
        dumpLog:
          'pg_dump: error: server version: 16.4; pg_dump version: 15.20\npg_dump: detail: aborting because of server version mismatch\n',
      },
      false,
    ],
    [
      'a table that is not there',
      {dumpExit: 1, dumpLog: 'pg_dump: error: no matching tables were found for pattern "x"\n'},
      false,
    ],
    [
      'a wrong password at the target',
      {
        dumpExit: 141,
        loadExit: 2,
        loadLog:
          'psql: error: connection to server at "rds" failed: FATAL:  password authentication failed for user "longhaul"\n',
      },
      false,
    ],
    [
      'a target that is away',
      {dumpExit: 141, loadExit: 2, loadLog: 'psql: error: connection to server at "rds" failed: timeout expired\n'},
      true,
    ],
    [
      'a connection lost in mid-COPY',
      {dumpExit: 141, loadExit: 2, loadLog: 'psql:<stdin>:31: error: connection to server was lost\n'},
      true,
    ],
    [
      'a psql that knows no \\restrict',
      {dumpExit: 141, loadExit: 3, loadLog: 'psql:<stdin>:5: error: invalid command \\restrict\n'},
      false,
    ],
    [
      'a target that crashed',
      {
        dumpExit: 141,
        loadExit: 2,
        loadLog:
          'WARNING:  57P01: terminating connection due to immediate shutdown command\nserver closed the connection unexpectedly\nconnection to server was lost\n',
      },
      true,
    ],
    ['a psql that is not there', {dumpExit: 141, loadExit: 127}, false],
  ])('time heals %s: %#', (_, remains, heals) => {
    expect(classify(remains).heals).toBe(heals);
  });

  test('what the target said has a statement for the table that it is about', () => {
    const said = (sqlstate: string, of: LoadUnit = unit): string => {
      const loadLog = `psql:<stdin>:31: ERROR:  ${sqlstate}: words\n`;
      return classifyFailure(of, {...nothing, dumpExit: 141, loadExit: 3, loadLog}).remedy;
    };
    expect(said('LH002')).toContain('on the target: TRUNCATE ONLY "public"."events"; then longhaul retry 01-events');
    expect(said('LH002', {...unit, kind: 'large-objects', tables: []})).toContain(
      'on the target: SELECT lo_unlink(oid)',
    );
    expect(said('23502')).toContain('ALTER TABLE "public"."events" ALTER COLUMN … DROP NOT NULL');
  });
});
