import {loadBytes, movesRows, type Inventory, type InventoryTable} from '../../domain/pg/inventory.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';

/** Tables that must share a slot, with what weighs: bytes of heap and TOAST, writes per second. */
export interface TableGroup {
  readonly tables: readonly InventoryTable[];
  readonly bytes: number;
  readonly writesPerSecond: number;
  /** Whether one of them has a unique index beside its primary key. */
  readonly hasUnique: boolean;
}

/**
 * Groups the tables that foreign keys, partitioning or inheritance tie together: changes of one transaction to them must come through one
 * slot to keep their order. Unlogged tables and partitioned parents are in no slot: pglogical refuses the former, and the latter's rows
 * are its partitions'. Pure.
 */
export function groupTables(inventory: Inventory): TableGroup[] {
  const find = unite(inventory);
  const replicated = inventory.tables.filter(movesRows);
  return [...Map.groupBy(replicated, (table) => find(table.relation)).values()].map((tables) => ({
    tables,
    bytes: tables.reduce((sum, table) => sum + loadBytes(table), 0),
    writesPerSecond: tables.reduce((sum, table) => sum + (table.writesPerSecond ?? 0), 0),
    hasUnique: tables.some((table) => table.primaryKey !== null && table.uniqueIndexes.length > 0),
  }));
}

/** Union-find over the ties; gives the function that names a table's group. */
function unite({tables, foreignKeys}: Inventory): (table: RelationName) => string {
  const leader = new Map<string, string>();
  const find = (key: string): string => {
    const up = leader.get(key) ?? key;
    return up === key ? key : find(up);
  };
  const tie = (a: RelationName, b: RelationName): void => {
    leader.set(find(quoteRelation(a)), find(quoteRelation(b)));
  };
  for (const {from, to} of foreignKeys) tie(from, to);
  for (const {relation, parent} of tables) if (parent !== null) tie(relation, parent);
  return (table) => find(quoteRelation(table));
}
