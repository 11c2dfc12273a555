import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Which of these existing tables hide rows from the role that asks; from their owner they do where row security is forced. */
export function readHidingTables(tables: readonly RelationName[], version: ServerVersion): Statement<{name: string}> {
  return sql(`SELECT name AS "name" FROM unnest($1::text[]) AS name WHERE ${pick('rowSecurityHides', version)}`, [
    tables.map((table) => quoteRelation(table)),
  ]);
}

/** Lets the owner see and write every row. */
export function liftRowSecurity(table: RelationName): Statement {
  return sql(`ALTER TABLE ${quoteRelation(table)} NO FORCE ROW LEVEL SECURITY`);
}

/** Takes that back. */
export function forceRowSecurity(table: RelationName): Statement {
  return sql(`ALTER TABLE ${quoteRelation(table)} FORCE ROW LEVEL SECURITY`);
}
