import {quoteIdentifier} from '../../../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../../../domain/pg/relation.ts';
import {WRITES} from '../../../../domain/run/capture/read-only-target.ts';
import type {UniqueKey} from '../../../../pg/capture/publications.ts';

/** A table, and the columns by which a transaction names its rows: what its replica identity was when that was written. */
export interface NamedBy {
  readonly table: RelationName;
  readonly columns: readonly string[];
}

/**
 * What has a target find the rows that a transaction names by other columns than it goes by: "publisher did not send replica identity column expected by the logical replication target relation". What is on its way names rows as they were
 * named when it was written, whatever the source has now; so the target goes there and back. Null where it finds them. Pure.
 * Source: logicalrep_rel_mark_updatable in https://github.com/postgres/postgres/blob/master/src/backend/replication/logical/relation.c
 */
export function toFindRows(named: readonly NamedBy[], keys: readonly UniqueKey[]): string | null {
  for (const {table, columns} of named) {
    const own = keys.filter((key) => sameRelation(key, table));
    const used = own.find(({isUsed}) => isUsed);
    const isSent = (key: UniqueKey): boolean => key.columns.every((column) => columns.includes(column));
    // Without any key the whole row is sent, and searched for.
    if (columns.length === 0 || used === undefined || isSent(used)) continue;
    const seen = `it names rows of ${formatRelation(table)} by ${columns.join(', ')}, and the target finds them by ${used.columns.join(', ')} alone: with another replica identity than the source had when it was written it fails`;
    const fitting = own.filter(isSent).toSorted((one, other) => Number(other.isPrimary) - Number(one.isPrimary));
    return `${seen}; nothing is to be skipped: ${mendBy(table, columns, fitting[0])}`;
  }
  return null;
}

function mendBy(table: RelationName, columns: readonly string[], key: UniqueKey | undefined): string {
  const own = quoteRelation(table);
  if (key === undefined) {
    const list = columns.map((column) => quoteIdentifier(column)).join(', ');
    return `on the target, as its owner: ${WRITES}; CREATE UNIQUE INDEX ON ${own} (${list}); then give the command again`;
  }
  const identity = key.isPrimary ? 'DEFAULT' : `USING INDEX ${quoteIdentifier(key.index)}`;
  return `on the target, as its owner: ${WRITES}; ALTER TABLE ${own} REPLICA IDENTITY ${identity}; it goes on by itself within 5 s; where it stops behind that once more, give the command again`;
}
