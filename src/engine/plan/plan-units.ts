import type {Config} from '../../config/config.ts';
import {loadBytes, movesRows, type Inventory, type InventoryTable} from '../../domain/pg/inventory.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {cutDigest, rangesOf} from '../../domain/run/key-range.ts';
import {isKeyPart, partOf, partSuffix} from '../../domain/run/table-part.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../domain/pg/relation.ts';
import {maybe} from '../../pg/session/versions.ts';
import {cutTable, pagesOf} from './cut-tables.ts';
import {groupSmall, unitSizeFor} from './unit-size.ts';

/** Guessed for a large object where the inventory does not say what all of them take. */
const OBJECT_BYTES = 8192;

/**
 * Cuts the data into units. By pg_dump the largest tables each have their own and `rest` has all others; by the other methods tables larger than a unit are
 * cut, small ones are put together, and `rest` has what no table brings. Large objects are apart; tables without rows of their own (partitioned parents) and unlogged
 * ones (empty on a standby) are in none. In the order in which they start. Pure. Throws `config` when big_tables names a table that cannot be loaded.
 */
export function planUnits(inventory: Inventory, load: Config['load']): LoadUnit[] {
  const tables = inventory.tables.filter(movesRows).toSorted((a, b) => loadBytes(b) - loadBytes(a));
  const units = unitsOf(inventory);
  const big = chooseBig(tables, load.bigTables);
  return load.method === 'pg_dump' ? byDump(tables, big, units, inventory) : byCopy(tables, units, inventory, load);
}

/** The written way: the longest first. */
function byDump(
  tables: readonly InventoryTable[],
  big: readonly InventoryTable[],
  make: MakeUnit,
  inventory: Inventory,
): LoadUnit[] {
  const isBig = new Set(big);
  const rest = tables.filter((table) => !isBig.has(table)).map(({relation}) => relation);
  return [
    ...big.map(({relation}, index) => make(unitId(index + 1, relation), [relation])),
    ...(rest.length > 0 || needsRest(inventory) ? [make('rest', rest)] : []),
    ...largeObjects(make, inventory),
  ].toSorted((a, b) => b.bytes - a.bytes);
}

function largeObjects(make: MakeUnit, inventory: Inventory): LoadUnit[] {
  return inventory.largeObjects > 0 ? [make('large-objects', [])] : [];
}

/** A table's units beside one another; the table first that would take longest if all lanes were free for it: its indexes are built once its last unit is in. */
function byCopy(
  tables: readonly InventoryTable[],
  make: MakeUnit,
  inventory: Inventory,
  load: Config['load'],
): LoadUnit[] {
  const size = unitSizeFor(tables, load);
  const {alone, together} = groupSmall(tables, size.unitBytes);
  const cut = alone.map((table, index) => unitsOfTable(unitId(index + 1, table.relation), table));
  const several = together.map((group, index) => ({
    units: [
      make(
        `${twoDigits(alone.length + index + 1)}-tables`,
        group.map(({relation}) => relation),
      ),
    ],
    indexBytes: group.reduce((sum, {indexBytes}) => sum + indexBytes, 0),
  }));
  // They may be most of the database, and nobody can cut them.
  const objects = largeObjects(make, inventory).map((unit) => ({units: [unit], indexBytes: 0}));
  const ordered = [...cut, ...several, ...objects].toSorted((a, b) => longest(b, load.lanes) - longest(a, load.lanes));
  return [...ordered.flatMap(({units}) => units), ...(needsRest(inventory) ? [make('rest', [])] : [])];

  function unitsOfTable(id: string, table: InventoryTable): Together {
    const {relation, indexBytes} = table;
    const cutting = cutTable(table, inventory.version, {method: load.method, ...size});
    if (cutting.by === 'pages')
      return {indexBytes, units: cutting.parts.map((part) => make(id + partSuffix(part), [relation]))};
    if (cutting.by === 'nothing') return {indexBytes, units: [make(id, [relation])]};
    const digest = cutDigest(relation, cutting.cut);
    const ranges = rangesOf(cutting.cut);
    const suffix = (at: number): string => partSuffix({cut: digest, number: at + 1, of: ranges.length});
    return {indexBytes, units: ranges.map((range, at) => ({...make(id + suffix(at), [relation]), range}))};
  }
}

