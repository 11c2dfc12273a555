import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** What the role that asks may do at all. */
export interface RoleRights {
  readonly role: string;
  readonly superuser: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  readonly createRole: boolean;
  /** CHECKPOINT: what gives the space back after slots were dropped. */
  readonly checkpoint: boolean;
  /** CREATE on this database: schemas, and the ledger's. */
  readonly createInDatabase: boolean;
}

/** Rights of the role that asks. */
export function readRoleRights(version: ServerVersion): Statement<RoleRights> {
  return sql(`
    SELECT r.rolname::text AS "role", r.rolsuper AS "superuser", r.rolreplication AS "replication",
           r.rolsuper OR ${pick('roleBypassRls', version)} AS "bypassRls", r.rolcreaterole AS "createRole",
           r.rolsuper OR ${pick('roleCheckpoint', version)} AS "checkpoint",
           has_database_privilege(current_database(), 'CREATE') AS "createInDatabase"
      FROM pg_roles r WHERE r.rolname = current_user`);
}

/** A table that the role may not read. */
export interface UnreadableRow {
  readonly schema: string;
  readonly name: string;
  /** Whether already its schema is closed to the role. */
  readonly schemaClosed: boolean;
}

/** Which tables and sequences of users the role may not read; without a word on pg_catalog's and the extensions' own. */
export function readUnreadable(): Statement<UnreadableRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", NOT has_schema_privilege(n.oid, 'USAGE') AS "schemaClosed"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence IN ('p', 'u')
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT (has_schema_privilege(n.oid, 'USAGE') AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT')
                                                              ELSE has_table_privilege(c.oid, 'SELECT') END)
     ORDER BY 1, 2`);
}

/**
 * How many large objects the role may not read. Nothing but their owner, their grants, a superuser and lo_compat_privileges opens them;
 * pg_read_all_data does not.
 */
export function countUnreadableObjects(): Statement<{objects: number}> {
  return sql(`
    SELECT count(*) AS "objects"
      FROM pg_largeobject_metadata m
     WHERE NOT pg_has_role(m.lomowner, 'USAGE') AND current_setting('lo_compat_privileges') <> 'on'
       AND NOT EXISTS (SELECT FROM aclexplode(m.lomacl) a
                        WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))`);
}

/** Whether the role may pause and resume replay: superusers only, unless EXECUTE was granted (9.6+). */
export function readReplayRights(version: ServerVersion): Statement<{mayPause: boolean; mayResume: boolean}> {
  return sql(`
    SELECT ${pick('mayPauseReplay', version)} AS "mayPause", ${pick('mayResumeReplay', version)} AS "mayResume"`);
}

/** The pglogical extension here, its version, and whether the role may use its schema; no row without it. */
export function readPglogical(): Statement<{version: string; mayUse: boolean}> {
  return sql(`
    SELECT e.extversion AS "version", has_schema_privilege(n.oid, 'USAGE') AS "mayUse"
      FROM pg_extension e JOIN pg_namespace n ON n.nspname = 'pglogical'
     WHERE e.extname = 'pglogical'`);
}
