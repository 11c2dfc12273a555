import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

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
  /** ISO 8601, or `infinity`. */
  readonly validUntil: string | null;
}

/** Roles that RDS makes by itself. Source: RDS User Guide, "Understanding PostgreSQL roles and permissions". */
const MANAGED =
  '^rds(admin|repladmin|topmgr|proxyadmin|writeforwarduser|_(superuser|replication|password|iam|ad|reserved|extension))$';

/** The roles that somebody made: not Postgres's own, not RDS's, not the bootstrap superuser. */
export function readRoles(version: ServerVersion): Statement<RoleRow> {
  return sql(`
    SELECT r.rolname::text AS "role", r.rolsuper AS "superuser", r.rolinherit AS "inherit", r.rolcreaterole AS "createRole",
           r.rolcreatedb AS "createDatabase", r.rolcanlogin AS "login", r.rolreplication AS "replication",
           ${pick('roleBypassRls', version)} AS "bypassRls", r.rolconnlimit AS "connectionLimit", r.rolvaliduntil::text AS "validUntil"
      FROM pg_roles r
     WHERE r.oid >= 16384 AND r.rolname !~ '^pg_' AND r.rolname !~ '${MANAGED}'
     ORDER BY r.rolname`);
}

/** One role's membership in another. */
export interface MembershipRow {
  readonly role: string;
  readonly member: string;
  readonly admin: boolean;
  /** Null before 16, where the member's own INHERIT decides. */
  readonly inherit: boolean | null;
  /** Null before 16, where every member may SET ROLE. */
  readonly set: boolean | null;
}

/** Who is a member of what, among the roles that somebody made. */
export function readMemberships(version: ServerVersion): Statement<MembershipRow> {
  return sql(`
    SELECT r.rolname::text AS "role", m.rolname::text AS "member", bool_or(a.admin_option) AS "admin",
           ${pick('membershipInherits', version)} AS "inherit", ${pick('membershipSets', version)} AS "set"
      FROM pg_auth_members a
      JOIN pg_roles r ON r.oid = a.roleid
      JOIN pg_roles m ON m.oid = a.member
     WHERE m.oid >= 16384 AND m.rolname !~ '^pg_' AND m.rolname !~ '${MANAGED}' AND r.rolname !~ '${MANAGED}'
     GROUP BY 1, 2 ORDER BY 1, 2`);
}

/** The names of all roles. */
export function readRoleNames(): Statement<{role: string}> {
  return sql('SELECT rolname::text AS "role" FROM pg_roles ORDER BY rolname');
}

/** Creates a role with what a managed server lets it have; `plain` without CREATEDB and CREATEROLE, which some do not. */
export function createRole(role: RoleRow, {plain = false}: {readonly plain?: boolean} = {}): Statement {
  const options = [
    word(role.login, 'LOGIN'),
    word(role.inherit, 'INHERIT'),
    word(role.createDatabase && !plain, 'CREATEDB'),
    word(role.createRole && !plain, 'CREATEROLE'),
    `CONNECTION LIMIT ${role.connectionLimit}`,
    ...(role.validUntil === null ? [] : [`VALID UNTIL ${quoteLiteral(role.validUntil).trimStart()}`]),
  ];
  return sql(`CREATE ROLE ${quoteIdentifier(role.role)} ${options.join(' ')}`);
}

function word(on: boolean, name: string): string {
  return on ? name : `NO${name}`;
}

/** Makes one role a member of another, with the options that it has. */
export function grantRole({role, member, admin, inherit, set}: MembershipRow): Statement {
  const options = [
    ...(admin ? ['ADMIN OPTION'] : []),
    ...(inherit === null ? [] : [`INHERIT ${inherit ? 'TRUE' : 'FALSE'}`]),
    ...(set === null ? [] : [`SET ${set ? 'TRUE' : 'FALSE'}`]),
  ];
  const tail = options.length === 0 ? '' : ` WITH ${options.join(', ')}`;
  return sql(`GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(member)}${tail}`);
}

/** Makes the role that asks a member of another, so that it may give it ownership. */
export function grantRoleToSelf(version: ServerVersion, role: string): Statement {
  return sql(`GRANT ${quoteIdentifier(role)} ${pick('grantToSelf', version)}`);
}

/** Which roles the one that asks may give ownership to and has the rights of. */
export function readAssumableRoles(version: ServerVersion): Statement<{role: string}> {
  return sql(`SELECT rolname::text AS "role" FROM pg_roles WHERE ${pick('assumesRole', version)}`);
}
