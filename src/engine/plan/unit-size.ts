import type {Config} from '../../config/config.ts';
import {loadBytes, type InventoryTable} from '../../domain/pg/inventory.ts';
import {counted, formatBytes} from '../../domain/base/units.ts';

/** Below it a part takes longer to begin than to load; above it a failure costs hours. */
const UNIT_BYTES = {least: 64 * 1024 ** 2, most: 10 * 1024 ** 3};

/** So that the last part to end is short beside the whole. */
const UNITS_PER_LANE = 4;

type Size = Pick<Config['load'], 'unitBytes'>;

/** The smallest size that a unit may be made of by these keys; smaller tables are never cut. Pure. */
export function leastUnitBytes({unitBytes}: Size): number {
  return Math.min(UNIT_BYTES.least, unitBytes ?? UNIT_BYTES.least);
}

/** How large units are, in bytes of heap and TOAST. */
export interface UnitSize {
  /** What one unit carries where a table is cut. */
  readonly unitBytes: number;
  /** A table above it is cut. */
  readonly cutAbove: number;
}

/**
 * The size that longhaul.yaml asks for, else what suits the tables and the lanes. Then a table is cut where it would be loaded still when all others are in, or
 * where a failure would cost hours: whole, its rows can be frozen as they come in, and need no VACUUM afterwards. Pure.
 */
export function unitSizeFor(tables: readonly InventoryTable[], load: Size & Pick<Config['load'], 'lanes'>): UnitSize {
  if (load.unitBytes !== null) return {unitBytes: load.unitBytes, cutAbove: load.unitBytes};
  const share = shareOf(tables, load);
  const unitBytes = Math.min(UNIT_BYTES.most, Math.max(UNIT_BYTES.least, share / UNITS_PER_LANE));
  return {unitBytes, cutAbove: Math.max(unitBytes, Math.min(UNIT_BYTES.most, share))};
}

/** What each lane has to carry: a table with more is the last one in, for bytes are what a load's time goes by. */
function shareOf(tables: readonly InventoryTable[], {lanes}: Pick<Config['load'], 'lanes'>): number {
  return tables.reduce((sum, table) => sum + loadBytes(table), 0) / lanes;
}

/** Why a table of so many bytes is cut, among these. Pure. */
export function whyCut(
  bytes: number,
  tables: readonly InventoryTable[],
  load: Size & Pick<Config['load'], 'lanes'>,
): string {
  if (load.unitBytes !== null) return `it is larger than load.unit_size, ${formatBytes(load.unitBytes)}`;
  const share = shareOf(tables, load);
  return bytes > share
    ? `whole it would be loading still when all others are in (${formatBytes(share)} for each of ${counted(load.lanes, 'lane')})`
    : `whole, a failure would cost all of it (more than ${formatBytes(UNIT_BYTES.most)})`;
}

/** So many tables have one unit at most: its transaction locks each of them, and none of their indexes is built before it is in. */
const MOST_TABLES = 200;

/** A table of this part of a unit has one of its own; smaller ones are put together up to that much. */
const GROUP_SHARE = 4;

/** Below it a lane takes longer to begin than to load, whatever a unit is. */
const LEAST_GROUP = 1024 ** 2;

/**
 * Which tables have units of their own, and which are loaded together, by bytes and by number: ten thousand of a page each are fifty units. Both
 * in the order in which they come, which is the largest first. Pure.
 */
export function groupSmall(
  tables: readonly InventoryTable[],
  unitBytes: number,
): {readonly alone: readonly InventoryTable[]; readonly together: readonly (readonly InventoryTable[])[]} {
  const most = unitBytes / GROUP_SHARE;
  const alone = tables.filter((table) => loadBytes(table) > most);
  const together: InventoryTable[][] = [];
  let bytes = 0;
  for (const table of tables.filter((one) => loadBytes(one) <= most)) {
    const group = together.at(-1);
    if (group === undefined || group.length >= MOST_TABLES || bytes + loadBytes(table) > Math.max(most, LEAST_GROUP)) {
      together.push([table]);
      bytes = loadBytes(table);
    } else {
      group.push(table);
      bytes += loadBytes(table);
    }
  }
  return {alone, together};
}
