import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {readSetMembers} from '../../../pg/replication/pglogical.ts';
import type {Session} from '../../../pg/session/session.ts';

/** The tables that are in the insert sets of these slots alone. */
export async function readInsertsOnly(source: Session, slots: readonly string[]): Promise<RelationName[]> {
  const members = await source.run(readSetMembers());
  const whole = new Set(
    members.filter(({set}) => slots.some((slot) => updateSetOf(slot) === set)).map((table) => quoteRelation(table)),
  );
  return members
    .filter((table) => slots.some((slot) => insertSetOf(slot) === table.set) && !whole.has(quoteRelation(table)))
    .map(({schema, name}) => ({schema, name}));
}
