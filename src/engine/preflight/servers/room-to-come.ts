import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';

/** Bytes of a table's rows, TOAST among them, and of its indexes. */
export interface TableBytes extends RelationName {
  readonly rows: number;
  readonly indexes: number;
}

/** What a load is to bring, and what it finds. */
export interface LoadAhead {
  readonly source: readonly TableBytes[];
  /** The same tables on the target, as far as they are there. */
  readonly target: readonly TableBytes[];
  /** The tables of each unit; a table in none is a unit by itself. */
  readonly units: readonly (readonly RelationName[])[];
  /** Tables that are loaded at this P already, and stay. */
  readonly loaded: readonly RelationName[];
  readonly lanes: number;
  /** The largest indexes of the source: each builder writes one to disk to sort it, beside the index itself. */
  readonly largestIndexes: readonly number[];
  readonly builders: number;
  /** What the schema takes that is not there yet, empty tables with their indexes. */
  readonly schema: number;
}

/** How much more of its disk than now the target has in use at most. */
export interface RoomToCome {
  /** While rows are loaded. */
  readonly rows: number;
  /** In the whole run, indexes among it. */
  readonly all: number;
  /** Of `rows`: what lies there twice, because a unit's old rows go with its commit. */
  readonly twice: number;
}

/**
 * A unit that is loaded again empties its tables in its own transaction, so that their old files stay until it commits: beside what comes and
 * what waits, the target holds the old rows of as many units as there are lanes, of the largest in the worst case. Indexes of what is not
 * loaded were taken off before. Pure.
 */
export function roomToCome({
  source,
  target,
  units,
  loaded,
  lanes,
  largestIndexes,
  builders,
  schema,
}: LoadAhead): RoomToCome {
  const done = new Set(loaded.map(quoteRelation));
  const there = new Map(target.map((table) => [quoteRelation(table), table]));
  const open = source.filter((table) => !done.has(quoteRelation(table)));
  const old = (table: RelationName): TableBytes => there.get(quoteRelation(table)) ?? {...table, rows: 0, indexes: 0};
  const twiceOf = new Map(open.map((table) => [quoteRelation(table), Math.min(table.rows, old(table).rows)]));
  const planned = new Set(units.flatMap((unit) => unit.map(quoteRelation)));
  const alone = open.filter((table) => !planned.has(quoteRelation(table))).map((table) => [table]);
  const twice = largest(
    [...units, ...alone].map((unit) => sum(unit, (table) => twiceOf.get(quoteRelation(table)) ?? 0)),
    lanes,
  );
  const freed = sum(open, (table) => old(table).rows + old(table).indexes);
  const rows = sum(open, (table) => Math.max(table.rows, old(table).rows)) + twice - freed + schema;
  const indexes =
    sum(open, (table) => table.indexes) +
    sum(
      source.filter((table) => done.has(quoteRelation(table))),
      (table) => Math.max(0, table.indexes - old(table).indexes),
    );
  const sorting = largest(largestIndexes, builders);
  const all = Math.max(rows, sum(open, (table) => table.rows) - freed + schema + indexes + sorting);
  return {rows: Math.max(0, rows), all: Math.max(0, all), twice};
}

function sum<Row>(list: readonly Row[], of: (row: Row) => number): number {
  return list.reduce((total, row) => total + of(row), 0);
}

function largest(list: readonly number[], most: number): number {
  return sum(list.toSorted((a, b) => b - a).slice(0, most), (bytes) => bytes);
}