/** Units that are started beside one another, and the bytes of their indexes. */
interface Together {
  readonly units: readonly LoadUnit[];
  readonly indexBytes: number;
}

function longest({units, indexBytes}: Together, lanes: number): number {
  const bytes = units.map((unit) => unit.bytes);
  return Math.max(...bytes, bytes.reduce((sum, one) => sum + one, 0) / lanes) + indexBytes;
}

type Carried = Pick<Inventory, 'sequences' | 'extensionTables' | 'tables' | 'version'>;

/** Whether the unit `rest` is needed beside its tables: for sequences and for what users have configured of extensions. Pure. */
export function needsRest(inventory: Carried): boolean {
  return carriedByRest(inventory).length > 0;
}

/** What no table brings: sequences that no loaded table owns, and configuration tables of extensions. Pure. */
export function carriedByRest({sequences, extensionTables = [], tables, version}: Carried): RelationName[] {
  // A standby cannot read what is unlogged.
  const isGone = ({kind, persistence}: InventoryTable): boolean =>
    kind === 'table' && persistence === 'unlogged' && maybe('unloggedSequences', version) !== null;
  const own = new Set(
    tables.filter((table) => movesRows(table) || isGone(table)).map(({relation}) => quoteRelation(relation)),
  );
  return [
    ...sequences
      .filter(({ownedBy}) => ownedBy === null || !own.has(quoteRelation(ownedBy)))
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

/** Makes a unit: what it is follows from its id. */
export type MakeUnit = (id: string, tables: readonly RelationName[]) => LoadUnit;

/** Makes the units of an inventory, as the plan's file names them. Pure. */
export function unitsOf(inventory: Inventory): MakeUnit {
  const known = new Map(inventory.tables.map((table) => [quoteRelation(table.relation), table]));
  return (id, tables) => {
    if (id === 'large-objects') {
      const {largeObjects: count, largeObjectBytes = count * OBJECT_BYTES} = inventory;
      return {id, kind: 'large-objects', tables: [], bytes: largeObjectBytes};
    }
    const bytes = unitBytesOf(
      id,
      tables.flatMap((table) => known.get(quoteRelation(table)) ?? []),
    );
    if (id !== 'rest') return {id, kind: 'table', tables, bytes};
    const isNamed = inventory.scope.tables.include.length > 0;
    const also = isNamed || tables.length === 0 ? carriedByRest(inventory) : [];
    return {id, kind: 'rest', tables, ...(also.length > 0 ? {also} : {}), bytes};
  };
}

/** What a unit has of its tables: all, or what its part is worth. */
function unitBytesOf(id: string, tables: readonly InventoryTable[]): number {
  const bytes = tables.reduce((sum, table) => sum + loadBytes(table), 0);
  const part = partOf(id);
  if (part === null) return bytes;
  // The ranges of a key have about equally many rows.
  if (isKeyPart(part)) return Math.round(bytes / part.of);
  const pages = tables.reduce((sum, table) => sum + pagesOf(table), 0);
  if (pages === 0) return bytes;
  const own = Math.min(part.to ?? pages, pages) - part.from;
  return Math.round((bytes * Math.max(0, own)) / pages);
}

/** `01-public.events`: the number makes it unique, so whatever a file name cannot hold may go. */
function unitId(number: number, {schema, name}: RelationName): string {
  const slug = `${schema}.${name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '-')
    .slice(0, 28)
    .replace(/-+$/, '')
    // An id that ends so is a part's.
    .replaceAll('.pages-', '_pages-')
    .replaceAll('.key-', '_key-');
  return `${twoDigits(number)}-${slug}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
