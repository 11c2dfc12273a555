import type {Config} from '../../config/config.ts';
import {loadBytes, movesRows, type Inventory, type InventoryTable} from '../../domain/pg/inventory.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {cutPages, partOf, partSuffix, type TablePart} from '../../domain/run/table-part.ts';
import {maybe} from '../../pg/session/versions.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../domain/pg/relation.ts';

/** Guessed for a large object: Postgres does not keep their sizes. */
const OBJECT_BYTES = 8192;

/**
 * Cuts the data into units: the largest tables each in one of its own or in parts, all others together, the large objects apart. Tables without
 * rows of their own (partitioned parents) and unlogged ones (empty on a standby) are in none. Largest first. Pure.
 * Throws `config` when big_tables names a table that cannot be loaded.
 */
export function planUnits(inventory: Inventory, load: Config['load']): LoadUnit[] {
  const tables = inventory.tables.filter(movesRows).toSorted((a, b) => loadBytes(b) - loadBytes(a));
  const big = chooseBig(tables, load.bigTables);
  const rest = tables.filter((table) => !big.includes(table));
  const unitBytes = load.unitBytes ?? usualUnitBytes(tables, load.lanes);
  const units = big.flatMap((table, index) => {
    const id = unitId(index + 1, table.relation);
    const parts = mayBeCut(table, inventory, load) ? partsOf(table, unitBytes) : [];
    const ids = parts.length > 1 ? parts.map((part) => id + partSuffix(part)) : [id];
    return ids.map((one) => unitOfTables(one, [table.relation], inventory));
  });
  if (rest.length > 0 || needsRest(inventory)) {
    units.push(
      unitOfTables(
        'rest',
        rest.map((table) => table.relation),
        inventory,
      ),
    );
  }
  if (inventory.largeObjects > 0) {
    units.push({id: 'large-objects', kind: 'large-objects', tables: [], bytes: inventory.largeObjects * OBJECT_BYTES});
  }
  return units.toSorted((a, b) => b.bytes - a.bytes);
}

/** A page of a heap; who has built PostgreSQL with another size gets parts of another size. */
const PAGE_BYTES = 8192;

/** Below it a part takes longer to begin than to load; above it a failure costs hours. */
const UNIT_BYTES = {least: 64 * 1024 ** 2, most: 10 * 1024 ** 3};

/** So that the last part to end is short beside the whole. */
const UNITS_PER_LANE = 4;

/** A table is cut by the rows' places, which 14 and newer can read a range of; a table without columns has nothing to cut, and row security is lifted by one at a time. */
function mayBeCut(table: InventoryTable, {version}: Inventory, {method}: Pick<Config['load'], 'method'>): boolean {
  return method !== 'pg_dump' && maybe('tidRangeScan', version) !== null && table.columnCount > 0 && !table.rowSecurity;
}

function usualUnitBytes(tables: readonly InventoryTable[], lanes: number): number {
  const all = tables.reduce((sum, table) => sum + loadBytes(table), 0);
  return Math.min(UNIT_BYTES.most, Math.max(UNIT_BYTES.least, all / (UNITS_PER_LANE * lanes)));
}

/** A table in parts of about this size. */
function partsOf(table: InventoryTable, unitBytes: number): readonly TablePart[] {
  return cutPages(pagesOf(table), Math.ceil(loadBytes(table) / unitBytes));
}

function pagesOf({heapBytes}: InventoryTable): number {
  return Math.ceil(heapBytes / PAGE_BYTES);
}

/** What a unit has of its tables: all, or what its part of the pages is worth. */
function unitBytesOf(id: string, tables: readonly InventoryTable[]): number {
  const bytes = tables.reduce((sum, table) => sum + loadBytes(table), 0);
  const part = partOf(id);
  const pages = tables.reduce((sum, table) => sum + pagesOf(table), 0);
  if (part === null || pages === 0) return bytes;
  const own = Math.min(part.to ?? pages, pages) - part.from;
  return Math.round((bytes * Math.max(0, own)) / pages);
}

type Carried = Pick<Inventory, 'sequences' | 'extensionTables' | 'tables' | 'scope'>;

/** Whether the unit `rest` is needed beside its tables: for sequences and for what users have configured of extensions. Pure. */
export function needsRest(inventory: Carried): boolean {
  return carriedByRest(inventory).length > 0;
}

/** What no table brings: sequences and configuration tables of extensions. Where tables are named one by one, each brings the sequences that it owns. Pure. */
export function carriedByRest({sequences, extensionTables = [], tables, scope}: Carried): RelationName[] {
  const named = scope.tables.include.length > 0;
  const own = new Set(tables.map(({relation}) => quoteRelation(relation)));
  return [
    ...sequences
      .filter(({ownedBy}) => !named || ownedBy === null || !own.has(quoteRelation(ownedBy)))
      .map(({relation}) => relation),
    ...extensionTables,
  ];
}

function chooseBig(tables: readonly InventoryTable[], wanted: Config['load']['bigTables']): readonly InventoryTable[] {
  if (typeof wanted === 'number') return tables.slice(0, wanted);
  return wanted.map((name) => {
    const table = tables.find(({relation}) => sameRelation(relation, name));
    if (table !== undefined) return table;
    throw new LonghaulError({
      code: 'config',
      message: `load.big_tables names ${formatRelation(name)}, and the source has no such table with own rows (partitions are named one by one)`,
      remedy: 'longhaul plan lists the tables',
    });
  });
}

/** A unit as the plan's file names it: what it is follows from its id. Pure. */
export function unitOfTables(id: string, tables: readonly RelationName[], inventory: Inventory): LoadUnit {
  if (id === 'large-objects')
    return {id, kind: 'large-objects', tables: [], bytes: inventory.largeObjects * OBJECT_BYTES};
  const names = new Set(tables.map((table) => quoteRelation(table)));
  const bytes = unitBytesOf(
    id,
    inventory.tables.filter(({relation}) => names.has(quoteRelation(relation))),
  );
  if (id !== 'rest') return {id, kind: 'table', tables, bytes};
  const also = inventory.scope.tables.include.length > 0 ? carriedByRest(inventory) : [];
  return {id, kind: 'rest', tables, ...(also.length > 0 ? {also} : {}), bytes};
}

/** `01-public.events`: the number makes it unique, so whatever a file name cannot hold may go. */
function unitId(number: number, {schema, name}: RelationName): string {
  const slug = `${schema}.${name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '-')
    .slice(0, 28)
    .replace(/-+$/, '')
    // An id that ends so is a part's.
    .replaceAll('.pages-', '_pages-');
  return `${String(number).padStart(2, '0')}-${slug}`;
}
