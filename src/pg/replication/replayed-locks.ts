import {sql, type Statement} from '../session/statement.ts';

/** A relation that nobody on the standby may read: an ACCESS EXCLUSIVE lock of the primary was replayed, and not yet its end. */
export interface ReplayedLock {
  /** Of the table that is locked, or whose index is. */
  readonly schema: string;
  readonly name: string;
  /** `table public.busy`, `index public.busy_pkey`, as people are told. */
  readonly what: string;
}

/**
 * The locks that replay holds on relations of this database, those that every database shares among them. In recovery no session may
 * take ACCESS EXCLUSIVE, so that all of them are replay's own. What the transaction itself has made is not visible yet, and in nobody's way.
 * Source: src/backend/storage/lmgr/lock.c, "cannot acquire lock mode %s on database objects while recovery is in progress"
 */
export function readReplayedLocks(): Statement<ReplayedLock> {
  return sql(`
    SELECT n.nspname::text AS "schema", t.relname::text AS "name",
           CASE WHEN t.oid = c.oid THEN 'table ' ELSE 'index ' END || c.oid::regclass::text AS "what"
      FROM pg_locks l
      JOIN pg_class c ON c.oid = l.relation
      LEFT JOIN pg_index i ON i.indexrelid = c.oid
      JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid)
      JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.granted
       AND l.database IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
     ORDER BY 3`);
}
