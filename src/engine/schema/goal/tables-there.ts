import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {Session} from '../../../pg/session/session.ts';
import {readMissingTables} from '../../../pg/catalog/target-tables.ts';

/** Some tables or views, divided by whether a server has them; both in the order that they came in. */
export interface Presence {
  readonly there: readonly RelationName[];
  readonly missing: readonly RelationName[];
}

/** Which of these tables and views the server has. */
export async function tablesThere(session: Session, tables: readonly RelationName[]): Promise<Presence> {
  const missing = new Set((await session.run(readMissingTables(tables, session.version))).map(({name}) => name));
  const isMissing = (table: RelationName): boolean => missing.has(quoteRelation(table));
  return {there: tables.filter((table) => !isMissing(table)), missing: tables.filter(isMissing)};
}
