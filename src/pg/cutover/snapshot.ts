import {sql, type Statement} from '../session/statement.ts';

/** Begins a transaction that sees the database as it is now for as long as it lasts, and keeps vacuum from what it may still read. */
export function holdSnapshot(): Statement {
  // The first statement takes the snapshot, so one comes with it.
  return sql('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1');
}

/** What is locked from here on is let go of by `backToSnapshot`. */
export function markSnapshot(): Statement {
  return sql('SAVEPOINT longhaul_snapshot');
}

/** Lets go of the tables that were read, each of which would keep everybody waiting who alters it; the snapshot stays. Source: src/backend/access/transam/xact.c, AbortSubTransaction() */
export function backToSnapshot(): Statement {
  return sql('ROLLBACK TO SAVEPOINT longhaul_snapshot');
}
