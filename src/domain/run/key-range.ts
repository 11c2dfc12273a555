import {quoteRelation, type RelationName} from '../pg/relation.ts';

/** The types of key columns that tables are cut by, as format_type() names them: their text is read back as the same value, and btree orders them. */
export const KEY_TYPES = [
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'uuid',
  'date',
  'timestamp without time zone',
  'timestamp with time zone',
  'text',
  'character varying',
] as const;

/** The type of a key column. */
export type KeyType = (typeof KEY_TYPES)[number];

/** Whether a table can be cut by a column of this type. */
export function isKeyType(type: string): type is KeyType {
  return KEY_TYPES.some((one) => one === type);
}

/** A column of a primary key. */
export interface KeyColumn {
  readonly name: string;
  readonly type: KeyType;
}

/** The first columns of a key, each as the server writes its value: `['7', '2024-01-01']`. It comes before every longer one that begins so. */
export type KeyBound = readonly string[];

/** Rows from the one bound up to, and without, the other, by the key's own comparison; null has no end. */
export interface KeyRange {
  readonly key: readonly KeyColumn[];
  readonly from: KeyBound | null;
  readonly to: KeyBound | null;
}

/** How a table is cut: by the first columns of its primary key, at these bounds, ascending. */
export interface TableCut {
  readonly key: readonly KeyColumn[];
  readonly bounds: readonly KeyBound[];
}

/** The ranges of a cut, one more than it has bounds. The first and the last are open: statistics know nothing of the rows outside them. */
export function rangesOf({key, bounds}: TableCut): KeyRange[] {
  return [null, ...bounds].map((from, at) => ({key, from, to: bounds[at] ?? null}));
}

/** The cut that these ranges, in their order, are of. */
export function cutOf(ranges: readonly KeyRange[]): TableCut {
  return {key: ranges[0]?.key ?? [], bounds: ranges.flatMap(({to}) => (to === null ? [] : [to]))};
}

const MASK = (1n << 64n) - 1n;

/** What tells one cut of a table from another, ten hexadecimal digits: another bound, another digest. FNV-1a of its text. */
export function cutDigest(table: RelationName, {key, bounds}: TableCut): string {
  const text = JSON.stringify([quoteRelation(table), key.map(({name, type}) => [name, type]), bounds]);
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & MASK;
  return (hash >> 24n).toString(16).padStart(10, '0');
}

/** What keeps a cut from being one, as somebody may have written it; null where it is one. Whether the bounds are in order only a server can say. */
export function judgeCut({key, bounds}: TableCut, primaryKey: readonly string[] | null): string | null {
  if (key.length === 0 || bounds.length === 0) return 'has no columns, or no bounds';
  const strange = key.find(({type}) => !isKeyType(type));
  if (strange !== undefined) return `names the type ${strange.type}, by which tables are not cut`;
  if (key.some(({name}, at) => primaryKey?.[at] !== name)) return 'is not by the first columns of the primary key';
  if (bounds.some((bound) => bound.length === 0 || bound.length > key.length))
    return 'has a bound of more values than the key has columns, or of none';
  return null;
}
