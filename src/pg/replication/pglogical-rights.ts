import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Who may do what in the schema pglogical of this database. */
export interface PglogicalRights {
  readonly version: string;
  /** Whether the role that asks has USAGE on the schema. */
  readonly mayUse: boolean;
  /** Whether it may call every function of the schema and read every table. */
  readonly mayCall: boolean;
  /**
   * Roles that connect here or own something here and have no USAGE on the schema. Whenever something is dropped or truncated, pglogical searches
   * for its own tables with the rights of the role that does it (2.4.2 and 2.4.4): without USAGE that fails, and DROP and TRUNCATE with it.
   */
  readonly shutOut: readonly string[];
  /** Whether every role may call its functions, which ask for no right themselves. */
  readonly open: boolean;
  /** Roles, no superusers, that have USAGE and got it by name or have REPLICATION: who may be calling the functions, and has to go on. */
  readonly users: readonly string[];
}

/** The rights in the schema pglogical; no row without the extension. */
export function readPglogicalRights(): Statement<PglogicalRights> {
  return sql(`
    SELECT e.extversion AS "version", has_schema_privilege(n.oid, 'USAGE') AS "mayUse",
           NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid AND NOT has_function_privilege(p.oid, 'EXECUTE'))
           AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'v')
                                                    AND NOT has_table_privilege(c.oid, 'SELECT')) AS "mayCall",
           ARRAY(SELECT r.rolname::text FROM pg_roles r
                  WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
                    AND (r.rolcanlogin AND has_database_privilege(r.oid, d.oid, 'CONNECT')
                         OR EXISTS (SELECT FROM pg_shdepend s
                                     WHERE s.dbid = d.oid AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'o'))
                  ORDER BY 1) AS "shutOut",
           EXISTS (SELECT FROM pg_proc p CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                    WHERE p.pronamespace = n.oid AND a.grantee = 0 AND a.privilege_type = 'EXECUTE') AS "open",
           ARRAY(SELECT r.rolname::text FROM pg_roles r
                  WHERE NOT r.rolsuper AND has_schema_privilege(r.oid, n.oid, 'USAGE')
                    AND (r.rolreplication OR EXISTS (SELECT FROM aclexplode(n.nspacl) a WHERE a.grantee = r.oid AND a.privilege_type = 'USAGE'))
                  ORDER BY 1) AS "users"
      FROM pg_extension e
      JOIN pg_namespace n ON n.nspname = 'pglogical'
      JOIN pg_database d ON d.datname = current_database()
     WHERE e.extname = 'pglogical'`);
}

/** What a superuser types for our role to use pglogical. */
export function openPglogicalTo(role: string): string {
  return `GRANT USAGE ON SCHEMA pglogical TO ${quoteIdentifier(role)}; ${callingBy([role])}; GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO ${quoteIdentifier(role)}`;
}

/**
 * What a superuser types so that applications can drop and truncate beside pglogical and call none of its functions: USAGE for everybody, and
 * EXECUTE only for these roles. To be run in one transaction; see docs/decisions/0026-pglogical-and-applications.md.
 */
export function pglogicalForApplications(callers: readonly string[]): string {
  return `GRANT USAGE ON SCHEMA pglogical TO PUBLIC; ${pglogicalClosed(callers)}`;
}

/** What a superuser types so that nobody but these roles calls pglogical's functions. To be run in one transaction. */
export function pglogicalClosed(callers: readonly string[]): string {
  return `REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical FROM PUBLIC; ${callingBy(callers)}`;
}

/** What a superuser types to make the extension, for our role and harmless for all others: one transaction, so that no moment lies between. */
export function createPglogical(role: string, version: ServerVersion): string {
  return `BEGIN; ${pick('createPglogical', version)}; ${pglogicalForApplications([role])}; GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO ${quoteIdentifier(role)}; COMMIT`;
}

function callingBy(roles: readonly string[]): string {
  const list = [...new Set(roles)].map((role) => quoteIdentifier(role)).join(', ');
  return `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO ${list}`;
}
