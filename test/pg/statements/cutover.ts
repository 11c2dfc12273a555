import * as clients from '../../../src/pg/cutover/clients.ts';
import * as fence from '../../../src/pg/cutover/fence.ts';
import {readTablesChangedSince} from '../../../src/pg/cutover/peek.ts';
import * as readOnly from '../../../src/pg/cutover/read-only.ts';
import * as sequences from '../../../src/pg/cutover/sequences.ts';
import {holdSnapshot} from '../../../src/pg/cutover/snapshot.ts';
import * as shut from '../../../src/pg/cutover/shut.ts';
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

const SCHEMA = sql('CREATE SCHEMA IF NOT EXISTS longhaul_cdc');
const MADE_TABLE = sql('CREATE TABLE public.tried_shut (id integer)');
const OPEN = {schema: 'public', name: 'tried_shut', lacksRows: true, lacksTruncate: true};

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
  readPositions: either(() => [MADE, sequences.readPositions([SEQUENCE])]),
  setPositions: either(() => [MADE, sequences.setPositions([{...SEQUENCE, lastValue: '7', isCalled: true}])]),
  readSequenceSteps: either(({version}) => [MADE, sequences.readSequenceSteps(version, [SEQUENCE])]),
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
