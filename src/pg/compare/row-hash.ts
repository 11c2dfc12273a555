import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {textForm, type ValueType} from './type-form.ts';

/** A column that is compared. */
export interface ComparedColumn {
  readonly name: string;
  /** Null where the two servers have not the same type: then by the texts of its values. */
  readonly type: ValueType | null;
}

/**
 * The formula that both servers know. `extended`: 64 bits of each column's hash, from 11 on. `text`: hashtext twice, over the row as one text in
 * the client's encoding. `md5`: where the servers' own hashes are not the same, because one has another byte order.
 */
export type Formula = 'extended' | 'text' | 'md5';

/** How two servers are compared. */
export interface Dialect {
  readonly formula: Formula;
  /** Whether floats are compared by their bits, because one of the servers is from before 12 and writes them otherwise. */
  readonly binaryFloats: boolean;
  /** Where both databases are in SQL_ASCII, whose texts may be no texts in any encoding. */
  readonly bytes?: true;
}

/** What a derived table of hashes is made from. */
export interface HashedRows {
  /** As SQL, with what narrows it: `ONLY "public"."users" WHERE ctid < '(100,0)'`. */
  readonly from: string;
  readonly dialect: Dialect;
  /** Each list of columns gives one hash, by the name. */
  readonly hashes: Readonly<Record<string, readonly ComparedColumn[]>>;
  /** What else each row gives, as SQL. */
  readonly also?: readonly string[];
}

/** A query that gives for each row a 64-bit hash over some of its columns: the same on any two servers for the same values, null being one. Pure. */
export function hashedRows({from, dialect, hashes, also = []}: HashedRows): string {
  const named = Object.entries(hashes);
  const {formula} = dialect;
  if (formula === 'extended') {
    const made = named.map(([name, columns]) => `${extendedHash(columns, dialect)} AS ${quoteIdentifier(name)}`);
    return `SELECT ${[...also, ...made].join(', ')} FROM ${from}`;
  }
  const kept = also.map((one) => one.replace(/^.* AS /s, ''));
  const sent = named.map(([name, columns]) => `${sentRow(columns, dialect)} AS ${quoteIdentifier(name)}`);
  // OFFSET 0: what a level makes is made once, and not once for each use.
  const rows = `(SELECT ${[...also, ...sent].join(', ')} FROM ${from} OFFSET 0) AS r`;
  if (formula === 'md5') {
    const made = named.map(([name]) => `${md5Of(quoteIdentifier(name))} AS ${quoteIdentifier(name)}`);
    return `SELECT ${[...kept, ...made].join(', ')} FROM ${rows}`;
  }
  const texts = named.map(([name]) => hexOrSent(name));
  const made = named.map(([name]) => `${hashOfText(name)} AS ${quoteIdentifier(name)}`);
  return `SELECT ${[...kept, ...made].join(', ')} FROM (SELECT ${[...kept, ...texts].join(', ')} FROM ${rows} OFFSET 0) AS t`;
}

/** A column's value as SQL text, for people and for who compares; null for null. Pure. */
export function columnText({name, type}: ComparedColumn, {binaryFloats}: Dialect): string {
  const value = quoteIdentifier(name);
  return type === null ? `${value}::text` : textForm(value, type, binaryFloats);
}

/**
 * Numbers and uuids each with their column's number as the seed, then the texts, each with the hash so far as its seed: the end of it tells which
 * values were in one row, so that their sum over rows may be taken.
 */
function extendedHash(columns: readonly ComparedColumn[], dialect: Dialect): string {
  const numbers: string[] = [];
  const texts: string[] = [];
  for (const [index, column] of columns.entries()) {
    const number = numberHash(column, index + 1);
    if (number === null) texts.push(extendedText(column, dialect));
    else numbers.push(`coalesce(${number}, ${index + 1})`);
  }
  const first = numbers.length === 0 ? '0' : numbers.join(' # ');
  return texts.length === 0 ? `hashint4extended(0, ${first})` : texts.reduce(chained, first);
}

/** A text's hash with the hash so far as its seed. Under another collation Anna and ANNA may have the same. */
function chained(so: string, text: string): string {
  return `hashtextextended(coalesce(${text}, ${NULL}) COLLATE "C", ${so})`;
}

/** What null is hashed as: a text that no value is, in letters of every encoding. */
const NULL = "E'\\x01null\\x02'";
const AS_INTEGER = ['int2', 'int4', 'bool', 'char'];
const AS_BIGINT = ['int8', 'oid'];
const AS_TIME = ['timestamp', 'timestamptz'];

/** The hash of a value whose bits are hashed as they are, null for null; null of a column that is hashed as text. */
function numberHash({name, type}: ComparedColumn, seed: number): string | null {
  const value = quoteIdentifier(name);
  const of = nameOf(type);
  if (AS_INTEGER.includes(of)) return `hashint4extended(${value}${of.startsWith('int') ? '' : '::int4'}, ${seed})`;
  // The value is the seed, for hashint8extended folds it into 32 bits: to it 1 is 4294967296.
  if (AS_BIGINT.includes(of)) return `hashint4extended(${seed}, ${value}${of === 'int8' ? '' : '::int8'})`;
  return of === 'uuid' ? `uuid_hash_extended(${value}, ${seed})` : null;
}

function extendedText(column: ComparedColumn, dialect: Dialect): string {
  const of = nameOf(column.type);
  if (AS_TIME.includes(of)) return `encode(${of}_send(${quoteIdentifier(column.name)}), 'hex')`;
  return columnText(column, dialect);
}

function nameOf(type: ValueType | null): string {
  return type?.kind === 'plain' ? type.name : '';
}

/** The row as bytes that no other row has: array_send writes the length of each value, and turns texts into the encoding of the client. */
function sentRow(columns: readonly ComparedColumn[], dialect: Dialect): string {
  const texts = columns.map((column) => columnText(column, dialect));
  return `array_send(ARRAY[${texts.join(', ')}]::text[])`;
}

/** A longer row is hashed by its bytes: in hexadecimal digits it would take four times as much memory, and from 500 MB on it is no value of PostgreSQL. */
const MOST_BYTES = 16_000_000;

/** Either of them: both are too much for one row of a subquery. */
function hexOrSent(name: string): string {
  const sent = quoteIdentifier(name);
  const isLong = `octet_length(${sent}) >= ${MOST_BYTES}`;
  return `CASE WHEN ${isLong} THEN ${sent} END AS ${sent}, CASE WHEN NOT ${isLong} THEN encode(${sent}, 'hex') END AS ${quoteIdentifier(`${name}_text`)}`;
}

function hashOfText(name: string): string {
  const text = quoteIdentifier(`${name}_text`);
  return `coalesce((hashtext(${text})::int8 << 32) # hashtext('~' || ${text})::int8, ${md5Of(quoteIdentifier(name))})`;
}

function md5Of(sent: string): string {
  return `('x' || substr(md5(${sent}), 1, 16))::bit(64)::int8`;
}
