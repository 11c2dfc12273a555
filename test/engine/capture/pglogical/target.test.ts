import {describe, expect, test} from 'vitest';
import {judgeDown, type Since} from '../../../../src/engine/capture/control/kick-down.ts';
import {
  judgePglogicalTarget,
  type PglogicalTargetSeen,
} from '../../../../src/engine/capture/pglogical/check-pglogical-target.ts';
import {judgeStrictness} from '../../../../src/engine/capture/pglogical/start/strict-mode.ts';
import {whyNot} from '../../../../src/engine/schema/copy/rehearse-schema.ts';

const fine: PglogicalTargetSeen = {
  version: 150_000,
  role: 'longhaul',
  superuser: false,
  database: 'app',
  installed: '2.4.2',
  mayAdvance: true,
  maySee: true,
  mayBeStrict: true,
  mayPassOver: true,
  databases: 3,
  rights: {version: '2.4.2', mayUse: true, mayCall: true, shutOut: [], open: false, users: []},
  settings: new Map([
    ['max_worker_processes', '20'],
    ['max_replication_slots', '10'],
    ['pglogical.conflict_resolution', 'apply_remote'],
    ['pglogical.conflict_log_level', 'log'],
    ['track_commit_timestamp', 'off'],
    ['lock_timeout', '0'],
  ]),
  workers: 1,
  origins: 0,
  missing: 6,
};
const setting = (name: string, value: string): PglogicalTargetSeen => ({
  ...fine,
  settings: new Map([...fine.settings, [name, value]]),
});
const rights = (change: Partial<NonNullable<PglogicalTargetSeen['rights']>>): PglogicalTargetSeen => ({
  ...fine,
  rights: {version: '2.4.2', mayUse: true, mayCall: true, shutOut: [], open: false, users: [], ...change},
});

/** What is noted of tables that are passed over. */
function noted(seen: PglogicalTargetSeen) {
  return judgePglogicalTarget(seen).filter(({check}) => check === 'target.passing-over');
}

describe('the target of pglogical’s subscriptions', () => {
  test.each<[string, PglogicalTargetSeen, string[]]>([
    ['is fine', fine, []],
    ['has not loaded it', {...fine, settings: new Map()}, ['blocker target.preload']],
    ['has no extension', {...fine, rights: null}, ['blocker target.pglogical']],
    ['may not be used', rights({mayCall: false}), ['blocker target.pglogical-usage']],
    ['lets everybody subscribe', rights({open: true}), ['warning target.pglogical-open']],
    ['may not be set to P', {...fine, mayAdvance: false}, ['blocker target.origin']],
    ['hides its workers', {...fine, maySee: false}, ['blocker target.workers-seen']],
    ['overwrites rows in silence', {...fine, mayBeStrict: false}, ['warning target.not-strict']],
    ['takes every update for a conflict', setting('track_commit_timestamp', 'on'), ['warning target.not-strict']],
    [
      'keeps older rows',
      setting('pglogical.conflict_resolution', 'last_update_wins'),
      ['blocker target.conflict-resolution'],
    ],
    ['has too few workers', setting('max_worker_processes', '12'), ['blocker target.max_worker_processes']],
    ['has too few origins', setting('max_replication_slots', '5'), ['blocker target.max_replication_slots']],
    [
      'counts origins by themselves from 18 on',
      setting('max_active_replication_origins', '5'),
      ['blocker target.max_active_replication_origins'],
    ],
    ['cuts its workers off', setting('lock_timeout', '3000 ms'), ['warning target.apply-lock_timeout']],
  ])('%s', (_, seen, expected) => {
    const told = judgePglogicalTarget(seen).filter(({severity}) => severity !== 'note');
    expect(told.map(({severity, check}) => `${severity} ${check}`)).toEqual(expected);
  });

  test('says in a note what an adoption leaves that is ended on its way, and what is to be granted for it', () => {
    expect(noted(fine)).toEqual([]);
    const [told] = noted({...fine, mayPassOver: false});
    expect([told?.severity, told?.remedy]).toEqual([
      'note',
      'on the target, as superuser, in the database that is loaded: GRANT INSERT, UPDATE, DELETE ON pglogical.local_sync_status TO "longhaul"',
    ]);
  });

  test('says what would be silent, and what is to be granted for it', () => {
    const [told] = judgePglogicalTarget({...fine, mayBeStrict: false}).filter(({severity}) => severity === 'warning');
    expect(told?.seen).toContain('overwrites that row');
    expect(told?.remedy).toContain('GRANT SET ON PARAMETER pglogical.conflict_log_level TO "longhaul"');
    const [before] = judgePglogicalTarget({...fine, version: 140_000, mayBeStrict: false}).filter(
      ({severity}) => severity === 'warning',
    );
    expect(before?.remedy).toContain('before 15');
  });
});

test('strict mode is there, can be set, or cannot be had', () => {
  const seen = {mayBeStrict: true, level: 'log', tracksCommits: false};
  expect(judgeStrictness(seen)).toEqual({is: false, canBe: true, why: null});
  expect(judgeStrictness({...seen, mayBeStrict: false, level: 'error'})).toMatchObject({is: true, why: null});
  expect(judgeStrictness({...seen, mayBeStrict: false}).canBe).toBe(false);
  // The first update of each row that was loaded would stop its slot.
  expect(judgeStrictness({...seen, level: 'error', tracksCommits: true})).toMatchObject({is: false, canBe: false});
});

describe('what is down while both servers answer', () => {
  const TIMES = {downMs: 10_000, againMs: 60_000};
  const down = {slot: 'lh_01', state: 'down', lagBytes: 1} as const;
  const at = (nowMs: number, since: ReadonlyMap<string, Since>, seen: Parameters<typeof judgeDown>[0] = [down]) =>
    judgeDown(seen, since, {nowMs, ...TIMES});

  test('is kicked after ten seconds, and again only after a minute', () => {
    const first = at(0, new Map());
    const second = at(9000, first.since);
    const third = at(10_000, second.since);
    const fourth = at(69_000, third.since);
    const fifth = at(70_000, fourth.since);
    expect([first, second, third, fourth, fifth].map(({kick}) => kick.length)).toEqual([0, 0, 1, 0, 1]);
  });

  test('is not kicked where it runs again, is stopped, or has no slot any more', () => {
    const {since} = at(0, new Map());
    expect(at(20_000, at(5000, since, [{...down, state: 'running'}]).since).kick).toEqual([]);
    expect(at(20_000, since, [{...down, state: 'stopped'}]).kick).toEqual([]);
    expect(at(20_000, since, [{...down, lagBytes: null}]).kick).toEqual([]);
  });
});

test('a scratch database is made where it can be dropped again', () => {
  expect(whyNot({may: true, hangs: false})).toBeNull();
  expect(whyNot({may: false, hangs: false})).toContain('may not create');
  expect(whyNot({may: true, hangs: true})).toContain('pglogical');
});
