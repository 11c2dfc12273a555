import type {Config} from '../../config/config.ts';
import type {Inventory, InventoryTable, LobColumn} from '../../domain/pg/inventory.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {
  readDatabaseFacts,
  readExtensions,
  readForeignKeyTies,
  readNotedColumns,
  readSequences,
  readTables,
  readUniqueIndexes,
  type NotedColumnRow,
  type TableRow,
  type UniqueIndexRow,
} from '../../pg/catalog/inventory.ts';
import {readExtensionTables} from '../../pg/catalog/extension-tables.ts';
import type {Session} from '../../pg/session/session.ts';
import {readPrimaryPosition} from '../../pg/replication/slots.ts';
import {chooseTimestampColumn} from './choose-timestamp.ts';
import {scopeOf} from './inventory-file.ts';
import {isWanted} from './is-wanted.ts';

/** Reads what the source holds of what is to be moved. LOB columns are listed and not measured: that reads whole tables. `onPart` hears what is read from then on. */
export async function readInventory(
  source: Session,
  config: Pick<Config, 'tables' | 'cdc' | 'slots'>,
  onPart: (what: string) => void = () => undefined,
): Promise<Inventory> {
  const {tables} = config;
  onPart('size of the database');
  const facts = await source.one(readDatabaseFacts());
  onPart('sizes of all tables');
  const rows = (await source.run(readTables(source.version))).filter((row) => isWanted(row, tables));
  onPart(`keys, columns and sequences of ${rows.length} tables`);
  const uniques = groupByTable(await source.run(readUniqueIndexes(source.version)));
  const columns = groupByTable(await source.run(readNotedColumns()));
  const ties = await source.run(readForeignKeyTies());
  const sequences = await source.run(readSequences());
  return {
    scope: scopeOf(config),
    takenAt: facts.clock,
    lsn: (await source.one(readPrimaryPosition(source.version))).insertLsn,
    database: facts.database,
    version: source.version,
    databaseBytes: facts.bytes,
    tables: rows.map((row) =>
      tableOf(row, uniques.get(quoteRelation(row)) ?? [], columns.get(quoteRelation(row)) ?? []),
    ),
    sequences: sequences
      .filter((row) => isWanted(row, {...tables, include: []}))
      .map(({schema, name, ownerSchema, ownerName}) => ({
        relation: {schema, name},
        ownedBy: relationOf(ownerSchema, ownerName),
      })),
    foreignKeys: ties.map(({name, fromSchema, fromName, toSchema, toName}) => ({
      name,
      from: {schema: fromSchema, name: fromName},
      to: {schema: toSchema, name: toName},
    })),
    largeObjects: facts.largeObjects,
    largeObjectBytes: facts.largeObjectBytes,
    extensions: await source.run(readExtensions()),
    extensionTables: (await source.run(readExtensionTables()))
      .filter((row) => isWanted(row, {...tables, include: []}))
      .map(({schema, name}) => ({schema, name})),
  };
}

function tableOf(
  row: TableRow,
  uniques: readonly UniqueIndexRow[],
  columns: readonly NotedColumnRow[],
): InventoryTable {
  return {
    relation: {schema: row.schema, name: row.name},
    kind: row.kind === 'p' ? 'partitioned' : 'table',
    persistence: row.persistence === 'u' ? 'unlogged' : 'permanent',
    parent: relationOf(row.parentSchema, row.parentName),
    isPartition: row.isPartition,
    heapBytes: row.heapBytes,
    toastBytes: row.toastBytes,
    indexBytes: row.indexBytes,
    rowsEstimate: row.rows < 0 || (row.rows === 0 && row.pages === 0) ? null : row.rows,
    writesPerSecond: row.writesPerSecond,
    primaryKey: row.primaryKey,
    hasReplicaKey: row.hasReplicaKey,
    uniqueIndexes: uniques.map(({index, columns: names, constraint}) => ({name: index, columns: names, constraint})),
    lobColumns: columns.filter(({lob}) => lob).map(({column, type}): LobColumn => ({column, type, maxKb: null})),
    timestampColumn: chooseTimestampColumn(columns.filter(({lob}) => !lob)),
    columnCount: row.columnCount,
    rowSecurity: row.rowSecurity,
  };
}

function relationOf(schema: string | null, name: string | null): RelationName | null {
  return schema === null || name === null ? null : {schema, name};
}

function groupByTable<Row extends RelationName>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => quoteRelation(row));
}
