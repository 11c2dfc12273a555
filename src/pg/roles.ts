import {quoteIdentifier, quoteLiteral} from '../domain/identifier.ts';
import type {ServerVersion} from '../domain/server-version.ts';
import {sql, type Statement} from './statement.ts';
import {pick} from './versions.ts';

/** A role of the cluster. */
export interface RoleRow {
  readonly role: string;
  readonly superuser: boolean;
  readonly inherit: boolean;
  readonly createRole: boolean;
  readonly createDatabase: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  /** -1 is without a limit. */
  readonly connectionLimit: number;
  readonly validUntil: string | null;
  /** `search_path=app, public`. */
  readonly settings: string[];
}

/** The roles that somebody made: not Postgres's own, not RDS's, not the bootstrap superuser. */
export function readRoles(version: ServerVersion): Statement<RoleRow> {
  return sql(`
    SELECT r.rolname::text AS "role", r.rolsuper AS "superuser", r.rolinherit AS "inherit", r.rolcreaterole AS "createRole",
           r.rolcreatedb AS "createDatabase", r.rolcanlogin AS "login", r.rolreplication AS "replication",
           ${pick('roleBypassRls', version)} AS "bypassRls", r.rolconnlimit AS "connectionLimit",
           r.rolvaliduntil::text AS "validUntil", coalesce(s.setconfig, '{}') AS "settings"
      FROM pg_roles r
      LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0
     WHERE r.oid >= 16384 AND r.rolname !~ '^(pg_|rds)'
     ORDER BY r.rolname`);
}

/** Who is a member of what, among the roles that somebody made. */
export function readMemberships(): Statement<{role: string; member: string; admin: boolean}> {
  return sql(`
    SELECT DISTINCT r.rolname::text AS "role", m.rolname::text AS "member", a.admin_option AS "admin"
      FROM pg_auth_members a
      JOIN pg_roles r ON r.oid = a.roleid
      JOIN pg_roles m ON m.oid = a.member
     WHERE m.oid >= 16384 AND m.rolname !~ '^(pg_|rds)' AND r.rolname !~ '^rds'
     ORDER BY 1, 2`);
}

/** The names of all roles. */
export function readRoleNames(): Statement<{role: string}> {
  return sql('SELECT rolname::text AS "role" FROM pg_roles ORDER BY rolname');
}

/** Creates a role with what a managed server lets it have. */
export function createRole(role: RoleRow): Statement {
  const options = [
    word(role.login, 'LOGIN'),
    word(role.inherit, 'INHERIT'),
    word(role.createDatabase, 'CREATEDB'),
    word(role.createRole, 'CREATEROLE'),
    `CONNECTION LIMIT ${role.connectionLimit}`,
  ];
  return sql(`CREATE ROLE ${quoteIdentifier(role.role)} ${options.join(' ')}`);
}

function word(on: boolean, name: string): string {
  return on ? name : `NO${name}`;
}

/** Makes one role a member of another. */
export function grantRole(role: string, member: string): Statement {
  return sql(`GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(member)}`);
}

/** Makes the role that asks a member of another, so that it may give it ownership. */
export function grantRoleToSelf(version: ServerVersion, role: string): Statement {
  return sql(`GRANT ${quoteIdentifier(role)} ${pick('grantToSelf', version)}`);
}

/** Which roles the one that asks may give ownership to and has the rights of. */
export function readAssumableRoles(version: ServerVersion): Statement<{role: string}> {
  return sql(`SELECT rolname::text AS "role" FROM pg_roles WHERE ${pick('assumesRole', version)}`);
}

/** Settings of the database itself, and of roles in it: `search_path=app, public`. */
export function readDatabaseSettings(): Statement<{role: string | null; settings: string[]}> {
  return sql(`
    SELECT r.rolname::text AS "role", s.setconfig AS "settings"
      FROM pg_db_role_setting s
      JOIN pg_database d ON d.oid = s.setdatabase
      LEFT JOIN pg_roles r ON r.oid = s.setrole
     WHERE d.datname = current_database()
     ORDER BY 1 NULLS FIRST`);
}

/** Whose setting it is: a role's, a database's, or a role's in a database. */
export interface SettingOwner {
  readonly role: string | null;
  readonly database: string | null;
}

/** Settings whose value is a list of names; the catalog keeps it as it was written, quotes and all. */
const LISTS = ['search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries', 'datestyle'];

/** Gives a role or a database a setting as pg_db_role_setting has it: `search_path=app, public`. */
export function applySetting({role, database}: SettingOwner, setting: string): Statement {
  const at = setting.indexOf('=');
  const name = setting.slice(0, at);
  const value = setting.slice(at + 1);
  const asList = LISTS.includes(name.toLowerCase()) && /^[\w", $]+$/.test(value);
  const whose =
    role === null
      ? `DATABASE ${quoteIdentifier(database ?? '')}`
      : `ROLE ${quoteIdentifier(role)}${database === null ? '' : ` IN DATABASE ${quoteIdentifier(database)}`}`;
  // A setting of an extension has a dot in its name, and each part is quoted.
  const quoted = name
    .split('.')
    .map((part) => quoteIdentifier(part))
    .join('.');
  return sql(`ALTER ${whose} SET ${quoted} TO ${asList ? value : quoteLiteral(value)}`);
}
