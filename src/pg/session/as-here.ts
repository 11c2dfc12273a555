import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {CheckRow} from '../catalog/checks.ts';
import type {IndexRow, TriggerRow} from '../catalog/indexes.ts';
import type {Session} from './session.ts';
import {sql, type Statement} from './statement.ts';

// A server prints an expression that it has parsed in its own words: `x IN ('a', 'b')` on a varchar comes back with other casts after a
// dump and restore, and other releases print other words. So a definition that differs is made here, on an empty copy of the table that is
// rolled back, and what this server prints of that is compared. The copy has the table's name, for an expression may name the whole row.

/** The statements that make a definition on the empty copy, and the question for what the server prints of it; run between BEGIN and ROLLBACK. */
export interface Rehearsal {
  readonly statements: readonly Statement[];
  readonly ask: Statement<{detail: string}>;
}

const NAME = 'longhaul_as_here';

/** What is made and rolled back for a definition that reads otherwise here, one of them each time, for people. */
export const REHEARSED = [
  'CREATE TEMPORARY TABLE <table> (LIKE <table>)',
  `CREATE INDEX ${NAME} ON pg_temp.<table> <definition>`,
  `ALTER TABLE pg_temp.<table> ADD CONSTRAINT ${NAME} <definition>`,
  'CREATE TRIGGER <definition>',
].join(';\n');

function copyOf({schema, table}: {readonly schema: string; readonly table: string}): Statement {
  const name = quoteIdentifier(table);
  return sql(`CREATE TEMPORARY TABLE ${name} (LIKE ${quoteIdentifier(schema)}.${name})`);
}

/** An index: from `USING` on. */
export function rehearseIndex(index: IndexRow): Rehearsal {
  const words = `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${NAME} ON `;
  return {
    statements: [copyOf(index), sql(`${words}pg_temp.${quoteIdentifier(index.table)} ${index.detail}`)],
    ask: sql(
      `SELECT substr(regexp_replace(substr(pg_get_indexdef('pg_temp.${NAME}'::regclass), $2::int + 1), '^pg_temp[_0-9]*[.]', ''),
                     length(format('%I ', $1::text)) + 1) AS "detail"`,
      [index.table, words.length],
    ),
  };
}

/** A check constraint: its definition without NOT VALID. */
export function rehearseCheck(check: CheckRow): Rehearsal {
  const copy = `pg_temp.${quoteIdentifier(check.table)}`;
  return {
    statements: [copyOf(check), sql(`ALTER TABLE ${copy} ADD CONSTRAINT ${NAME} ${withoutNotValid(check.definition)}`)],
    ask: sql(
      `SELECT pg_get_constraintdef(oid) AS "detail" FROM pg_constraint WHERE conrelid = $1::regclass AND conname = '${NAME}'`,
      [copy],
    ),
  };
}

/** A trigger: its definition with `ON ?` in place of its table. */
export function rehearseTrigger(trigger: TriggerRow): Rehearsal {
  const copy = `pg_temp.${quoteIdentifier(trigger.table)}`;
  return {
    statements: [copyOf(trigger), sql(trigger.detail.replace(' ON ? ', () => ` ON ${copy} `))],
    ask: sql(
      `SELECT replace(replace(pg_get_triggerdef(t.oid), format(' ON %I.%I ', n.nspname, c.relname), ' ON ? '),
                      format(' ON pg_temp.%I ', c.relname), ' ON ? ') AS "detail"
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE t.tgrelid = $1::regclass AND NOT t.tgisinternal`,
      [copy],
    ),
  };
}

/** What this server prints of it; null where it cannot be made here. Leaves nothing behind. */
export async function readAsHere(session: Session, {statements, ask}: Rehearsal): Promise<string | null> {
  await session.run(sql('BEGIN'));
  try {
    for (const statement of statements) await session.run(statement);
    return (await session.one(ask)).detail;
  } catch (error) {
    if (session.lost) throw error;
    return null;
  } finally {
    if (!session.lost) await session.run(sql('ROLLBACK'));
  }
}

/** A constraint's definition without the words that it was never validated. Pure. */
export function withoutNotValid(definition: string): string {
  return definition.endsWith(' NOT VALID') ? definition.slice(0, -' NOT VALID'.length) : definition;
}
