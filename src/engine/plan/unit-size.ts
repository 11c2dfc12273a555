import type {Config} from '../../config/config.ts';
import {loadBytes, type InventoryTable} from '../../domain/pg/inventory.ts';

/** Below it a part takes longer to begin than to load; above it a failure costs hours. */
const UNIT_BYTES = {least: 64 * 1024 ** 2, most: 10 * 1024 ** 3};

/** So that the last part to end is short beside the whole. */
const UNITS_PER_LANE = 4;

type Size = Pick<Config['load'], 'unitBytes'>;

/** The smallest size that a unit may be made of by these keys; smaller tables are never cut. Pure. */
export function leastUnitBytes({unitBytes}: Size): number {
  return Math.min(UNIT_BYTES.least, unitBytes ?? UNIT_BYTES.least);
}

/** The bytes of heap and TOAST that one unit carries: what longhaul.yaml asks for, else what suits the tables and the lanes. Pure. */
export function unitBytesFor(tables: readonly InventoryTable[], load: Size & Pick<Config['load'], 'lanes'>): number {
  if (load.unitBytes !== null) return load.unitBytes;
  const all = tables.reduce((sum, table) => sum + loadBytes(table), 0);
  return Math.min(UNIT_BYTES.most, Math.max(UNIT_BYTES.least, all / (UNITS_PER_LANE * load.lanes)));
}
