import type {InventoryTable} from '../../../../domain/pg/inventory.ts';

/** Beyond this the limited mode is not to be used, by AWS's documentation; in kilobytes. */
const MOST_KB = 102_400;
/** So much at least: a table that is small now grows while changes are captured. */
const LEAST_KB = 64;
/** DMS counts two bytes for each character of a text, and four for some: twice the bytes that were measured. */
const FOR_CHARACTERS = 2;
/** What is written later may be larger than what was measured: it would be cut off, or stop the task. */
const FOR_GROWTH = 2;

/** How DMS is to carry a table's LOBs: whole up to a size in kilobytes, or each by a lookup in the source, which is slower. */
export type LobLimit = {readonly mode: 'limited'; readonly kb: number} | {readonly mode: 'unlimited'};

/**
 * The limit for a table's LOB columns, from the largest value that the inventory has measured; null for a table without. One that was not measured, or too large for a
 * limit, has none. Pure. Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html, "Working with LOB source data types"
 */
export function lobLimit({lobColumns}: Pick<InventoryTable, 'lobColumns'>): LobLimit | null {
  if (lobColumns.length === 0) return null;
  const measured = lobColumns.map(({maxKb}) => maxKb);
  if (measured.includes(null)) return {mode: 'unlimited'};
  const kb = Math.max(LEAST_KB, ...measured.map((one) => (one ?? 0) * FOR_CHARACTERS * FOR_GROWTH));
  return kb > MOST_KB ? {mode: 'unlimited'} : {mode: 'limited', kb};
}
