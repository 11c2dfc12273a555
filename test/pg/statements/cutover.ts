import * as cron from '../../../src/pg/cutover/cron.ts';
import {readSwitchedOff} from '../../../src/pg/cutover/rehearsal/durability.ts';
import * as logins from '../../../src/pg/cutover/rehearsal/login-roles.ts';
import * as readers from '../../../src/pg/cutover/rehearsal/other-readers.ts';
import * as statistics from '../../../src/pg/cutover/rehearsal/statistics.ts';
import {readUnfinished} from '../../../src/pg/cutover/rehearsal/unfinished.ts';
import * as clients from '../../../src/pg/cutover/clients.ts';
import {flushCommits} from '../../../src/pg/cutover/flush.ts';
import * as fence from '../../../src/pg/cutover/fence.ts';
import * as multiset from '../../../src/pg/cutover/multiset.ts';
import * as objects from '../../../src/pg/cutover/object-contents.ts';
import {readTablesChangedSince} from '../../../src/pg/cutover/peek.ts';
import * as readOnly from '../../../src/pg/cutover/read-only.ts';
import * as rest from '../../../src/pg/cutover/rest-tables.ts';
import * as sequences from '../../../src/pg/cutover/sequences.ts';
import {backToSnapshot, holdSnapshot, markSnapshot} from '../../../src/pg/cutover/snapshot.ts';
import * as shut from '../../../src/pg/cutover/shut.ts';
import * as writers from '../../../src/pg/cutover/writers.ts';
import {refreshBesideReaders, refreshMaterializedView} from '../../../src/pg/catalog/materialized-views.ts';
import {takeFromObjects} from '../../../src/pg/load/large-objects.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {onTarget, reads, type Trial} from './trial.ts';

const CLAIM = {pid: 1, applicationName: "it's", asReplica: true, limitMs: 1000, lockMs: 1000} as const;
const EVENTS = {schema: 'public', name: 'events'};
const SEQUENCE = {schema: 'public', name: 'tried'};
const OURS = 'longhaul/';
/** Longhaul's role owns neither the source's database nor its tables here, nor may it end others. */
const OWNER = {superuserBefore: Number.POSITIVE_INFINITY} as const;
/** In a transaction that is rolled back: nobody else sees it. */
const MADE = sql('CREATE SEQUENCE public.tried');

const MADE_NUMBERED = sql(
  "CREATE TABLE public.tried_numbered (id integer PRIMARY KEY DEFAULT nextval('public.tried'))",
);
const NUMBERED = {...SEQUENCE, tableSchema: 'public', table: 'tried_numbered', column: 'id'};

const SCHEMA = sql('CREATE SCHEMA IF NOT EXISTS longhaul_cdc');
const MADE_TABLE = sql('CREATE TABLE public.tried_shut (id integer)');
const OPEN = {schema: 'public', name: 'tried_shut', lacksRows: true, lacksTruncate: true};

const VIEW = {schema: 'public', name: 'tried_view'};
const MAKE_VIEW = sql('CREATE MATERIALIZED VIEW public.tried_view AS SELECT 1 AS id WITH NO DATA');

const either = (make: Trial['make']): Trial => ({on: ['source', 'target'], make, ...OWNER});

