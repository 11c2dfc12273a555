import {readBackends, readBackendsLike, readOwnPid} from '../../../src/pg/load/backends.ts';
import {readConnections} from '../../../src/pg/load/connections.ts';
import {readColumnDigests} from '../../../src/pg/catalog/column-digests.ts';
import {readDataHazards} from '../../../src/pg/catalog/data-hazards.ts';
import {readDatabaseExtras} from '../../../src/pg/catalog/database-extras.ts';
import {readAllDatabaseSizes, readDatabaseSize} from '../../../src/pg/load/database-sizes.ts';
import {readChecks, readLooseDomainChecks, readTableMarks} from '../../../src/pg/catalog/checks.ts';
import {readExtensionTables} from '../../../src/pg/catalog/extension-tables.ts';
import {readDefaultGrants, readGivenByOthers, readGrants} from '../../../src/pg/roles/grants.ts';
import {
  readComments,
  readForeignKeys,
  readIndexes,
  readIndexStates,
  readLargestIndexes,
  readTriggers,
} from '../../../src/pg/catalog/indexes.ts';
import {
  readDatabaseFacts,
  readExtensions,
  readForeignKeyTies,
  readNotedColumns,
  readSequences,
  readTableNames,
  readTables,
  readUniqueIndexes,
} from '../../../src/pg/catalog/inventory.ts';
import {readImpliedOperators} from '../../../src/pg/objects/implied-operators.ts';
import {measureColumns, readLongColumns} from '../../../src/pg/catalog/measured-columns.ts';
import {copyOutScript, readDataColumns, rowsIn} from '../../../src/pg/load/copy-data.ts';
import {readKeyColumns, readKeysNow, sortKeyValues} from '../../../src/pg/ranges/range-keys.ts';
import {conditionOf, mustBeInOrder} from '../../../src/pg/ranges/rows-of.ts';
import {
  countLargeObjects,
  readObjectBytes,
  readObjectGroups,
  readObjectsOf,
} from '../../../src/pg/load/large-objects.ts';
import {readAnalyzed} from '../../../src/pg/load/restore.ts';
import {readLeftBehind} from '../../../src/pg/load/left-behind.ts';
import {readLedgerExists} from '../../../src/pg/load/ledger.ts';
import {countRelations} from '../../../src/pg/load/lock-table.ts';
import {readBytes} from '../../../src/pg/catalog/not-utf8.ts';
import {readOldestTransactions} from '../../../src/pg/replication/oldest-transactions.ts';
import {readOwnedObjects} from '../../../src/pg/roles/owned-objects.ts';
import {readCreators} from '../../../src/pg/roles/ownership.ts';
import {readReplayedLocks} from '../../../src/pg/replication/replayed-locks.ts';
import {readMaterializedViews, readViewSizes} from '../../../src/pg/catalog/materialized-views.ts';
import {countUnreadableObjects, readPglogical, readRoleRights, readUnreadable} from '../../../src/pg/roles/rights.ts';
import {readNobodysSettings, readRoleSettings, trySetting} from '../../../src/pg/roles/role-settings.ts';
import {readAssumableRoles, readMemberships, readRoleNames, readRoles} from '../../../src/pg/roles/roles.ts';
import {countRows} from '../../../src/pg/load/row-counts.ts';
import {readHidingTables} from '../../../src/pg/roles/row-security.ts';
import {readSchemas, schemaExists} from '../../../src/pg/catalog/schemas.ts';
import {readNeeds} from '../../../src/pg/catalog/scope-needs.ts';
import {
  readDatabase,
  readExtensionOffers,
  readInRecovery,
  readWhichDatabase,
  haveUsualValues,
  haveValues,
  readSettings,
  readSettingsOfNewSessions,
  readUsage,
  trySessionReplicationRole,
} from '../../../src/pg/session/settings.ts';
import {
  readExclusiveHolders,
  readMaintainers,
  readLockBlockers,
  readShareBlockers,
  readWorkerBlockers,
  readWriteBlockers,
  readSlotBlockers,
  readSnapshotHolders,
} from '../../../src/pg/replication/blockers.ts';
import {readSuperuserObjects} from '../../../src/pg/roles/superuser-objects.ts';
import {readTablespaces} from '../../../src/pg/catalog/tablespaces.ts';
import {readBlockedSessions, readProgress} from '../../../src/pg/load/target-activity.ts';
import {
  readMissingTables,
  readRowsChanged,
  readTablesWithRows,
  readTouches,
} from '../../../src/pg/catalog/target-tables.ts';
import {readTransactionAges} from '../../../src/pg/replication/transaction-ages.ts';
import {readMayListWal, readWalDirectory} from '../../../src/pg/replication/wal-directory.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {quoteRelation} from '../../../src/domain/pg/relation.ts';
import type {KeyRange} from '../../../src/domain/run/key-range.ts';
import {reads, type Trial} from './trial.ts';

