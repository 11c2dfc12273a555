import type {RelationName} from '../../../domain/pg/relation.ts';
import {insertSetOf} from '../../../domain/pg/slot-plan.ts';
import {readPublications} from '../../../pg/capture/publications.ts';
import type {Session} from '../../../pg/session/session.ts';

/** The tables of these slots of which only what is inserted is published, whatever key they were given since. */
export async function readInsertsOnly(source: Session, slots: readonly string[]): Promise<RelationName[]> {
  const rows = await source.run(readPublications(slots.map((slot) => insertSetOf(slot))));
  return rows.flatMap(({schema, table}) => (schema === null || table === null ? [] : [{schema, name: table}]));
}
