import type {Inventory, InventoryTable} from '../../domain/pg/inventory.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {measureColumns} from '../../pg/catalog/inventory.ts';
import type {Session} from '../../pg/session/session.ts';

/** A table that takes longer is left unmeasured: DMS's limit for it has to be found by hand. */
const LIMIT_MS = 10 * 60_000;

/** Measures the largest value of every LOB column on the replica, a table at a time; `maxKb` stays null where that took too long. */
export async function measureLobs(
  replica: Session,
  inventory: Inventory,
  onTable: (table: InventoryTable, index: number) => Promise<void>,
): Promise<Inventory> {
  const tables: InventoryTable[] = [];
  for (const [index, table] of inventory.tables.entries()) {
    await onTable(table, index);
    tables.push(await measureTable(replica, table));
  }
  return {...inventory, tables};
}

async function measureTable(replica: Session, table: InventoryTable): Promise<InventoryTable> {
  // An unlogged table cannot be read on a standby, a partitioned one has no own rows.
  if (table.lobColumns.length === 0 || table.kind === 'partitioned' || table.persistence === 'unlogged') return table;
  const bytes = await readMaxima(replica, table);
  return {
    ...table,
    lobColumns: table.lobColumns.map((lob, index) => ({...lob, maxKb: kilobytes(bytes?.[index])})),
  };
}

async function readMaxima(replica: Session, table: InventoryTable): Promise<(number | null)[] | null> {
  try {
    return (await replica.one(measureColumns(table.relation, table.lobColumns), {timeoutMs: LIMIT_MS})).bytes;
  } catch (error) {
    // Cut off by the limit or by a replay conflict, or a table that the replica may not read: what is not known is said to be unknown.
    if (error instanceof LonghaulError && error.code === 'failed') return null;
    throw error;
  }
}

/** Null when nothing was measured; a column without values needs 0. */
function kilobytes(bytes: number | null | undefined): number | null {
  return bytes === undefined ? null : Math.ceil((bytes ?? 0) / 1024);
}
