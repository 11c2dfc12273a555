import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** Begins a transaction that sees what is committed at each statement. */
export function beginWriting(): Statement {
  return sql('BEGIN READ WRITE');
}

/** Begins a transaction that sees what is committed at its first statement. */
export function beginCopySnapshot(): Statement {
  return sql('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
}

/** Keeps what the transaction has done. */
export function commit(): Statement {
  return sql('COMMIT');
}

/** Takes it back; a transaction that is over is left as it is. */
export function rollback(): Statement {
  return sql('ROLLBACK');
}

/** Waits for everybody who has written to the table and not ended, and keeps others from it until this transaction ends. Readers are not kept. */
export function lockAgainstWriters(table: RelationName): Statement {
  return sql(`LOCK TABLE ONLY ${quoteRelation(table)} IN SHARE ROW EXCLUSIVE MODE`);
}

/** Gives this transaction's snapshot to others, for as long as it lasts: `00000003-0000001B-1`. */
export function exportSnapshot(): Statement<{snapshot: string}> {
  return sql('SELECT pg_export_snapshot() AS "snapshot"');
}
