import {quoteLiteral, quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';
import {hashedRows, type ComparedColumn, type Dialect} from './row-hash.ts';

/** How many rows, and the sum of their hashes, which is the same in any order and tells a row that is there twice. */
export interface Sums {
  readonly rows: number;
  /** A whole number of any size, as text: `-123456789012345678901`. */
  readonly sum: string;
}

/** Some of the rows of a table: of a range of pages, or of a range of its key. Null at an end is open. */
export type Chunk =
  | {readonly by: 'pages'; readonly from: number; readonly to: number | null}
  | {
      readonly by: 'key';
      readonly column: string;
      /** Values as the server writes them. */
      readonly from: string | null;
      readonly to: string | null;
    };

/** A table as it is compared. */
export interface ComparedTable {
  readonly table: RelationName;
  readonly columns: readonly ComparedColumn[];
}

/** A table whose rows are told apart by some of its columns. */
export interface KeyedTable extends ComparedTable {
  /** All of its columns where it has no key. */
  readonly key: readonly ComparedColumn[];
  /** Of 65,536 keys so many are compared, by their hash, so that both sides take the same; null is all. */
  readonly sample: number | null;
}

/** So many rows of 65,536 are all. */
export const WHOLE = 65_536;

/** Rows of a table, its children not counted, and the sum of their hashes; of a part of it where one is given. Pure. */
export function sumRows(table: KeyedTable, dialect: Dialect, chunk: Chunk | null): Statement<Sums> {
  return sql(
    `SELECT count(*) AS "rows", coalesce(sum("hash"), 0)::text AS "sum" FROM ${hashesOf(table, {dialect, chunk, keyed: false})}`,
  );
}

/** The rows of a table, its children not counted, by reading the table itself: ctid is in no index. Pure. */
export function countTable(table: RelationName): Statement<Sums> {
  return sql(`SELECT count(ctid) AS "rows", '0' AS "sum" FROM ${rowsOf(table, null)}`);
}

/** What is hashed of a table. */
interface Hashed {
  readonly dialect: Dialect;
  readonly chunk: Chunk | null;
  /** Whether the key's hash is wanted besides. */
  readonly keyed: boolean;
  readonly also?: readonly string[];
}

/** The derived table "hashed" with the hash of each row, and of its key where that is wanted. Pure. */
export function hashesOf(
  {table, columns, key, sample}: KeyedTable,
  {dialect, chunk, keyed, also = []}: Hashed,
): string {
  const hashes = keyed || sample !== null ? {key_hash: key, hash: columns} : {hash: columns};
  const rows = hashedRows({from: rowsOf(table, chunk), dialect, hashes, also});
  return `(${rows}) AS hashed${sample === null ? '' : ` WHERE ("key_hash" & ${WHOLE - 1}) < ${sample}`}`;
}

/** `ONLY "public"."users" WHERE …`. Pure. */
export function rowsOf(table: RelationName, chunk: Chunk | null): string {
  const conditions = chunk === null ? [] : conditionsOf(chunk);
  return `ONLY ${quoteRelation(table)}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
}

function conditionsOf(chunk: Chunk): string[] {
  const what = chunk.by === 'pages' ? 'ctid' : quoteIdentifier(chunk.column);
  const [from, to] = chunk.by === 'pages' ? [place(chunk.from), place(chunk.to)] : [chunk.from, chunk.to];
  return [
    ...(from === null ? [] : [`${what} >= ${quoteLiteral(from).trimStart()}`]),
    ...(to === null ? [] : [`${what} < ${quoteLiteral(to).trimStart()}`]),
  ];
}

function place(page: number | null): string | null {
  return page === null || page === 0 ? null : `(${page},0)`;
}
