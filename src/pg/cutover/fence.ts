import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** Begins the transaction that holds the locks. */
export function beginFence(): Statement {
  return sql('BEGIN');
}

/**
 * Keeps VACUUM, ANALYZE and DDL off these tables until the transaction ends, and nobody from reading or writing them. Waits for whoever is at that: an autovacuum is ended by its
 * server once this has waited for deadlock_timeout, but for one against wraparound. Source: src/backend/storage/lmgr/proc.c, ProcSleep()
 */
export function lockAgainstMaintenance(tables: readonly RelationName[]): Statement {
  return lockTables(tables, 'SHARE UPDATE EXCLUSIVE');
}

/**
 * Keeps everybody from writing to these tables, superusers and prepared transactions among them, until the transaction ends or its session dies. Waits for whoever writes. Each table
 * alone: a partition is locked by its own name. Source: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export function lockAgainstWrites(tables: readonly RelationName[]): Statement {
  return lockTables(tables, 'SHARE');
}

function lockTables(tables: readonly RelationName[], mode: 'SHARE' | 'SHARE UPDATE EXCLUSIVE'): Statement {
  return sql(`LOCK TABLE ${tables.map((table) => `ONLY ${quoteRelation(table)}`).join(', ')} IN ${mode} MODE`);
}

/** From here on what fails takes none of the locks with it. */
export function tryBehindFence(): Statement {
  return sql('SAVEPOINT longhaul_try');
}

/** Takes back what was tried; the locks stay. */
export function endTryBehindFence(): Statement {
  return sql('ROLLBACK TO SAVEPOINT longhaul_try');
}

/** Ends the transaction, and what was made in it is there from the moment on at which the locks are gone. */
export function replaceFence(): Statement {
  return sql('COMMIT');
}

/** Ends the transaction: writers go on as if nothing had been. */
export function endFence(): Statement {
  return sql('ROLLBACK');
}

/** The session that asks, and how many tables it has locked so. */
export function readFence(): Statement<{pid: number; locked: number}> {
  return sql(
    `SELECT pg_backend_pid() AS "pid", count(l.relation)::int AS "locked"
       FROM (SELECT 1) AS always LEFT JOIN pg_locks l ON l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.mode = 'ShareLock' AND l.granted`,
  );
}

/** Of these tables those that are there and that the role which asks may not lock so. */
export function readUnlockable(tables: readonly RelationName[]): Statement<{name: string}> {
  return sql(
    `SELECT t.name FROM unnest($1::text[]) AS t(name)
      WHERE NOT has_table_privilege(t.name, 'UPDATE') AND NOT has_table_privilege(t.name, 'DELETE') AND NOT has_table_privilege(t.name, 'TRUNCATE') ORDER BY 1`,
    [tables.map((table) => quoteRelation(table))],
  );
}
