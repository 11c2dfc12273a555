import {describe, expect, test} from 'vitest';
import {judgeJobs, judgeRunners} from '../../../src/engine/cutover/jobs/judge-jobs.ts';
import {pairJobs, type JobsOfServer} from '../../../src/engine/cutover/jobs/read-jobs.ts';
import {jobsAhead, jobsToSwap} from '../../../src/engine/cutover/jobs/swap-jobs.ts';
import {judgeConnect} from '../../../src/engine/cutover/rehearsal/replication-role.ts';
import {judgeLoginRoles, type RolesSeen} from '../../../src/engine/cutover/rehearsal/login-roles.ts';
import {judgeLogin} from '../../../src/engine/cutover/rehearsal/logins.ts';
import type {CronJob} from '../../../src/pg/cutover/cron.ts';
import type {RoleRow} from '../../../src/pg/roles/roles.ts';

const role = (name: string, more: Partial<RoleRow> = {}): RoleRow => ({
  role: name,
  superuser: false,
  inherit: true,
  createRole: false,
  createDatabase: false,
  login: true,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
  ...more,
});

const side = (one: RoleRow, more: Partial<RolesSeen> = {}): RolesSeen => ({
  roles: [one, role('longhaul')],
  settings: [],
  passwords: [{role: 'app', kind: 'scram-sha-256'}],
  ...more,
});

const checks = (...given: Parameters<typeof judgeLogin>): string[] =>
  judgeLogin(...given).map(({check, severity}) => `${severity} ${check.replace('cutover.', '')}`);

const severity = (...given: Parameters<typeof judgeConnect>) => judgeConnect(...given).map((one) => one.severity);

const job = (id: number, command: string, active = true): CronJob => ({
  id,
  schedule: '0 3 * * *',
  command,
  node: '',
  port: 5432,
  role: 'app',
  active,
  name: null,
});

const server = (jobs: readonly CronJob[], more: Partial<JobsOfServer['scheduler']> = {}): JobsOfServer => ({
  scheduler: {
    here: true,
    mayRead: true,
    mayChange: true,
    hasNames: true,
    database: 'app',
    own: 'app',
    ...more,
  },
  jobs,
});

describe('roles of the application on the target', () => {
  const judged = (target: RolesSeen, source = side(role('app')), room = {}): string[] =>
    judgeLoginRoles({
      source,
      target,
      sessions: [
        {role: 'app', sessions: 3},
        {role: 'longhaul', sessions: 9},
      ],
      own: ['longhaul'],
      database: 'app',
      nowMs: Date.UTC(2026, 0, 1),
      maxConnections: 100,
      databaseLimit: -1,
      ...room,
    }).map(({check}) => check.replace('cutover.', ''));

  test.each([
    ['are as on the source', side(role('app')), []],
    ['are not there', side(role('other')), ['roles-missing']],
    ['may not log in', side(role('app', {login: false})), ['no-login']],
    ['have a limit below their sessions', side(role('app', {connectionLimit: 2})), ['role-limit']],
    ['have a password that has run out', side(role('app', {validUntil: '2025-01-01 00:00:00+00'})), ['valid-until']],
    ['have no password', side(role('app'), {passwords: [{role: 'app', kind: 'none'}]}), ['no-password']],
    ['have passwords that nobody may read', side(role('app'), {passwords: null}), ['passwords-hidden']],
    [
      'have a setting that the source has not',
      side(role('app'), {settings: [{role: 'app', inDatabase: true, setting: 'work_mem=1GB'}]}),
      ['setting-more'],
    ],
  ])('that %s', (_, target, expected) => {
    expect(judged(target)).toEqual(expected);
  });

  test('that have more sessions than the target lets in; our own do not count', () => {
    expect(judged(side(role('app')), side(role('app')), {databaseLimit: 3, maxConnections: 3})).toEqual([]);
    expect(judged(side(role('app')), side(role('app')), {databaseLimit: 2, maxConnections: 2})).toEqual([
      'database-limit',
      'max-connections',
    ]);
  });

  test('that have md5 on the source and SCRAM here, or lack a setting', () => {
    const settings = [{role: 'app', inDatabase: false, setting: 'search_path=sales, public'}];
    const source = side(role('app'), {settings, passwords: [{role: 'app', kind: 'md5'}]});
    expect(judged(side(role('app')), source)).toEqual(['scram', 'setting']);
  });

  test('the target’s being read-only until the hand-over is no setting that differs', () => {
    const readOnly = [{role: null, inDatabase: true, setting: 'default_transaction_read_only=on'}];
    expect(judged(side(role('app'), {settings: readOnly}))).toEqual([]);
  });
});

