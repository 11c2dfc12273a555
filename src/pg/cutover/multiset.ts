import {sql, type Statement} from '../session/statement.ts';
import {hashedRows, type Dialect} from '../compare/row-hash.ts';
import {hashesOf, rowsOf, type ComparedTable} from '../compare/table-sums.ts';
import type {BucketSums} from '../compare/differing-rows.ts';

/** A table without a key is a multiset of rows: how many there are of each. */
export interface RowsAlike {
  readonly hash: string;
  /** Where they are: `(0,7)`. */
  readonly places: readonly string[];
}

/** Rows and the sum of their hashes by buckets of the hash itself; `buckets` is a power of two. Pure. */
export function sumHashBuckets(table: ComparedTable, dialect: Dialect, buckets: number): Statement<BucketSums> {
  return sql(
    `SELECT ("hash" & ${buckets - 1})::int AS "bucket", count(*) AS "rows", sum("hash")::text AS "sum" FROM ${hashed(table, dialect)} GROUP BY 1`,
  );
}

/** The same of as many of the rows as come first, to see how quickly it goes. Pure. */
export function sumFirstRows(
  {table, columns}: ComparedTable,
  dialect: Dialect,
  {rows, buckets}: {readonly rows: number; readonly buckets: number},
): Statement<BucketSums> {
  const from = `(SELECT * FROM ${rowsOf(table, null)} LIMIT ${rows}) AS "first"`;
  return sql(
    `SELECT ("hash" & ${buckets - 1})::int AS "bucket", count(*) AS "rows", sum("hash")::text AS "sum" FROM (${hashedRows({from, dialect, hashes: {hash: columns}})}) AS hashed GROUP BY 1`,
  );
}

/** The rows of some buckets, of so many, those that are alike together. Pure. */
export function readRowsAlike(
  table: ComparedTable,
  dialect: Dialect,
  {buckets, of}: {readonly buckets: readonly number[]; readonly of: number},
): Statement<RowsAlike> {
  return sql(
    `SELECT "hash"::text AS "hash", array_agg("place"::text) AS "places" FROM ${hashed(table, dialect, ['ctid AS "place"'])}
      WHERE ("hash" & ${of - 1})::int IN (SELECT unnest('{${buckets.join(',')}}'::int[])) GROUP BY 1`,
  );
}

function hashed(table: ComparedTable, dialect: Dialect, also: readonly string[] = []): string {
  return hashesOf({...table, key: table.columns, sample: null}, {dialect, chunk: null, keyed: false, also});
}
