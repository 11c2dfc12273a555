import * as cron from '../../../src/pg/cutover/cron.ts';
import * as logins from '../../../src/pg/cutover/rehearsal/login-roles.ts';
import * as readers from '../../../src/pg/cutover/rehearsal/other-readers.ts';
import * as statistics from '../../../src/pg/cutover/rehearsal/statistics.ts';
import {readUnfinished} from '../../../src/pg/cutover/rehearsal/unfinished.ts';
import * as clients from '../../../src/pg/cutover/clients.ts';
import {flushCommits} from '../../../src/pg/cutover/flush.ts';
import * as fence from '../../../src/pg/cutover/fence.ts';
import {readTablesChangedSince} from '../../../src/pg/cutover/peek.ts';
import * as readOnly from '../../../src/pg/cutover/read-only.ts';
import * as sequences from '../../../src/pg/cutover/sequences.ts';
import {holdSnapshot} from '../../../src/pg/cutover/snapshot.ts';
import * as writers from '../../../src/pg/cutover/writers.ts';
import {refreshBesideReaders, refreshMaterializedView} from '../../../src/pg/catalog/materialized-views.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {onTarget, reads, type Trial} from './trial.ts';

const EVENTS = {schema: 'public', name: 'events'};
const SEQUENCE = {schema: 'public', name: 'tried'};
const OURS = 'longhaul/';
/** Longhaul's role owns neither the source's database nor its tables here, nor may it end others. */
const OWNER = {superuserBefore: Number.POSITIVE_INFINITY} as const;
/** In a transaction that is rolled back: nobody else sees it. */
const MADE = sql('CREATE SEQUENCE public.tried');

const VIEW = {schema: 'public', name: 'tried_view'};
const MAKE_VIEW = sql('CREATE MATERIALIZED VIEW public.tried_view AS SELECT 1 AS id WITH NO DATA');

const either = (make: Trial['make']): Trial => ({on: ['source', 'target'], make, ...OWNER});

/** What stops the writers, and what they leave. */
export const CUTOVER: Readonly<Record<string, Trial>> = {
  refreshMaterializedView: onTarget(() => [MAKE_VIEW, refreshMaterializedView(VIEW)]),
  refreshBesideReaders: onTarget(() => [
    MAKE_VIEW,
    sql('CREATE UNIQUE INDEX ON public.tried_view (id)'),
    refreshMaterializedView(VIEW),
    refreshBesideReaders(VIEW),
  ]),
  readReadOnlySetting: reads(() => readOnly.readReadOnlySetting()),
  refuseWrites: either(() => [readOnly.refuseWrites('app')]),
  putBackReadOnly: either(() => [readOnly.putBackReadOnly('app', null), readOnly.putBackReadOnly('app', 'off')]),
  readRolesThatWrite: reads(() => readOnly.readRolesThatWrite()),
  readClients: reads((version) => clients.readClients(version, OURS, null)),
  // Of nobody: it began before there was a server.
  endClients: reads((version) => clients.endClients(version, OURS, '1970-01-01T00:00:00Z')),
  endClientsSince: reads((version) => clients.endClientsSince(version, OURS, '2999-01-01T00:00:00Z')),
  endSessions: reads((version) => clients.endSessions(version, OURS, [0])),
  readBeyondReach: reads((version) => clients.readBeyondReach(version, OURS)),
  readReach: reads((version) => clients.readReach(version)),
  readServerClock: reads(() => clients.readServerClock()),
  readOpenWriters: reads(() => writers.readOpenWriters(OURS)),
  readNextXid: {...reads(() => writers.readNextXid()), on: ['source', 'target']},
  beginFence: {...either(() => [fence.beginFence(), fence.endFence()]), alone: true},
  lockAgainstWrites: {on: ['source'], make: () => [fence.lockAgainstWrites([EVENTS])], ...OWNER},
  endFence: {...either(() => [fence.beginFence(), fence.endFence()]), alone: true},
  readFence: reads(() => fence.readFence()),
  readUnlockable: {...reads(() => fence.readUnlockable([EVENTS])), on: ['source', 'replica']},
  readPositions: either(() => [MADE, sequences.readPositions([SEQUENCE])]),
  setPositions: either(() => [MADE, sequences.setPositions([{...SEQUENCE, lastValue: '7', isCalled: true}])]),
  readSequenceSteps: either(({version}) => [MADE, sequences.readSequenceSteps(version, [SEQUENCE])]),
  flushCommits: {...reads((version) => flushCommits(version)), on: ['source', 'target'], ...OWNER},
  holdSnapshot: {...reads(() => holdSnapshot()), alone: true},
  readTablesChangedSince: {
    ...OWNER,
    from: 100_000,
    on: ['source'],
    make: () => [
      sql("SELECT pg_create_logical_replication_slot('tried', 'pgoutput', true)"),
      readTablesChangedSince('tried', ['tried'], parseLsn('0/1')),
    ],
  },
};

/** What pg_cron 1.3 makes, as far as it is used; no server here has pg_cron. */
const MAKE_CRON = [
  sql('CREATE SCHEMA cron'),
  sql(
    `CREATE TABLE cron.job (jobid bigserial PRIMARY KEY, schedule text NOT NULL, command text NOT NULL, nodename text NOT NULL DEFAULT 'localhost', nodeport int NOT NULL DEFAULT 5432,
       database text NOT NULL DEFAULT current_database(), username text NOT NULL DEFAULT current_user, active boolean NOT NULL DEFAULT true, jobname name)`,
  ),
];
const JOB = {id: 1, schedule: '* * * * *', command: 'SELECT 1', node: '', port: 5432, role: 'app', active: true};
const withCron = (make: () => ReturnType<Trial['make']>): Trial => ({
  on: ['source', 'target'],
  make: () => [...MAKE_CRON, ...make()],
  ...OWNER,
});

/** What a rehearsal of the cutover reads. */
export const REHEARSAL: Readonly<Record<string, Trial>> = {
  readScheduler: reads((version) => cron.readScheduler(version)),
  readCronJobs: withCron(() => [cron.readCronJobs(true), cron.readCronJobs(false)]),
  addCronJob: withCron(() => [
    cron.addCronJob({...JOB, name: 'nightly'}, true),
    cron.addCronJob({...JOB, name: null}, false),
  ]),
  setCronJobs: withCron(() => [cron.addCronJob({...JOB, name: null}, true), cron.setCronJobs([1], true)]),
  readStatistics: reads((version) => statistics.readStatistics(version)),
  readDerivedStatistics: reads((version) => statistics.readDerivedStatistics(version)),
  readFilled: reads(() => statistics.readFilled([{schema: 'public', name: 'events'}])),
  readUnfinished: reads(() => readUnfinished()),
  readSendersSeen: reads((version) => readers.readSendersSeen(version)),
  readForeignSessions: reads(() => readers.readForeignSessions()),
  readForeignServers: reads(() => readers.readForeignServers()),
  readOwnSubscriptions: reads((version) => readers.readOwnSubscriptions(version)),
  readJobRunners: reads((version) => readers.readJobRunners(version)),
  readMayReadPasswords: reads(() => logins.readMayReadPasswords()),
  readPasswordKinds: {...reads(() => logins.readPasswordKinds()), ...OWNER},
  readSessionsByRole: reads(() => logins.readSessionsByRole()),
  readConnectByName: reads(() => logins.readConnectByName('longhaul')),
  readServerMark: reads(() => logins.readServerMark()),
  readLogin: reads(() => logins.readLogin()),
};
