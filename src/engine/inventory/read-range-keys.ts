import type {Config} from '../../config/config.ts';
import {loadBytes, movesRows, type Inventory} from '../../domain/pg/inventory.ts';
import type {NoRangeKey, RangeKey, SpreadValue} from '../../domain/pg/range-key.ts';
import {quoteRelation} from '../../domain/pg/relation.ts';
import {isKeyType, type KeyType} from '../../domain/run/key-range.ts';
import {readKeyColumns, sortKeyValues, type KeyColumnRow} from '../../pg/ranges/range-keys.ts';
import type {Session} from '../../pg/session/session.ts';
import {maybe} from '../../pg/session/versions.ts';
import {leastUnitBytes} from '../plan/unit-size.ts';

/**
 * Adds what large tables can be cut by where the replica cannot read a range of pages (before 14): the statistics of their keys, asked of the
 * replica, which has the same ones as the primary.
 */
export async function readRangeKeys(
  replica: Session,
  inventory: Inventory,
  load: Pick<Config['load'], 'unitBytes'>,
): Promise<Inventory> {
  if (maybe('tidRangeScan', replica.version) !== null) return inventory;
  const large = inventory.tables.filter((table) => movesRows(table) && loadBytes(table) > leastUnitBytes(load));
  if (large.length === 0) return inventory;
  const rows = await replica.run(
    readKeyColumns(
      replica.version,
      large.map(({relation}) => relation),
    ),
  );
  const columnsOf = Map.groupBy(rows, (row) => quoteRelation(row));
  const found = new Map<string, RangeKey | NoRangeKey>();
  for (const {relation} of large) {
    const name = quoteRelation(relation);
    found.set(name, await rangeKeyOf(replica, columnsOf.get(name) ?? []));
  }
  const tables = inventory.tables.map((table) => {
    const rangeKey = found.get(quoteRelation(table.relation));
    return rangeKey === undefined ? table : {...table, rangeKey};
  });
  return {...inventory, tables};
}

async function rangeKeyOf(replica: Session, columns: readonly KeyColumnRow[]): Promise<RangeKey | NoRangeKey> {
  const [first] = columns;
  if (first === undefined) return {why: 'it has no primary key'};
  if (!isKeyType(first.type)) return {why: `its key begins with ${first.column}, whose type is ${first.type}`};
  const key = [];
  const spread = [];
  for (const row of columns) {
    if (!isKeyType(row.type)) break;
    key.push({name: row.column, type: row.type});
    spread.push(spreadOf(row, await sorted(replica, row.type, row)));
  }
  return {key, spread, correlation: first.correlation ?? 0, pages: first.pages, rows: Math.max(0, first.rows)};
}

/** What the statistics have of a column: the values between which equally many rows lie, and those that are so frequent that they are not among these. */
function valuesOf({histogram, common}: Pick<KeyColumnRow, 'histogram' | 'common'>): string[] {
  return [...(histogram ?? []), ...(common ?? [])];
}

async function sorted(replica: Session, type: KeyType, row: KeyColumnRow): Promise<number[]> {
  const values = valuesOf(row);
  if (values.length === 0) return [];
  const rows = await replica.run(sortKeyValues({type, collation: row.collation}, values));
  return rows.map(({place}) => place - 1);
}

/** The values in the order of the server, which `places` is, each with its share of the rows. Pure. */
export function spreadOf(
  row: Pick<KeyColumnRow, 'histogram' | 'common' | 'frequencies'>,
  places: readonly number[],
): SpreadValue[] {
  const {histogram, frequencies} = row;
  const bins = Math.max(0, (histogram?.length ?? 0) - 1);
  const frequent = (frequencies ?? []).reduce((sum, one) => sum + one, 0);
  const bin = bins === 0 ? 0 : Math.max(0, 1 - frequent) / bins;
  const values = valuesOf(row);
  return places.map((place) => {
    const among = place - (histogram?.length ?? 0);
    // The last bound of the histogram is the largest value that was seen.
    const share = among >= 0 ? (frequencies?.[among] ?? 0) : place < bins ? bin : 0;
    return {value: values[place] ?? '', share};
  });
}
