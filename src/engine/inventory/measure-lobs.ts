import type {Inventory, InventoryTable} from '../../domain/pg/inventory.ts';
import {quoteRelation} from '../../domain/pg/relation.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {
  LEAST_STORED,
  measureColumns,
  readLongColumns,
  type LongColumn,
  type Maxima,
} from '../../pg/catalog/measured-columns.ts';
import {routineOf, SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Session} from '../../pg/session/session.ts';
import {LONGEST_LINE} from './judge-widest.ts';

/** A statement that takes longer leaves its table unmeasured: DMS's limit for it has to be found by hand. */
const LIMIT_MS = 10 * 60_000;
/** Ten thousand small tables are a hundred statements; every table of one is locked until its end, with its indexes. */
const BATCH_TABLES = 100;
const BATCH_BYTES = 256 * 1024 * 1024;

/** What is measured, and who hears of it. */
export interface Measuring {
  /** Whether the values themselves are wanted (`lobLimits` of the engine's needs), or only rows that no COPY carries. */
  readonly every: boolean;
  /** Hears the first table of each statement and how many tables were measured before it. */
  readonly onTable: (table: InventoryTable, measured: number) => Promise<void>;
}

/** The columns of a table that are no LOBs and may be too long for COPY all the same; none where none may. */
type LongOf = (table: InventoryTable) => readonly LongColumn[];

/**
 * Measures the largest value of every LOB column on the replica, small tables together and a large one alone; `maxKb` stays null where
 * that took too long, or where nobody wants it: that reads the whole table. And the widest row, for which other columns count as well.
 */
export async function measureLobs(
  replica: Session,
  inventory: Inventory,
  {every, onTable}: Measuring,
): Promise<Inventory> {
  const long = Map.groupBy(await replica.run(readLongColumns()), (column) => quoteRelation(column));
  const longOf: LongOf = (table) => (mayBeWide(table) ? (long.get(quoteRelation(table.relation)) ?? []) : []);
  const measurable = inventory.tables.filter((table) => isMeasurable(table, longOf) && (every || mayBeWide(table)));
  const maxima = new Map<InventoryTable, Maxima>();
  let measured = 0;
  for (const batch of inBatches(measurable)) {
    const [first] = batch;
    if (first !== undefined) await onTable(first, measured);
    for (const [table, found] of await measureBatch(replica, batch, longOf)) maxima.set(table, found);
    measured += batch.length;
  }
  return {...inventory, tables: inventory.tables.map((table) => withMaxima(table, maxima.get(table)))};
}

/** An unlogged table cannot be read on a standby, a partitioned one has no own rows. */
function isMeasurable(table: InventoryTable, longOf: LongOf): boolean {
  const {lobColumns, kind, persistence} = table;
  return lobColumns.length + longOf(table).length > 0 && kind !== 'partitioned' && persistence !== 'unlogged';
}

/** Whether it can have a row that COPY does not carry. One whose size could not be read may have any. Pure. */
export function mayBeWide({heapBytes, toastBytes}: Pick<InventoryTable, 'heapBytes' | 'toastBytes'>): boolean {
  return heapBytes === 0 || toastBytes >= LEAST_STORED;
}

/** Tables in their order, each batch within its bounds; a table that is larger than one has a batch to itself. Pure. */
export function inBatches(tables: readonly InventoryTable[]): InventoryTable[][] {
  const batches: InventoryTable[][] = [];
  let bytes = Infinity;
  for (const table of tables) {
    const own = table.heapBytes + table.toastBytes;
    const last = batches.at(-1);
    if (last !== undefined && last.length < BATCH_TABLES && bytes + own <= BATCH_BYTES) {
      last.push(table);
      bytes += own;
    } else {
      batches.push([table]);
      bytes = own;
    }
  }
  return batches;
}

/** A batch that fails is measured again a table at a time, so that one that cannot be read keeps none of the others from it. */
async function measureBatch(
  replica: Session,
  batch: readonly InventoryTable[],
  longOf: LongOf,
): Promise<[InventoryTable, Maxima][]> {
  const rows = await readMaxima(replica, batch, longOf);
  if (rows === TOO_LONG && batch.length === 1)
    return batch.map((table, position) => [table, {position, bytes: [], widest: LONGEST_LINE}]);
  if (rows !== null && rows !== TOO_LONG) {
    const found = new Map(rows.map((row) => [row.position, row]));
    return batch.map((table, position) => [table, found.get(position) ?? {position, bytes: [], widest: null}]);
  }
  if (batch.length === 1) return [];
  const alone: [InventoryTable, Maxima][] = [];
  for (const table of batch) alone.push(...(await measureBatch(replica, [table], longOf)));
  return alone;
}

const TOO_LONG = Symbol('a value that is too long as text');

/** Null where it is not known. */
async function readMaxima(
  replica: Session,
  batch: readonly InventoryTable[],
  longOf: LongOf,
): Promise<Maxima[] | typeof TOO_LONG | null> {
  // What DMS has no limit for is behind the others: `bytes` are told of them alone.
  const tables = batch.map((table) => ({
    relation: table.relation,
    columns: [...table.lobColumns, ...longOf(table).map((column) => ({...column, stored: true as const}))],
  }));
  try {
    return await replica.run(measureColumns(tables), {timeoutMs: LIMIT_MS});
  } catch (error) {
    // What the server cannot make a text of in order to measure it, it cannot make one of in order to copy it.
    if (isTooLong(error)) return TOO_LONG;
    // Cut off by the limit or by a replay conflict, or a table that the replica may not read: what is not known is said to be unknown.
    if (error instanceof LonghaulError && error.code === 'failed') return null;
    throw error;
  }
}

/** Those that say `invalid memory alloc request size`. Source: src/backend/utils/mmgr/mcxt.c */
const ALLOCATES: ReadonlySet<string | null> = new Set([
  'palloc',
  'palloc0',
  'palloc_extended',
  'repalloc',
  'MemoryContextAlloc',
  'MemoryContextAllocExtended',
  'MemoryContextSizeFailure',
]);

/** An array of bytea, whose text is twice as long: a buffer ends at 1 GB. Source: enlargeStringInfo() and palloc(). */
function isTooLong(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === SQLSTATE.programLimitExceeded) return true;
  return state === SQLSTATE.internalError && ALLOCATES.has(routineOf(error));
}

/** A column without values needs 0. */
function withMaxima(table: InventoryTable, maxima: Maxima | undefined): InventoryTable {
  if (maxima === undefined) return table;
  const lobColumns = table.lobColumns.map((lob, index) => ({
    ...lob,
    maxKb: maxima.widest === LONGEST_LINE ? null : Math.ceil((maxima.bytes[index] ?? 0) / 1024),
  }));
  return {...table, lobColumns, widestRow: maxima.widest ?? 0};
}
