import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {FiringTrigger} from '../../domain/run/back/claimed-back.ts';
import {sql, type Statement} from '../session/statement.ts';

/** Has a subscription read this slot once it is enabled. Only while it is disabled. */
export function attachSlot(subscription: string, slot: string): Statement {
  return sql(`ALTER SUBSCRIPTION ${quoteIdentifier(subscription)} SET (slot_name = ${quoteLiteral(slot).trim()})`);
}

/** The triggers of these tables that fire while changes are applied, for a subscription applies as a replica does. */
export function readFiringTriggers(tables: readonly RelationName[]): Statement<FiringTrigger> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name", t.tgname::text AS "trigger",
            CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END AS "fires"
       FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
       JOIN pg_namespace n ON n.nspname = wanted.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
       JOIN pg_trigger t ON t.tgrelid = c.oid
      WHERE t.tgenabled IN ('A', 'R') AND NOT t.tgisinternal ORDER BY 1, 2, 3`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** Switches a trigger off, or back to how it fires. ONLY: each partition has its own. */
export function switchTrigger(one: FiringTrigger, isOn: boolean): Statement {
  const what = isOn ? `ENABLE ${one.fires}` : 'DISABLE';
  return sql(`ALTER TABLE ONLY ${quoteRelation(one)} ${what} TRIGGER ${quoteIdentifier(one.trigger)}`);
}
