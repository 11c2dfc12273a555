import type {KeyColumn} from '../run/key-range.ts';

/** A value of a key column, as the server writes it, and the share of the table's rows from it to the next one, by the statistics. */
export interface SpreadValue {
  readonly value: string;
  readonly share: number;
}

/** What the statistics know of the first columns of a table's primary key. */
export interface RangeKey {
  /** One column or two, each of a type that tables are cut by. */
  readonly key: readonly KeyColumn[];
  /** Of each of them its values in the order of the server; empty where the statistics have none. */
  readonly spread: readonly (readonly SpreadValue[])[];
  /** Of the first column: 1 or -1 where the rows lie in its order, 0 where they lie anyhow. */
  readonly correlation: number;
  /** What the table had when the statistics were taken. */
  readonly pages: number;
  readonly rows: number;
}

/** Why nothing is known of a table's key by which it could be cut: `its key's first column is json, …`. */
export interface NoRangeKey {
  readonly why: string;
}
