import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readRowsChanged} from '../../../pg/catalog/target-tables.ts';
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

/** Rows written by table, since whenever the server counts them: `"public"."events"`. */
type RowsWritten = ReadonlyMap<string, number>;

/** Reads once a minute which tables change most, of those that the slots have then; what was read last in between, and none before a minute is over. `steady` is a clock of milliseconds. */
export function readingBusyTables(
  steady: () => number,
  slotsNow: () => Promise<readonly PlannedSlot[]>,
): (target: Session) => Promise<BusyTables> {
  let before: {readonly atMs: number; readonly rows: RowsWritten} | null = null;
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
  seen: {readonly before: RowsWritten; readonly rows: RowsWritten; readonly tookMs: number},
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
