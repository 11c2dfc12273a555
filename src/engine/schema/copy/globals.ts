import {printable} from '../../../domain/base/printable.ts';
import {commentOnDatabase, limitConnections, type DatabaseExtras} from '../../../pg/catalog/database-extras.ts';
import {applySetting, settingName, type SettingRow} from '../../../pg/roles/role-settings.ts';
import {grantRole, type MembershipRow, type RoleRow} from '../../../pg/roles/roles.ts';
import type {Statement} from '../../../pg/session/statement.ts';

/** What a server has beside the objects of its databases. */
export interface Globals {
  readonly memberships: readonly MembershipRow[];
  readonly settings: readonly SettingRow[];
  readonly extras: DatabaseExtras;
}

/** Both servers, as far as it concerns roles. */
export interface GlobalsSeen {
  /** The source's roles that somebody made, without the one that ours has on the target. */
  readonly roles: readonly RoleRow[];
  /** Every role of the target. */
  readonly known: ReadonlySet<string>;
  readonly source: Globals;
  readonly target: Globals;
  /** The target's database. */
  readonly database: string;
}

/** The roles to create, and what is then to be said of roles and database. What the target has under the same name stays as it is. */
export interface GlobalsPlan {
  readonly missing: readonly RoleRow[];
  readonly statements: readonly Statement[];
  /** The settings among them. */
  readonly settings: readonly SettingRow[];
}

/** Superusers come along as roles without it; what the bootstrap superuser owns is given to the role that restores it. Pure. */
export function planGlobals({roles, known, source, target, database}: GlobalsSeen): GlobalsPlan {
  const copied = new Set(roles.map(({role}) => role));
  const memberships = source.memberships.filter(
    ({role, member}) =>
      copied.has(member) &&
      (copied.has(role) || known.has(role)) &&
      !target.memberships.some((one) => one.role === role && one.member === member),
  );
  const settings = source.settings.filter(
    (row) => (row.role === null || copied.has(row.role)) && !target.settings.some((one) => isSameSetting(one, row)),
  );
  const {connectionLimit, comment} = source.extras;
  return {
    missing: roles.filter(({role}) => !known.has(role)),
    settings,
    statements: [
      ...memberships.map((row) => grantRole(row)),
      ...settings.map((row) => applySetting(row, database)),
      ...(connectionLimit !== -1 && target.extras.connectionLimit === -1
        ? [limitConnections(database, connectionLimit)]
        : []),
      ...(comment !== null && target.extras.comment === null ? [commentOnDatabase(database, comment)] : []),
    ],
  };
}

function isSameSetting(one: SettingRow, other: SettingRow): boolean {
  return one.role === other.role && one.inDatabase === other.inDatabase && settingName(one) === settingName(other);
}

/** Roles that the target has with other attributes, which stay as they are; in words. Pure. */
export function otherwise(roles: readonly RoleRow[], onTarget: readonly RoleRow[]): string[] {
  return roles.flatMap((role) => {
    const there = onTarget.find((one) => one.role === role.role);
    if (there === undefined) return [];
    const other = [
      ...(there.login === role.login ? [] : ['LOGIN']),
      ...(there.inherit === role.inherit ? [] : ['INHERIT']),
      ...(there.connectionLimit === role.connectionLimit ? [] : ['CONNECTION LIMIT']),
      ...(sameTime(there.validUntil, role.validUntil) ? [] : ['VALID UNTIL']),
    ];
    return other.length === 0
      ? []
      : [`role ${printable(role.role)} is on the target with another ${other.join(', ')}, and stays as it is there`];
  });
}

/** No end and an endless one are the same. */
function sameTime(one: string | null, other: string | null): boolean {
  return (one ?? 'infinity') === (other ?? 'infinity');
}

/** What of a role cannot come along, in words. Pure. */
export function leftOut(role: RoleRow): string[] {
  const attributes = [
    ...(role.superuser ? ['SUPERUSER'] : []),
    ...(role.replication ? ['REPLICATION'] : []),
    ...(role.bypassRls ? ['BYPASSRLS'] : []),
  ];
  const name = printable(role.role);
  return [
    ...(attributes.length === 0
      ? []
      : [`role ${name} loses ${attributes.join(', ')}: a managed server does not give them`]),
    ...(role.login ? [`role ${name} gets no password: set one on the target before cutover (\\password)`] : []),
  ];
}
