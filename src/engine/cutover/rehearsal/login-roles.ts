import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {printable} from '../../../domain/base/printable.ts';
import {
  readMayReadPasswords,
  readPasswordKinds,
  readSessionsByRole,
  type PasswordKind,
} from '../../../pg/cutover/rehearsal/login-roles.ts';
import {applySetting, readRoleSettings, settingName, type SettingRow} from '../../../pg/roles/role-settings.ts';
import {readRoles, type RoleRow} from '../../../pg/roles/roles.ts';
import {readDatabaseExtras} from '../../../pg/catalog/database-extras.ts';
import {readSettings} from '../../../pg/session/settings.ts';
import type {Session} from '../../../pg/session/session.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {WRITABLE} from './writable.ts';

/** What one server says of its roles. */
export interface RolesSeen {
  readonly roles: readonly RoleRow[];
  readonly settings: readonly SettingRow[];
  /** Null where our role may not read how passwords are kept. */
  readonly passwords: readonly {readonly role: string; readonly kind: PasswordKind}[] | null;
}

/** Both sides, and how many sessions each role has on the source now. */
export interface LoginRolesSeen {
  readonly source: RolesSeen;
  readonly target: RolesSeen;
  readonly sessions: readonly {readonly role: string; readonly sessions: number}[];
  /** Our own roles, and those of change capture, which are no application's. */
  readonly own: readonly string[];
  readonly database: string;
  /** What the target lets in: all of it, and this database; -1 is without a limit. */
  readonly maxConnections: number;
  readonly databaseLimit: number;
  readonly nowMs: number;
}

const {warning, note} = found('cutover', 'target');

/** What is known of the application's roles without logging in. */
export async function readLoginRoles(ctx: StepContext): Promise<Finding[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const {servers} = ctx.config;
  return judgeLoginRoles({
    source: await readSide(source),
    target: await readSide(target),
    sessions: await source.run(readSessionsByRole()),
    own: [servers.source, servers.target, servers.replica].flatMap(({params}) => params['user'] ?? []),
    database: servers.target.params['dbname'] ?? '',
    maxConnections: Number((await target.run(readSettings(['max_connections'])))[0]?.value ?? 0),
    databaseLimit: (await target.one(readDatabaseExtras())).connectionLimit,
    nowMs: ctx.now(),
  });
}

async function readSide(session: Session): Promise<RolesSeen> {
  const {may} = await session.one(readMayReadPasswords());
  return {
    roles: await session.run(readRoles(session.version)),
    settings: await session.run(readRoleSettings()),
    passwords: may ? await session.run(readPasswordKinds()) : null,
  };
}

/** Roles that log in on the source, and what of that is another way on the target. Pure. */
export function judgeLoginRoles(seen: LoginRolesSeen): Finding[] {
  const {source, target, own} = seen;
  const logins = source.roles.filter(({role, login}) => login && !own.includes(role));
  const known = new Map(target.roles.map((one) => [one.role, one]));
  const there = logins.filter(({role}) => known.has(role));
  const missing = logins.filter(({role}) => !known.has(role)).map(({role}) => role);
  return [
    ...(missing.length === 0
      ? []
      : [
          warning(
            'roles-missing',
            `these roles log in on the source and are not on the target: ${listed(missing)}`,
            `on the target: ${WRITABLE}CREATE ROLE ${quoteIdentifier(missing[0] ?? '')} LOGIN, with the memberships and settings that it has on the source, and a password`,
          ),
        ]),
    ...there.flatMap((role) => judgeRole(role, known.get(role.role) ?? role, seen)),
    ...judgeRoom(seen),
    ...judgePasswords(
      there.map(({role}) => role),
      seen,
    ),
    ...judgeSettings(
      there.map(({role}) => role),
      seen,
    ),
  ];
}

function judgeRole(role: RoleRow, there: RoleRow, {sessions, nowMs}: LoginRolesSeen): Finding[] {
  const name = printable(role.role);
  const quoted = quoteIdentifier(role.role);
  const now = sessions.find((one) => one.role === role.role)?.sessions ?? 0;
  const limit = there.connectionLimit;
  const ends = there.validUntil === null ? Number.NaN : Date.parse(there.validUntil);
  const wanted = role.connectionLimit === -1 ? -1 : Math.max(role.connectionLimit, now);
  return [
    ...(there.login
      ? []
      : [
          warning(
            'no-login',
            `role ${name} may not log in there`,
            `on the target: ${WRITABLE}ALTER ROLE ${quoted} LOGIN`,
          ),
        ]),
    ...(limit !== -1 && (limit < now || (role.connectionLimit !== -1 ? limit < role.connectionLimit : true))
      ? [
          warning(
            'role-limit',
            `role ${name} has CONNECTION LIMIT ${limit} there, ${role.connectionLimit === -1 ? 'none' : role.connectionLimit} on the source, where ${now === 1 ? '1 session of it is' : `${now} sessions of it are`} now`,
            `on the target: ${WRITABLE}ALTER ROLE ${quoted} CONNECTION LIMIT ${wanted}`,
          ),
        ]
      : []),
    ...(ends < nowMs
      ? [
          warning(
            'valid-until',
            `the password of role ${name} is not valid there since ${there.validUntil}`,
            `on the target: ${WRITABLE}ALTER ROLE ${quoted} VALID UNTIL 'infinity'`,
          ),
        ]
      : []),
  ];
}

