import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import {sql, type Statement} from '../../../pg/session/statement.ts';
import type {Change} from './messages.ts';
import type {Relation} from './relations.ts';

/**
 * The statement that makes a change on the target; it gives a row for each row that it touches. The server itself turns the JSON into values, so that none is
 * changed on the way. Pure.
 */
export function applyStatement({action, relation, after, key, json}: Change, known: Relation): Statement<{n: number}> {
  const name = quoteRelation(relation);
  const row = (field: 'newtuple' | 'oldtuple'): string => `json_populate_record(NULL::${name}, $1::json -> '${field}')`;
  if (action === 'D') {
    const from = `DELETE FROM ONLY ${name} AS t USING ${row('oldtuple')} AS o`;
    return sql(`${from} WHERE ${sameKey(known)} RETURNING 1 AS n`, [json]);
  }
  const columns = known.columns.filter((column) => Object.hasOwn(after ?? {}, column.name) && !column.generated);
  if (action === 'I') {
    const list = columns.map((column) => quoteIdentifier(column.name)).join(', ');
    return sql(
      `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${row('newtuple')} RETURNING 1 AS n`,
      [json],
    );
  }
  const sets = columns
    .filter(({identity}) => !identity)
    .map((column) => `${quoteIdentifier(column.name)} = n.${quoteIdentifier(column.name)}`);
  // The key before it is told where it has changed.
  const before = row(key === null ? 'newtuple' : 'oldtuple');
  return sql(
    `UPDATE ONLY ${name} AS t SET ${sets.join(', ')} FROM ${row('newtuple')} AS n, ${before} AS o WHERE ${sameKey(known)} RETURNING 1 AS n`,
    [json],
  );
}

function sameKey({key}: Relation): string {
  if (key.length === 0) return 'false';
  return key.map((name) => `t.${quoteIdentifier(name)} = o.${quoteIdentifier(name)}`).join(' AND ');
}

/** Keeps how far a task is, in the transaction of its rows. */
export function keepProgress(task: string, endLsn: string): Statement {
  return sql(
    `INSERT INTO public.awsdms_txn_state (task_name, source_lsn) VALUES ($1, $2::pg_lsn)
       ON CONFLICT (task_name) DO UPDATE SET source_lsn = excluded.source_lsn`,
    [task, endLsn],
  );
}

/** The end of the last commit that a task has applied; no row before the first. */
export function readProgress(task: string): Statement<{lsn: string}> {
  return sql('SELECT source_lsn::text AS "lsn" FROM public.awsdms_txn_state WHERE task_name = $1', [task]);
}

/** The tables that DMS keeps on a target: how far it is, and what it could not apply. */
export function createControlTables(): Statement[] {
  return [
    sql('CREATE TABLE IF NOT EXISTS public.awsdms_txn_state (task_name text PRIMARY KEY, source_lsn pg_lsn NOT NULL)'),
    sql(
      `CREATE TABLE IF NOT EXISTS public.awsdms_apply_exceptions ("TASK_NAME" text NOT NULL, "TABLE_OWNER" text NOT NULL, "TABLE_NAME" text NOT NULL,
         "ERROR_TIME" timestamp NOT NULL, "STATEMENT" text NOT NULL, "ERROR" text NOT NULL)`,
    ),
  ];
}

/** Notes what could not be applied. */
export function noteException(
  task: string,
  {relation}: Pick<Change, 'relation'>,
  words: {statement: string; error: string},
): Statement {
  return sql(
    `INSERT INTO public.awsdms_apply_exceptions VALUES ($1, $2, $3, clock_timestamp() AT TIME ZONE 'UTC', $4, $5)`,
    [task, relation.schema, relation.name, words.statement, words.error],
  );
}
