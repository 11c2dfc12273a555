import {sql, type Statement} from '../session/statement.ts';
import {hashesOf, type Chunk, type KeyedTable} from './table-sums.ts';
import type {Dialect} from './row-hash.ts';

/** Rows of one key that are the same as far as their hashes tell, and which versions of them there are. */
export interface VersionedRows {
  readonly keyHash: string;
  readonly hash: string;
  readonly rows: number;
  /** Where one of them is: `(0,7)`. */
  readonly place: string;
  /** The same as long as nobody has written to any of them: what wrote each, and where it is, as a digest. */
  readonly version: string;
}

/** The rows of some buckets of the key's hash, with their versions. Pure. */
export function readVersions(
  table: KeyedTable,
  {
    dialect,
    chunk,
    buckets,
    of,
  }: {
    readonly dialect: Dialect;
    readonly chunk: Chunk | null;
    readonly buckets: readonly number[];
    readonly of: number;
  },
): Statement<VersionedRows> {
  const also = ['ctid AS "place"', 'xmin AS "wrote"'];
  return sql(
    `SELECT "key_hash"::text AS "keyHash", "hash"::text AS "hash", count(*) AS "rows", min("place"::text) AS "place",
            md5(string_agg("wrote"::text || "place"::text, ' ' ORDER BY "place"::text COLLATE "C")) AS "version"
       FROM ${hashesOf(table, {dialect, chunk, keyed: true, also})} WHERE ("key_hash" & ${of - 1})::int IN (${buckets.join(', ')}) GROUP BY 1, 2`,
  );
}
