import {loadBytes, type InventoryTable} from '../../domain/pg/inventory.ts';

/** So many tables have one unit at most: its transaction locks each of them, and none of their indexes is built before it is in. */
const MOST_TABLES = 200;

/** A table of this part of a unit has one of its own; smaller ones are put together up to that much. */
const GROUP_SHARE = 4;

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
    if (group === undefined || group.length >= MOST_TABLES || bytes + loadBytes(table) > most) {
      together.push([table]);
      bytes = loadBytes(table);
    } else {
      group.push(table);
      bytes += loadBytes(table);
    }
  }
  return {alone, together};
}
