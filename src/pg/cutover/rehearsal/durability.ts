import {sql, type Statement} from '../../session/statement.ts';

/** A setting that is off, as a session of this database has it from the beginning, or of a role. */
export interface SwitchedOff {
  readonly name: 'autovacuum' | 'fsync' | 'full_page_writes' | 'synchronous_commit';
  /** Null where it is the server's or the database's, or of the role that asks. */
  readonly role: string | null;
}

/**
 * What a load is made quicker by, and what no production goes without: `{name: 'synchronous_commit', role: null}`. The session's own setting does not count.
 * Source: https://www.postgresql.org/docs/current/populate.html#POPULATE-PITR
 */
export function readSwitchedOff(): Statement<SwitchedOff> {
  return sql(
    `SELECT name::text AS "name", NULL::text AS "role" FROM pg_settings
      WHERE name IN ('autovacuum', 'fsync', 'full_page_writes', 'synchronous_commit') AND reset_val = 'off'
     UNION ALL
     SELECT 'synchronous_commit', r.rolname::text
       FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS c(one)
      WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND r.rolname <> current_user AND c.one ~* '^synchronous_commit=(off|false|no|0)$'
      ORDER BY 1, 2 NULLS FIRST`,
  );
}
