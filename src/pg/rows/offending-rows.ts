import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation} from '../../domain/pg/relation.ts';
import type {CheckRow} from '../catalog/checks.ts';
import type {ForeignKeyRow, IndexRow} from '../catalog/indexes.ts';

// Queries for people, who run them on the target to see which rows are in the way. Names are quoted; expressions are the server's own.

function rowsOf(row: {readonly schema: string; readonly table: string}, partitioned: boolean): string {
  return `${partitioned ? '' : 'ONLY '}${quoteRelation({schema: row.schema, name: row.table})}`;
}

/** The rows of the child that no row of the parent belongs to; null for a key whose columns are not known. Pure. */
export function queryForOrphans(key: ForeignKeyRow): string | null {
  if (key.columns.length === 0) return null;
  const pairs = key.columns.map((column, index) => [
    `c.${quoteIdentifier(column)}`,
    `p.${quoteIdentifier(key.toColumns[index] ?? '')}`,
  ]);
  // With MATCH SIMPLE one null is enough to be let off, with MATCH FULL all of them have to be.
  const bound = pairs.map(([child]) => `${child} IS NOT NULL`).join(key.matchFull ? ' OR ' : ' AND ');
  const parent = rowsOf({schema: key.toSchema, table: key.toTable}, key.toPartitioned);
  const same = pairs.map(([child, other]) => `${other} = ${child}`).join(' AND ');
  return (
    `SELECT c.* FROM ${rowsOf(key, key.partitioned)} c WHERE ${key.matchFull && pairs.length > 1 ? `(${bound})` : bound}` +
    ` AND NOT EXISTS (SELECT FROM ${parent} p WHERE ${same})`
  );
}

/** The keys that more than one row has; null for an index that is not unique. Pure. */
export function queryForDuplicates(index: IndexRow): string | null {
  if (!index.unique || index.keys.length === 0) return null;
  const keys = index.keys.map((key, position) => (isPlain(key) ? key : `(${key}) AS key_${position + 1}`)).join(', ');
  const conditions = [
    ...(index.predicate === null ? [] : [`(${index.predicate})`]),
    ...(index.nullsNotDistinct ? [] : index.keys.map((key) => `${isPlain(key) ? key : `(${key})`} IS NOT NULL`)),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const positions = index.keys.map((_, position) => position + 1).join(', ');
  return `SELECT ${keys}, count(*) FROM ${rowsOf(index, index.partitioned)}${where} GROUP BY ${positions} HAVING count(*) > 1`;
}

/** Whether a key is a column, as the server writes one. */
function isPlain(key: string): boolean {
  return /^([a-z_][a-z0-9_$]*|"(?:[^"]|"")+")$/.test(key);
}

/** The rows that break a check; null for a NOT NULL. Pure. */
export function queryForBroken(check: CheckRow): string | null {
  if (check.condition === null) return null;
  return `SELECT * FROM ${quoteRelation({schema: check.schema, name: check.table})} WHERE NOT (${check.condition})`;
}
