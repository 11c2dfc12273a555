import {quoteRelation, type RelationName} from '../domain/relation.ts';
import type {ServerVersion} from '../domain/server-version.ts';
import {sql, type Statement} from './statement.ts';
import {pick} from './versions.ts';

/** What the role that asks may do at all. */
export interface RoleRights {
  readonly role: string;
  readonly superuser: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  readonly createRole: boolean;
  /** CREATE on this database: schemas, and the ledger's. */
  readonly createInDatabase: boolean;
}

/** Rights of the role that asks. */
export function readRoleRights(version: ServerVersion): Statement<RoleRights> {
  return sql(`
    SELECT r.rolname::text AS "role", r.rolsuper AS "superuser", r.rolreplication AS "replication",
           r.rolsuper OR ${pick('roleBypassRls', version)} AS "bypassRls", r.rolcreaterole AS "createRole",
           has_database_privilege(current_database(), 'CREATE') AS "createInDatabase"
      FROM pg_roles r WHERE r.rolname = current_user`);
}

/** Which of these existing tables the role may not read. */
export function readUnreadable(tables: readonly RelationName[]): Statement<{name: string}> {
  return sql(`SELECT name AS "name" FROM unnest($1::text[]) AS name WHERE NOT has_table_privilege(name, 'SELECT')`, [
    tables.map((table) => quoteRelation(table)),
  ]);
}

/** Whether the role may pause and resume replay: superusers only, unless EXECUTE was granted. */
export function readReplayRights(version: ServerVersion): Statement<{mayPause: boolean; mayResume: boolean}> {
  return sql(`
    SELECT has_function_privilege('${pick('pauseReplay', version)}', 'EXECUTE') AS "mayPause",
           has_function_privilege('${pick('resumeReplay', version)}', 'EXECUTE') AS "mayResume"`);
}

/** The pglogical extension here, its version, and whether the role may use its schema; no row without it. */
export function readPglogical(): Statement<{version: string; mayUse: boolean}> {
  return sql(`
    SELECT e.extversion AS "version", has_schema_privilege(n.oid, 'USAGE') AS "mayUse"
      FROM pg_extension e JOIN pg_namespace n ON n.nspname = 'pglogical'
     WHERE e.extname = 'pglogical'`);
}