/** A table, and large objects of our own, which nobody else sees. */
const ROWS = {table: {schema: 'public', name: 'tried_rows'}, columns: [{name: 'id', type: null}]};
const MAKE_ROWS = sql('CREATE TABLE public.tried_rows AS SELECT 1 AS id');
const MAKE_OBJECTS = sql("SELECT lo_from_bytea(4711, 'abc'), lo_create(4712)");
const DIALECT = {formula: 'md5', binaryFloats: false} as const;

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
  readVisitors: reads((version) => clients.readVisitors(version, OURS)),
  readClients: reads((version) => clients.readClients(version, OURS, null)),
  // Of nobody: it began before there was a server.
  endClients: reads((version) => clients.endClients(version, OURS, '1970-01-01T00:00:00Z')),
  endClientsSince: reads((version) =>
    clients.endClientsSince(version, OURS, {since: '2999-01-01T00:00:00Z', before: null}),
  ),
  endSessions: reads((version) => clients.endSessions(version, OURS, [0])),
  readBeyondReach: reads((version) => clients.readBeyondReach(version, OURS)),
  readReach: reads((version) => clients.readReach(version)),
  readServerClock: reads(() => clients.readServerClock()),
  readOpenWriters: reads(() => writers.readOpenWriters(OURS)),
  readNextXid: {...reads(() => writers.readNextXid()), on: ['source', 'target']},
  beginFence: {...either(() => [fence.beginFence(), fence.endFence()]), alone: true},
  lockAgainstMaintenance: {on: ['source'], make: () => [fence.lockAgainstMaintenance([EVENTS])], ...OWNER},
  lockAgainstWrites: {on: ['source'], make: () => [fence.lockAgainstWrites([EVENTS])], ...OWNER},
  endFence: {...either(() => [fence.beginFence(), fence.endFence()]), alone: true},
  tryBehindFence: {...either(() => [fence.beginFence(), fence.tryBehindFence(), fence.endFence()]), alone: true},
  endTryBehindFence: {
    ...either(() => [fence.beginFence(), fence.tryBehindFence(), fence.endTryBehindFence(), fence.endFence()]),
    alone: true,
  },
  replaceFence: {...either(() => [fence.beginFence(), fence.replaceFence()]), alone: true},
  createShut: either(() => [SCHEMA, shut.createShut(true), shut.createShut(false)]),
  readNotShut: {...reads(() => shut.readNotShut([EVENTS])), on: ['source', 'target']},
  readNotOurs: {...reads(() => shut.readNotOurs([EVENTS])), on: ['source', 'target']},
  readShut: {...reads(() => shut.readShut()), on: ['source', 'target']},
  shutTables: either(() => [SCHEMA, MADE_TABLE, shut.createShut(true), shut.shutTables([OPEN])]),
  unshutTable: either(() => [
    SCHEMA,
    MADE_TABLE,
    shut.createShut(true),
    shut.shutTables([OPEN]),
    shut.unshutTable(OPEN),
  ]),
  dropShut: either(() => [SCHEMA, shut.createShut(true), shut.dropShut()]),
  readFence: reads(() => fence.readFence()),
  readUnlockable: {...reads(() => fence.readUnlockable([EVENTS])), on: ['source', 'replica']},
  readUnloggedTables: reads(() => rest.readUnloggedTables()),
  readRestFacts: reads((version) => rest.readRestFacts(version, [EVENTS])),
  copyAgainScript: {
    on: ['source'],
    psql: true,
    make: ({version}) => [
      // Nobody has exported a snapshot here.
      sql(rest.copyAgainScript(version, [], {...CLAIM, snapshot: 'none'}).replace(/SET TRANSACTION SNAPSHOT.*\n/, '')),
      sql(
        rest.copyAgainScript(
          version,
          [
            {
              table: {...EVENTS, columns: ['id'], sequences: []},
              remove: ['(0,1)'],
              take: ['(0,1)', '(0,2)'],
              firing: [],
            },
            {table: {...EVENTS, columns: ['id'], sequences: []}, remove: 'truncate', take: null, firing: []},
          ],
          CLAIM,
        ),
      ),
    ],
    alone: true,
  },
  tryCopyScript: {
    on: ['source'],
    psql: true,
    make: ({version}) =>
      [null, {table: {...EVENTS, columns: ['id'], sequences: []}, rows: 7, isUnlogged: false}].map((tried) =>
        sql(rest.tryCopyScript(version, tried, CLAIM)),
      ),
    alone: true,
  },
  sumFirstRows: onTarget(() => [MAKE_ROWS, multiset.sumFirstRows(ROWS, DIALECT, {rows: 7, buckets: 4})]),
  sumHashBuckets: onTarget(() => [MAKE_ROWS, multiset.sumHashBuckets(ROWS, DIALECT, 16)]),
  readRowsAlike: onTarget(() => [MAKE_ROWS, multiset.readRowsAlike(ROWS, DIALECT, {buckets: [1, 2], of: 4})]),
  sumObjects: onTarget(() => [
    MAKE_OBJECTS,
    objects.sumObjects({contents: true, of: 16, part: 1, parts: 2}),
    objects.sumObjects({contents: false, of: 16, part: 1, parts: 2}),
  ]),
  readObjectDigests: onTarget(() => [
    MAKE_OBJECTS,
    objects.readObjectDigests(true, {buckets: [7], of: 16}),
    objects.readObjectDigests(false, {buckets: [7], of: 16}),
  ]),
  readObjectPieces: onTarget(() => [MAKE_OBJECTS, objects.readObjectPieces(['4711', '4712'], 0)]),
  removeObjects: onTarget(() => [MAKE_OBJECTS, objects.removeObjects(['4711', '4713'])]),
  makeObjects: onTarget(() => [objects.makeObjects([{oid: '4711', piece: '0a0b'}])]),
  putObjectPieces: onTarget(() => [MAKE_OBJECTS, objects.putObjectPieces([{oid: '4711', piece: '0a0b'}], 5)]),
  takeFromObjects: onTarget(() => [MAKE_OBJECTS, sql(takeFromObjects(['4711'], [null, 'longhaul']))]),
  readPositions: either(() => [MADE, sequences.readPositions([SEQUENCE])]),
  setPositions: either(() => [MADE, sequences.setPositions([{...SEQUENCE, lastValue: '7', isCalled: true}])]),
  readNumberedColumns: either(() => [MADE, MADE_NUMBERED, sequences.readNumberedColumns([SEQUENCE])]),
  readFurthest: either(() => [
    MADE,
    MADE_NUMBERED,
    sequences.readFurthest(NUMBERED, 'max'),
    sequences.readFurthest(NUMBERED, 'min'),
  ]),
  readSequenceSteps: either(({version}) => [MADE, sequences.readSequenceSteps(version, [SEQUENCE])]),
  flushCommits: {...reads((version) => flushCommits(version)), on: ['source', 'target'], ...OWNER},
  holdSnapshot: {...reads(() => holdSnapshot()), alone: true},
  markSnapshot: {...either(() => [holdSnapshot(), markSnapshot(), fence.endFence()]), alone: true},
  backToSnapshot: {...either(() => [holdSnapshot(), markSnapshot(), backToSnapshot(), fence.endFence()]), alone: true},
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
  readSwitchedOff: reads(() => readSwitchedOff()),
  readAnalyzable: onTarget(() => [statistics.readAnalyzable([{schema: 'public', name: 'events'}])], 120_000),
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
