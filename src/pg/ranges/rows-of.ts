import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {isKeyType, type KeyBound, type KeyColumn, type KeyRange} from '../../domain/run/key-range.ts';
import type {PagePart} from '../../domain/run/table-part.ts';

/** The condition that a row of the part meets, and no row of another part of the same cut: `WHERE` is in front of it. Null where it has all rows. */
export function conditionOf(part: PagePart | KeyRange | null): string | null {
  if (part === null) return null;
  if (!('key' in part)) return `ctid >= '(${part.from},0)'${part.to === null ? '' : ` AND ctid < '(${part.to},0)'`}`;
  const ends = [
    ...(part.from === null ? [] : [compare(columns(part.key, part.from), '>=', values(part.key, part.from))]),
    ...(part.to === null ? [] : [compare(columns(part.key, part.to), '<', values(part.key, part.to))]),
  ];
  return ends.length === 0 ? null : ends.join(' AND ');
}

/**
 * For psql on the server that is read: ends the script where the bounds of a range are not in the order of that server, whose collations may be those of another
 * operating system than where the bounds were chosen. As each part of a cut asks for its own two bounds, all of them ascend, and so no row is in two parts and
 * none in none. Empty where there is nothing to ask.
 */
export function mustBeInOrder(table: RelationName, part: PagePart | KeyRange | null): string {
  if (part === null || !('key' in part) || part.from === null || part.to === null) return '';
  const {key, from, to} = part;
  // A bound comes before every longer one that begins so.
  const common = Math.min(from.length, to.length);
  const operator = to.length > from.length ? '<=' : '<';
  const ordered = compare(
    asInTable(table, key, from.slice(0, common)),
    operator,
    asInTable(table, key, to.slice(0, common)),
  );
  const words = quoteLiteral(
    `the bounds of ${formatRelation(table)} in plan.yaml are not in the order of this server, `,
  );
  // Words that are no number are the one error that needs nothing of the server; that they end with a setting keeps it from looking at them before it has to.
  const error = `(${words} || pg_catalog.current_setting('server_version'))::integer`;
  return `SELECT CASE WHEN ${ordered} THEN 0 ELSE ${error} END AS longhaul_in_order \\gset\n`;
}

function columns(key: readonly KeyColumn[], {length}: KeyBound): string[] {
  return key.slice(0, length).map(({name}) => quoteIdentifier(name));
}

function values(key: readonly KeyColumn[], bound: KeyBound): string[] {
  return bound.map((value, at) => {
    const type = key[at]?.type ?? '';
    if (!isKeyType(type)) throw new Error(`bug: no table is cut by a column of the type ${type}`);
    return `${quoteLiteral(value).trimStart()}::${type}`;
  });
}

/** With the collations of the columns, which a literal beside a column takes by itself. */
function asInTable(table: RelationName, key: readonly KeyColumn[], bound: KeyBound): string[] {
  const names = columns(key, bound);
  return values(key, bound).map(
    (value, at) => `coalesce(${value}, (SELECT ${names[at] ?? ''} FROM ONLY ${quoteRelation(table)} LIMIT 0))`,
  );
}

/** A row of one column is the column: only so an index on it is used by every release. */
function compare(left: readonly string[], operator: '<' | '<=' | '>=', right: readonly string[]): string {
  if (left.length === 1) return `${left[0] ?? ''} ${operator} ${right[0] ?? ''}`;
  return `ROW(${left.join(', ')}) ${operator} ROW(${right.join(', ')})`;
}
