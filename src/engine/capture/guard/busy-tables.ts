import {formatRelation, quoteRelation, without, type RelationName} from '../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readRowsChanged, readTouches} from '../../../pg/catalog/target-tables.ts';
import type {Session} from '../../../pg/session/session.ts';

/** A table that changes, as the target counts the rows that are written there. */
export interface BusyTable {
  /** For people: `public.events`. */
  readonly table: string;
  readonly rowsPerSecond: number;
}

/** The tables that change most, by their slot. */
export type BusyTables = ReadonlyMap<string, readonly BusyTable[]>;

/** It reads what every table has, and tells of minutes. */
const EVERY_MS = 60_000;
/** So many of a slot are named. */
const NAMED = 3;

/** A count by table, since whenever the server counts: `"public"."events"`. */
type Counted = ReadonlyMap<string, number>;

/** Reads once a minute which tables change most, of those that the slots have then; what was read last in between, and none before a minute is over. `steady` is a clock of milliseconds. */
export function readingBusyTables(
  steady: () => number,
  slotsNow: () => Promise<readonly PlannedSlot[]>,
): (target: Session) => Promise<BusyTables> {
  let before: {readonly atMs: number; readonly rows: Counted} | null = null;
  let kept: BusyTables = new Map();
  return async (target) => {
    const atMs = steady();
    if (before !== null && atMs - before.atMs < EVERY_MS) return kept;
    const read = await target.run(readRowsChanged());
    const rows = new Map(read.map((one) => [quoteRelation(one), one.rows]));
    kept =
      before === null ? kept : busiestTables(await slotsNow(), {before: before.rows, rows, tookMs: atMs - before.atMs});
    before = {atMs, rows};
    return kept;
  };
}

/** The tables of each slot that have changed most in between. A count that is less than before was reset, and says nothing. Pure. */
export function busiestTables(
  slots: readonly PlannedSlot[],
  seen: {readonly before: Counted; readonly rows: Counted; readonly tookMs: number},
): BusyTables {
  const rateOf = (table: RelationName): number => {
    const key = quoteRelation(table);
    return ((seen.rows.get(key) ?? 0) - (seen.before.get(key) ?? 0)) / (seen.tookMs / 1000);
  };
  return new Map(
    slots.map(({name, tables}) => [
      name,
      tables
        .filter(({schema}) => schema !== SENTINEL_SCHEMA)
        .map((table) => ({table: formatRelation(table), rowsPerSecond: rateOf(table)}))
        .filter(({rowsPerSecond}) => rowsPerSecond > 0)
        .toSorted((a, b) => b.rowsPerSecond - a.rowsPerSecond)
        .slice(0, NAMED),
    ]),
  );
}

/** A worker that fails begins again every five seconds: by then each that it touches was touched once more, and none has been down for so long that it is an alarm. */
const TRIED_MS = 10_000;
/** What was touched so long ago was touched by what went well. */
const STALE_MS = 60_000;

/** A table that is touched by what a slot fails at. */
export interface TriedTable {
  readonly slot: string;
  readonly table: RelationName;
}

/**
 * Reads, while any slot is down, which of its tables are touched all the same: nobody writes to the target but what applies, so that these are the tables of the transaction that it fails at, as far as it comes with it. What is rolled back counts
 * as well. A table or column that is not there is touched by nobody. `nowhere` are tables that no slot is to capture by now, as one that somebody has had captured by hand.
 */
export function readingTriedTables(
  steady: () => number,
  slotsNow: () => Promise<readonly PlannedSlot[]>,
  nowhere: () => readonly RelationName[],
): (target: Session, down: readonly string[]) => Promise<readonly TriedTable[]> {
  let before: {readonly atMs: number; readonly touches: Counted} | null = null;
  let kept: readonly TriedTable[] = [];
  return async (target, down) => {
    const atMs = steady();
    if (down.length === 0) return [];
    if (before !== null && atMs - before.atMs < TRIED_MS) return kept;
    const read = await target.run(readTouches());
    const touches = new Map(read.map((one) => [quoteRelation(one), one.touches]));
    const known = before !== null && atMs - before.atMs < STALE_MS ? before.touches : null;
    kept = known === null ? [] : triedTables(await slotsNow(), down, {nowhere: nowhere(), before: known, touches});
    before = {atMs, touches};
    return kept;
  };
}

/** The tables of these slots that were touched in between; our sentinels tell nothing. Pure. */
export function triedTables(
  slots: readonly PlannedSlot[],
  down: readonly string[],
  {
    nowhere,
    before,
    touches,
  }: {readonly nowhere: readonly RelationName[]; readonly before: Counted; readonly touches: Counted},
): TriedTable[] {
  const isTouched = (table: RelationName): boolean => {
    const key = quoteRelation(table);
    return (touches.get(key) ?? 0) > (before.get(key) ?? 0);
  };
  return slots
    .filter(({name}) => down.includes(name))
    .flatMap(({name: slot, tables}) =>
      [...tables, ...without(nowhere, tables)]
        .filter((table) => table.schema !== SENTINEL_SCHEMA && isTouched(table))
        .map((table): TriedTable => ({slot, table})),
    );
}
