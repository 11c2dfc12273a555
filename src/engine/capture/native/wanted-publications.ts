import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf, type PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import type {Publication, PublishableRow} from '../../../pg/capture/publications.ts';

/** The two publications that a slot's subscription reads. */
export function publicationsOf(slot: string): string[] {
  return [updateSetOf(slot), insertSetOf(slot)];
}

/**
 * The publications of the plan: two for each slot, the second for tables whose rows the WAL does not name, of which only what is inserted may be
 * published. `insertOnly` are those. Pure.
 */
export function wantedPublications(
  slots: readonly PlannedSlot[],
  tables: readonly Pick<PublishableRow, 'schema' | 'name' | 'hasIdentity'>[],
): {publications: Publication[]; insertOnly: RelationName[]} {
  const identified = new Set(tables.filter(({hasIdentity}) => hasIdentity).map((table) => quoteRelation(table)));
  const hasIdentity = (table: RelationName): boolean => identified.has(quoteRelation(table));
  return {
    publications: slots.flatMap(({name, tables: all}) => [
      {name: updateSetOf(name), insertsOnly: false, tables: all.filter((table) => hasIdentity(table))},
      {name: insertSetOf(name), insertsOnly: true, tables: all.filter((table) => !hasIdentity(table))},
    ]),
    insertOnly: slots.flatMap(({tables: all}) => all.filter((table) => !hasIdentity(table))),
  };
}
