import {sql, type Statement} from '../session/statement.ts';

/** Begins a transaction that sees the database as it is now for as long as it lasts, and keeps vacuum from what it may still read. */
export function holdSnapshot(): Statement {
  // The first statement takes the snapshot, so one comes with it.
  return sql('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1');
}
