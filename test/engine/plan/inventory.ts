import type {Inventory, InventoryTable} from '../../../src/domain/pg/inventory.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {parseRelation, type RelationName} from '../../../src/domain/pg/relation.ts';

/** A gigabyte. */
export const GB = 1024 ** 3;

/** A relation that is written as in SQL. */
export function relation(text: string): RelationName {
  const parsed = parseRelation(text);
  if (parsed === null) throw new Error(`no relation: ${text}`);
  return parsed;
}

/** A table of so many gigabytes, with these changes. */
export function table(name: string, gigabytes: number, change: Partial<InventoryTable> = {}): InventoryTable {
  return {
    relation: relation(name),
    kind: 'table',
    persistence: 'permanent',
    parent: null,
    isPartition: false,
    heapBytes: gigabytes * GB,
    toastBytes: 0,
    indexBytes: 0,
    rowsEstimate: 1,
    writesPerSecond: 0,
    primaryKey: ['id'],
    hasReplicaKey: true,
    uniqueIndexes: [],
    lobColumns: [],
    timestampColumn: null,
    columnCount: 1,
    rowSecurity: false,
    ...change,
  };
}

/** `tables` of longhaul.yaml without a word in it. */
export const ALL_TABLES = {includeSchemas: [], excludeSchemas: [], include: [], exclude: []};

/** An inventory of these tables. */
export function inventoryOf(tables: readonly InventoryTable[], change: Partial<Inventory> = {}): Inventory {
  return {
    scope: {tables: ALL_TABLES, engine: 'dms'},
    takenAt: '2026-11-24T00:00:00Z',
    lsn: parseLsn('0/1'),
    database: 'app',
    version: 90624,
    databaseBytes: 1,
    tables,
    sequences: [],
    foreignKeys: [],
    largeObjects: 0,
    extensions: [],
    ...change,
  };
}
