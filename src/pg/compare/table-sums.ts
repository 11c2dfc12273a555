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

/** Rows of a table, its children not counted, and the sum of their hashes; of a part of it where one is given. Pure. */
export function sumRows({table, columns}: ComparedTable, dialect: Dialect, chunk: Chunk | null): Statement<Sums> {
  const rows = hashedRows({from: rowsOf(table, chunk), dialect, hashes: {hash: columns}});
  return sql(`SELECT count(*) AS "rows", coalesce(sum("hash"), 0)::text AS "sum" FROM (${rows}) AS hashed`);
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