/** Both are in the lab's source; the target has neither. */
const TABLES = [
  {schema: 'public', name: 'events'},
  {schema: 'public', name: 'Mixed Case'},
];
const EVENTS = {schema: 'public', name: 'events'};
/** A part of it, by its key. */
const RANGE: KeyRange = {key: [{name: 'id', type: 'bigint'}], from: ['3'], to: ['5']};
const ON_SOURCE = ['source', 'replica'] as const;

/** Everything in src/pg that only reads. */
export const READING: Readonly<Record<string, Trial>> = {
  readBackends: reads(() => readBackends(['longhaul/test'])),
  readBackendsLike: reads(() => readBackendsLike(['longhaul/%'])),
  readConnections: reads((version) => readConnections(version, 'longhaul/rehearsal/')),
  readColumnDigests: reads((version) => readColumnDigests(TABLES, version)),
  readDataHazards: reads(readDataHazards),
  readDatabaseExtras: reads(readDatabaseExtras),
  readDatabaseSize: reads(readDatabaseSize),
  // CONNECT on every database, or pg_monitor, which 9.6 has not.
  readAllDatabaseSizes: {...reads(readAllDatabaseSizes), superuserBefore: 100_000},
  readGrants: reads(readGrants),
  readGivenByOthers: reads(() => readGivenByOthers()),
  readDefaultGrants: reads(readDefaultGrants),
  readComments: reads(readComments),
  readForeignKeys: reads(readForeignKeys),
  readIndexes: reads(readIndexes),
  readIndexStates: reads(() => readIndexStates(TABLES)),
  readOwnPid: reads(readOwnPid),
  readAnalyzed: reads(() => readAnalyzed(TABLES)),
  readChecks: reads(readChecks),
  readLooseDomainChecks: reads(readLooseDomainChecks),
  readTableMarks: reads(readTableMarks),
  readExtensionTables: reads(readExtensionTables),
  readTriggers: reads(readTriggers),
  measureColumns: {
    ...reads(() =>
      measureColumns([
        {
          relation: EVENTS,
          columns: [
            {column: 'body', type: 'text'},
            {column: 'payload', type: 'jsonb'},
            {column: 'payload', type: 'jsonb', stored: true},
            {column: 'body', type: 'text', stored: true},
          ],
        },
        {relation: EVENTS, columns: [{column: 'body', type: 'text'}]},
      ]),
    ),
    on: ON_SOURCE,
  },
  readDatabaseFacts: reads(readDatabaseFacts),
  readExtensions: reads(readExtensions),
  readForeignKeyTies: reads(readForeignKeyTies),
  readImpliedOperators: reads(readImpliedOperators),
  readLongColumns: reads(readLongColumns),
  readNotedColumns: reads(readNotedColumns),
  readSequences: reads(readSequences),
  readTableNames: reads(readTableNames),
  readTables: reads(readTables),
  readUniqueIndexes: reads(readUniqueIndexes),
  readLargestIndexes: reads(() => readLargestIndexes(2)),
  readObjectBytes: reads(() => readObjectBytes()),
  countLargeObjects: reads(countLargeObjects),
  readObjectGroups: reads(readObjectGroups),
  readObjectsOf: reads(() => readObjectsOf('10 ')),
  readDataColumns: {...reads((version) => readDataColumns(version, TABLES)), on: ON_SOURCE},
  copyOutScript: {
    on: ON_SOURCE,
    make: ({version}) => [
      sql(
        [
          {
            tables: [
              {...EVENTS, columns: ['id', 'body'], sequences: ['public.events_id_seq']},
              {schema: 'public', name: 'Mixed Case', columns: [], sequences: []},
            ],
            part: null,
          },
          {tables: [{...EVENTS, columns: ['id'], sequences: []}], part: {from: 0, to: 3}},
          {tables: [{...EVENTS, columns: ['id'], sequences: []}], part: RANGE},
        ]
          .map((copied) => copyOutScript(version, {...copied, freeze: false, counted: false}))
          .join(''),
      ),
    ],
    alone: true,
    psql: true,
  },
  rowsIn: {
    on: ON_SOURCE,
    make: () => [
      sql(`COPY ${rowsIn({...EVENTS, columns: ['id'], sequences: [], condition: 'WHERE id < 3'}, null)} TO STDOUT`),
    ],
    psql: true,
  },
  conditionOf: {
    ...reads(() => sql(`SELECT count(*) FROM ${quoteRelation(EVENTS)} WHERE ${conditionOf(RANGE) ?? ''}`)),
    on: ON_SOURCE,
  },
  mustBeInOrder: {on: ON_SOURCE, make: () => [sql(mustBeInOrder(EVENTS, RANGE))], alone: true, psql: true},
  readKeyColumns: {...reads((version) => readKeyColumns(version, TABLES)), on: ON_SOURCE},
  readKeysNow: {...reads((version) => readKeysNow(version, TABLES)), on: ON_SOURCE},
  sortKeyValues: reads(() => sortKeyValues({type: 'text', collation: 'pg_catalog."C"'}, ['b', "it's", 'b'])),
  readLedgerExists: reads(readLedgerExists),
  readTransactionAges: reads((version) => readTransactionAges(['dms_slot_01'], version)),
  readOldestTransactions: reads(readOldestTransactions),
  readOwnedObjects: reads(readOwnedObjects),
  readCreators: reads(readCreators),
  readMaterializedViews: reads(readMaterializedViews),
  readViewSizes: reads(readViewSizes),
  countUnreadableObjects: reads(countUnreadableObjects),
  readPglogical: reads(readPglogical),
  readRoleRights: reads(readRoleRights),
  readUnreadable: reads(readUnreadable),
  readRoleSettings: reads(readRoleSettings),
  trySetting: reads(() => trySetting({setting: 'search_path="my-schema", public'})),
  readNobodysSettings: reads((version) => readNobodysSettings(version, ['search_path', 'app.mode'])),
  readAssumableRoles: reads(readAssumableRoles),
  readMemberships: reads(readMemberships),
  readRoleNames: reads(readRoleNames),
  readRoles: reads(readRoles),
  countRows: {...reads(() => countRows(EVENTS, 'created_at')), on: ON_SOURCE},
  readHidingTables: {...reads((version) => readHidingTables(TABLES, version)), on: ON_SOURCE},
  readSchemas: reads(readSchemas),
  schemaExists: reads(() => schemaExists('public')),
  readNeeds: reads(readNeeds),
  readDatabase: reads(readDatabase),
  readExtensionOffers: reads(readExtensionOffers),
  readInRecovery: reads(readInRecovery),
  readWhichDatabase: reads(readWhichDatabase),
  haveUsualValues: reads(haveUsualValues),
  haveValues: reads(() => haveValues([{name: 'DateStyle', value: 'German, DMY'}])),
  readSettings: reads(() => readSettings(['wal_level'])),
  readSettingsOfNewSessions: reads(() => readSettingsOfNewSessions(['statement_timeout'])),
  readUsage: reads(readUsage),
  // From 15 on the right to set it can be granted.
  trySessionReplicationRole: {...reads(trySessionReplicationRole), on: ['target'], superuserBefore: 150_000},
  readSlotBlockers: reads(readSlotBlockers),
  readExclusiveHolders: reads((version) => readExclusiveHolders(version, TABLES)),
  readMaintainers: reads((version) => readMaintainers(version, TABLES)),
  readShareBlockers: reads((version) => readShareBlockers(version, TABLES)),
  readWriteBlockers: reads((version) => readWriteBlockers(version, TABLES)),
  readSnapshotHolders: reads(readSnapshotHolders),
  readLockBlockers: reads((version) => readLockBlockers(version, 'longhaul/acme/run')),
  readWorkerBlockers: reads((version) => readWorkerBlockers(version, 4711)),
  readBlockedSessions: reads(readBlockedSessions),
  readProgress: reads(readProgress),
  readMissingTables: reads((version) => readMissingTables(TABLES, version)),
  readRowsChanged: reads(() => readRowsChanged()),
  readTouches: reads(() => readTouches()),
  readTablesWithRows: {...reads(() => readTablesWithRows(TABLES)), on: ON_SOURCE},
  readLeftBehind: reads(readLeftBehind),
  countRelations: reads(countRelations),
  readBytes: reads(readBytes),
  readReplayedLocks: reads(readReplayedLocks),
  readSuperuserObjects: reads(readSuperuserObjects),
  readTablespaces: reads(readTablespaces),
  readMayListWal: reads(readMayListWal),
  readWalDirectory: {...reads(readWalDirectory), superuserBefore: 100_000},
};
