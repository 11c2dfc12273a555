import {counted} from '../../domain/base/units.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import type {UnitState} from '../../domain/run/run-state.ts';

/** What a table came to in the load: all of its parts together; small tables that were loaded in one unit are one row, for nothing tells their times apart. */
export interface LoadedTable {
  /** `public.events`, `rest (412 tables)`, `large objects`. */
  readonly name: string;
  readonly units: number;
  /** Bytes that went down the pipelines. */
  readonly bytes: number;
  readonly rows: number;
  /** The lanes' time, all parts together: what one lane would have taken. */
  readonly tookMs: number;
  /** Of one lane; null where it took no time. */
  readonly bytesPerSecond: number | null;
}

/** What is in, the largest first. Pure. */
export function loadedTables(units: readonly UnitState[]): LoadedTable[] {
  const tables = new Map<string, Omit<LoadedTable, 'bytesPerSecond'>>();
  for (const unit of units) {
    if (unit.state.status !== 'committed') continue;
    const {bytes, rows, tookMs} = unit.state;
    const name = nameOf(unit);
    const before = tables.get(name) ?? {name, units: 0, bytes: 0, rows: 0, tookMs: 0};
    tables.set(name, {
      name,
      units: before.units + 1,
      bytes: before.bytes + bytes,
      rows: before.rows + rows,
      tookMs: before.tookMs + tookMs,
    });
  }
  return [...tables.values()]
    .map((one) => ({...one, bytesPerSecond: one.tookMs === 0 ? null : one.bytes / (one.tookMs / 1000)}))
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** The tables that took longest. Pure. */
export function slowestOf(tables: readonly LoadedTable[], most: number): LoadedTable[] {
  return tables.toSorted((a, b) => b.tookMs - a.tookMs).slice(0, most);
}

function nameOf({id, kind, tables}: UnitState): string {
  if (kind === 'large-objects') return 'large objects';
  const [only, ...more] = tables;
  return only !== undefined && more.length === 0 ? formatRelation(only) : `${id} (${counted(tables.length, 'table')})`;
}
