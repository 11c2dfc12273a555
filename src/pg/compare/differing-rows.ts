import {quoteLiteral} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';
import {columnText, type Dialect} from './row-hash.ts';
import {hashesOf, rowsOf, type Chunk, type ComparedTable, type KeyedTable, type Sums} from './table-sums.ts';

/** The sums of the rows whose key has a hash that ends like this. */
export interface BucketSums extends Sums {
  readonly bucket: number;
}

/** The sums of a table or a part of it by buckets of the key's hash; `buckets` is a power of two. Pure. */
export function sumBuckets(
  table: KeyedTable,
  {dialect, chunk, buckets}: {readonly dialect: Dialect; readonly chunk: Chunk | null; readonly buckets: number},
): Statement<BucketSums> {
  return sql(
    `SELECT ("key_hash" & ${buckets - 1})::int AS "bucket", count(*) AS "rows", sum("hash")::text AS "sum" FROM ${hashesOf(table, {dialect, chunk, keyed: true})} GROUP BY 1`,
  );
}

/** Rows that are the same as far as their hashes tell. */
export interface SameRows {
  readonly keyHash: string;
  readonly hash: string;
  readonly rows: number;
  /** Where one of them is: `(0,7)`. */
  readonly place: string;
}

/** The rows of some buckets, each different one once. Pure. */
export function readBuckets(table: KeyedTable, {dialect, chunk, buckets, of}: BucketsWanted): Statement<SameRows> {
  const hashed = hashesOf(table, {dialect, chunk, keyed: true, also: ['ctid AS "place"']});
  return sql(
    `SELECT "key_hash"::text AS "keyHash", "hash"::text AS "hash", count(*) AS "rows", min("place"::text) AS "place" FROM ${hashed}
      ${table.sample === null ? 'WHERE' : 'AND'} ("key_hash" & ${of - 1})::int IN (${buckets.join(', ')}) GROUP BY 1, 2`,
  );
}

/** Buckets of a key's hash, of so many. */
interface BucketsWanted {
  readonly dialect: Dialect;
  readonly chunk: Chunk | null;
  readonly buckets: readonly number[];
  readonly of: number;
}

/** What the columns of one row hold. */
export interface RowContent {
  /** By column, in their order: the md5 of the value as it is compared. */
  readonly digests: readonly (string | null)[];
  /** The value's text and its form, cut; null for null, and where they were not asked for. */
  readonly texts: readonly (string | null)[];
  readonly forms: readonly (string | null)[];
}

/** So much of a value is shown. */
const SHOWN = 80;
/** Of a longer one nobody counts the characters, for which all of it would be read once more. */
const MOST_COUNTED = 1_000_000;
/** Of more columns the subquery would have more than PostgreSQL takes: there the form is shown. */
const MOST_APART = 800;

/**
 * The row at a place, at most one. A value may be of hundreds of megabytes, and whatever is made of it stays in memory until the row is over: what was written here once took a replica's memory, and P
 * with it. So each is made once, and cut without being read again. textsend gives the text in the encoding of the client, which both sides have. Pure.
 */
export function readRowAt(
  {table, columns}: ComparedTable,
  {dialect, place, values}: {readonly dialect: Dialect; readonly place: string; readonly values: boolean},
): Statement<RowContent> {
  const made: string[] = [];
  const nameOf = (expression: string): string => {
    const known = made.indexOf(expression);
    return `v${known === -1 ? made.push(expression) - 1 : known}`;
  };
  const forms = columns.map((column) => nameOf(columnText(column, dialect)));
  const isApart = values && columns.length <= MOST_APART;
  const texts = isApart ? columns.map((column) => nameOf(columnText({...column, type: null}, dialect))) : forms;
  const digests = forms.map((form) => (dialect.formula === 'extended' ? `md5(${form})` : `md5(textsend(${form}))`));
  const cut = (parts: readonly string[]): string => textArray(parts.map((one) => (values ? shown(one) : 'NULL')));
  const rows = `SELECT ${made.map((expression, at) => `${expression} AS v${at}`).join(', ')} FROM ${rowsOf(table, null)} WHERE ctid = ${quoteLiteral(place).trimStart()} OFFSET 0`;
  return sql(
    `SELECT ${textArray(digests)} AS "digests", ${cut(texts)} AS "texts", ${cut(forms)} AS "forms" FROM (${rows}) AS made`,
  );
}

function shown(value: string): string {
  const first = `substr(${value}, 1, ${SHOWN}) || '… ('`;
  return `CASE WHEN octet_length(${value}) > ${MOST_COUNTED} THEN ${first} || octet_length(${value})::text || ' bytes)' WHEN length(${value}) > ${SHOWN} THEN ${first} || length(${value})::text || ' characters)' ELSE ${value} END`;
}

function textArray(parts: readonly string[]): string {
  return `ARRAY[${parts.join(', ')}]::text[]`;
}