/** Clients without their pooler come all at once. */
function judgeRoom({sessions, own, maxConnections, databaseLimit, database}: LoginRolesSeen): Finding[] {
  const now = sessions.filter(({role}) => !own.includes(role)).reduce((sum, one) => sum + one.sessions, 0);
  return [
    ...(databaseLimit !== -1 && now > databaseLimit
      ? [
          warning(
            'database-limit',
            `the database has CONNECTION LIMIT ${databaseLimit} there, and ${now} sessions of the application are on the source now`,
            `on the target: ${WRITABLE}ALTER DATABASE ${quoteIdentifier(database)} CONNECTION LIMIT ${now}`,
          ),
        ]
      : []),
    ...(now > maxConnections
      ? [
          warning(
            'max-connections',
            `it lets in ${maxConnections} sessions, and ${now} sessions of the application are on the source now`,
            'raise max_connections of the target, and restart it before the cutover; or have a pooler hold fewer',
          ),
        ]
      : []),
  ];
}

function judgePasswords(roles: readonly string[], {source, target}: LoginRolesSeen): Finding[] {
  if (target.passwords === null)
    return roles.length === 0
      ? []
      : [
          note(
            'passwords-hidden',
            `whether ${listed(roles)} have a password there our role may not read; Longhaul carries none: each is set on the target once (\\password), and cutover.logins tries them`,
          ),
        ];
  const without = roles.filter(
    (role) => kindOf(target.passwords, role) === 'none' && kindOf(source.passwords, role) !== 'none',
  );
  const other = roles.filter(
    (role) => kindOf(source.passwords, role) === 'md5' && kindOf(target.passwords, role) === 'scram-sha-256',
  );
  return [
    ...(without.length === 0
      ? []
      : [
          warning(
            'no-password',
            `these roles have no password there: ${listed(without)}`,
            `in psql on the target: ${WRITABLE}for each \\password ${quoteIdentifier(without[0] ?? '')}`,
          ),
        ]),
    ...(other.length === 0
      ? []
      : [
          note(
            'scram',
            `these roles have md5 on the source and scram-sha-256 on the target, which old drivers and a pooler with a list of md5 passwords do not know: ${listed(other)}`,
          ),
        ]),
  ];
}

function kindOf(rows: RolesSeen['passwords'], role: string): PasswordKind | null {
  return rows?.find((one) => one.role === role)?.kind ?? null;
}

/** Settings of roles and of the database, `ALTER ROLE … IN DATABASE … SET` among them, that are another way there; what a setting is for only its owner knows. */
function judgeSettings(roles: readonly string[], {source, target, database}: LoginRolesSeen): Finding[] {
  const isOf = ({role}: SettingRow): boolean => role === null || roles.includes(role);
  const wanted = source.settings.filter((row) => isOf(row) && !isOurs(row));
  const differing = wanted.filter(
    (row) => !target.settings.some((one) => isSame(one, row) && one.setting === row.setting),
  );
  const extra = target.settings.filter((row) => isOf(row) && !isOurs(row) && !wanted.some((one) => isSame(one, row)));
  return [
    ...differing.slice(0, 10).map((row) => {
      const {text, shown = text} = applySetting(row, database);
      return warning('setting', `${nameOf(row)} is not there as on the source`, `on the target: ${WRITABLE}${shown}`);
    }),
    ...(extra.length === 0
      ? []
      : [note('setting-more', `set there and not on the source: ${listed(extra.map((row) => nameOf(row)))}`)]),
  ];
}

function nameOf(row: SettingRow): string {
  const whose = row.role === null ? 'the database' : `role ${printable(row.role)}`;
  return `${settingName(row)} of ${whose}${row.role !== null && row.inDatabase ? ' in the database' : ''}`;
}

/** The run's own: until the hand-over the target is read-only. */
function isOurs(row: SettingRow): boolean {
  return row.role === null && settingName(row) === 'default_transaction_read_only';
}

function isSame(one: SettingRow, other: SettingRow): boolean {
  return one.role === other.role && one.inDatabase === other.inDatabase && settingName(one) === settingName(other);
}
