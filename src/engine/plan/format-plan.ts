import {loadBytes, movesRows, type Inventory, type InventoryTable} from '../../domain/pg/inventory.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {formatBytes, formatCount} from '../../domain/base/units.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {partOf, wholeId} from '../../domain/run/table-part.ts';
import type {Plan} from './plan-file.ts';

const HEAD = ['table', 'size', 'indexes', 'rows', 'writes/s', 'key', 'unique', 'LOB max kB', 'slot', 'unit'];
const SLOT_COLUMN = HEAD.indexOf('slot');

/** What is said of a plan beside what is in it. */
export interface PlanNotes {
  readonly notes?: readonly string[];
  /** How each unit travels, and why not by a faster way, by its id; empty where that is not known yet. */
  readonly methods?: ReadonlyMap<string, string>;
}

/** Inventory and plan as a table for the terminal, the largest table first, and what to know beside it, the notes on its units among that. Pure. */
export function formatPlan(
  inventory: Inventory,
  plan: Plan,
  {notes = [], methods = new Map()}: PlanNotes = {},
): string {
  const tables = inventory.tables.toSorted((a, b) => loadBytes(b) - loadBytes(a));
  const withSlots = plan.slots.slots.length > 0;
  const shown = (cells: readonly string[]): string[] =>
    cells.filter((_, column) => withSlots || column !== SLOT_COLUMN);
  const slotOf = byTable(plan.slots.slots, ({name}) => name);
  const unitOf = unitsByTable(plan);
  const head = shown(HEAD);
  const rows = tables.map((table) => {
    const key = quoteRelation(table.relation);
    return shown([...factsOf(table), slotOf.get(key) ?? '-', unitOf.get(key) ?? whyNoUnit(table)]);
  });
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column > 0 && column < SLOT_COLUMN ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map((row) => line(row)), '', ...summary(inventory, plan, {notes, methods})].join('\n');
}

/** What each table belongs to, by its quoted name; the first that has it, as the plan is read. */
function byTable<Of extends {readonly tables: readonly RelationName[]}>(
  all: readonly Of[],
  nameOf: (one: Of) => string,
): Map<string, string> {
  return new Map(
    all.flatMap((one) => one.tables.map((table) => [quoteRelation(table), nameOf(one)] as const)).toReversed(),
  );
}

/** The unit of each table by its quoted name; of one that is cut, what its parts are called and how many they are. */
function unitsByTable({units}: Plan): Map<string, string> {
  const cut = Map.groupBy(
    units.filter(({id}) => partOf(id) !== null),
    ({tables}) => tables.map((table) => quoteRelation(table)).join(),
  );
  const nameOf = ({id, tables}: LoadUnit): string =>
    partOf(id) === null ? id : inParts(cut.get(tables.map((table) => quoteRelation(table)).join()) ?? []);
  return byTable(units, nameOf);
}

/** `01-public.events in 12 parts`. */
function inParts(parts: readonly LoadUnit[]): string {
  return `${wholeId(parts[0]?.id ?? '')} in ${parts.length === 1 ? '1 part' : `${parts.length} parts`}`;
}

function factsOf(table: InventoryTable): string[] {
  return [
    formatRelation(table.relation),
    formatBytes(loadBytes(table)),
    formatBytes(table.indexBytes),
    table.rowsEstimate === null ? '?' : formatCount(Math.round(table.rowsEstimate)),
    table.writesPerSecond === null ? '?' : table.writesPerSecond.toFixed(1),
    table.primaryKey === null ? 'NONE' : String(table.primaryKey.length),
    String(table.uniqueIndexes.length),
    lobOf(table),
  ];
}

function lobOf({lobColumns}: InventoryTable): string {
  if (lobColumns.length === 0) return '-';
  if (lobColumns.some(({maxKb}) => maxKb === null)) return '?';
  return String(Math.max(...lobColumns.map(({maxKb}) => maxKb ?? 0)));
}

function whyNoUnit(table: InventoryTable): string {
  if (table.kind === 'partitioned') return '(its partitions)';
  return table.persistence === 'unlogged' ? '(unlogged: not on the replica)' : '-';
}

function summary(inventory: Inventory, plan: Plan, {notes, methods}: Required<PlanNotes>): string[] {
  const withoutKey = inventory.tables.filter((table) => !table.hasReplicaKey && movesRows(table));
  return [
    `${inventory.tables.length} tables, ${formatBytes(inventory.tables.reduce((sum, table) => sum + loadBytes(table), 0))} without indexes, database ${formatBytes(inventory.databaseBytes)}`,
    `${inventory.foreignKeys.length} foreign keys, ${inventory.sequences.length} sequences (copied at cutover), ${inventory.largeObjects} large objects (no CDC carries them)`,
    `without a replica key, inserts only: ${withoutKey.map((table) => formatRelation(table.relation)).join(', ') || 'none'}`,
    ...plan.slots.slots.map(
      (slot) => `${slot.name}: ${slot.tables.length} ${slot.tables.length === 1 ? 'table' : 'tables'}; ${slot.why}`,
    ),
    ...notes,
    ...[...Map.groupBy(plan.units, ({id}) => wholeId(id))].map(([id, units]) =>
      [unitLine(id, units), methods.get(units[0]?.id ?? '') ?? []].flat().join(', '),
    ),
  ];
}

/** `01-public.events: table, 9 GB`, and of how many parts it is. */
function unitLine(id: string, units: readonly LoadUnit[]): string {
  const bytes = formatBytes(units.reduce((sum, unit) => sum + unit.bytes, 0));
  const parts = units.filter((unit) => partOf(unit.id) !== null).length;
  return `${id}: ${units[0]?.kind ?? 'table'}, ${bytes}${parts === 0 ? '' : ` in ${parts === 1 ? '1 part' : `${parts} parts`}`}`;
}