describe('a login by the application’s new way', () => {
  const seen = {
    role: 'app',
    database: 'app',
    server: '17 5',
    searchPath: 'sales, public',
    schemas: ['sales', 'public'],
    tls: true,
    inRecovery: false,
  };
  const known = {way: 'pooler:6432/app as app', sslmode: 'require', server: '17 5', settings: []};

  test('that is well is said', () => {
    expect(checks(seen, known)).toEqual(['note login-works']);
  });

  test('that leads to another server stops the cutover', () => {
    expect(checks({...seen, server: '16 5'}, known)).toEqual(['blocker login-elsewhere']);
  });

  test('that has another search_path, does not see a schema of it, or is not encrypted is told', () => {
    const settings = [{role: null, inDatabase: true, setting: 'search_path=public'}];
    const wrong = {...seen, schemas: ['public'], tls: false};
    expect(checks(wrong, {...known, sslmode: 'prefer', settings})).toEqual([
      'warning login-search-path',
      'warning login-schema',
      'warning login-tls',
      'note login-works',
    ]);
  });
});

describe('the role of change capture', () => {
  const database = 'app';
  const none = {stopBefore: [], stopAfter: [], handOver: []};

  test('that connects by a grant of its own keeps it when PUBLIC loses its own', () => {
    expect(severity('longhaul', {database, connects: true, byName: true}, none)).toEqual([]);
  });

  test('that connects by PUBLIC’s alone is told, and warned of where commands stop the application', () => {
    expect(severity('longhaul', {database, connects: true, byName: false}, none)).toEqual(['note']);
    for (const place of ['stopBefore', 'stopAfter', 'handOver'])
      expect(severity('longhaul', {database, connects: true, byName: false}, {...none, [place]: [{}]})).toEqual([
        'warning',
      ]);
  });

  test('that may not connect any more stops the cutover, with the grant that it needs', () => {
    const [finding] = judgeConnect('longhaul', {database, connects: false, byName: false}, none);
    expect(finding).toMatchObject({
      severity: 'blocker',
      remedy: 'on the source: GRANT CONNECT ON DATABASE "app" TO "longhaul"',
    });
  });
});

describe('jobs of pg_cron', () => {
  test('are paired by what they do, each of the target once', () => {
    const pairs = pairJobs([job(1, 'a'), job(2, 'a'), job(3, 'b')], [job(7, 'b'), job(8, 'a')]);
    expect(pairs.map(({job: one, there}) => [one.id, there?.id ?? null])).toEqual([
      [1, 8],
      [2, null],
      [3, 7],
    ]);
  });

  test('that run are swapped, and those that somebody has switched off stay off', () => {
    const source = server([job(1, 'a'), job(2, 'b', false)]);
    expect(jobsToSwap({source, target: server([job(9, 'a', false), job(8, 'b', false)])})).toEqual([
      {source: 1, target: 9},
    ]);
  });

  test('that the target has for itself are left alone', () => {
    const target = server([job(7, 'own'), job(8, 'b', false), job(9, 'a')]);
    expect(jobsAhead({source: server([job(1, 'a'), job(2, 'b')]), target}).map(({id}) => id)).toEqual([9]);
  });

  test('that are off on the source are off on the target, before the hand-over and behind it', () => {
    const seen = {source: server([job(1, 'a', false)]), target: server([job(9, 'a')])};
    expect(jobsAhead(seen).map(({id, staysOff}) => ({id, staysOff}))).toEqual([{id: 9, staysOff: true}]);
    expect(jobsToSwap(seen)).toEqual([]);
    const [early, ...others] = judgeJobs(seen);
    expect(early?.seen).toContain('(off on the source, so it stays off)');
    expect(others).toEqual([]);
  });

  const none = server([], {here: false, database: null});
  test.each([
    ['there are none', {source: none, target: none}, []],
    [
      'they are in another database',
      {source: server([], {here: false, database: 'postgres'}), target: none},
      ['jobs-elsewhere'],
    ],
    ['our role may not see them', {source: server([], {mayRead: false}), target: none}, ['jobs-hidden']],
    ['the target has no pg_cron', {source: server([job(1, 'a')]), target: none}, ['jobs-no-cron']],
    ['some run there already', {source: server([job(1, 'a')]), target: server([job(1, 'a')])}, ['jobs-early', 'jobs']],
    ['all is well', {source: server([job(1, 'a')]), target: server([job(1, 'a', false)])}, ['jobs']],
  ])('where %s', (_, seen, expected) => {
    expect(judgeJobs(seen).map(({check}) => check.replace('cutover.', ''))).toEqual(expected);
  });

  test('other schedulers are told', () => {
    expect(judgeRunners(['pg_cron', 'pg_partman_bgw']).map(({seen}) => seen)).toEqual([
      expect.stringContaining('pg_partman_bgw'),
    ]);
  });
});
