import type {JsonObject} from '../../domain/json.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {printable} from '../../domain/printable.ts';
import {
  createRole,
  grantRole,
  grantRoleToSelf,
  readAssumableRoles,
  readMemberships,
  readDatabaseSettings,
  readRoleNames,
  readRoles,
  applySetting,
  type RoleRow,
} from '../../pg/roles.ts';
import {renderStatement, type Statement} from '../../pg/statement.ts';
import {checkAfterLoad} from '../load-is-over.ts';
import type {Step, StepContext} from '../step.ts';

/** Creates the source's roles on the target, without what a managed server refuses. */
export const copyGlobals: Step = {
  id: 'copy-globals',
  phase: 'prepare',
  title: 'copy roles and memberships',
  why: 'tables keep their owners and grants; without the roles both are lost, and the application cannot log in after cutover',
  source: 'runbook, "Fresh Schema Dump" (pg_dumpall)',
  confirm: 'no',

  async check(ctx) {
    const over = checkAfterLoad(ctx.state());
    if (over !== null) return over;
    const {missing, roles} = await look(ctx);
    return {
      done: missing.length === 0 && (await readOwn(ctx, roles)).length === 0 ? evidence(roles) : null,
      findings: roles
        .flatMap((role) => leftOut(role))
        .map((seen) => ({
          check: 'copy-globals.left-out',
          severity: 'note',
          subject: 'target',
          seen,
          remedy: '',
        })),
    };
  },

  async statements(ctx) {
    const {version} = await ctx.session('target');
    const {missing, memberships, roles, settings} = await look(ctx);
    const all = [
      ...missing.map((role) => createRole(role)),
      ...memberships,
      ...roles.map((role) => grantRoleToSelf(version, role.role)),
      ...settings,
    ];
    return all.map((statement) => ({on: 'target', action: renderStatement(statement)}));
  },

  async run(ctx) {
    const target = await ctx.session('target');
    const {missing, memberships, roles, settings} = await look(ctx);
    for (const role of missing) await target.run(createRole(role));
    const refused: string[] = [];
    for (const statement of memberships) await tryIt(ctx, statement, refused);
    for (const role of await readOwn(ctx, roles)) await tryIt(ctx, grantRoleToSelf(target.version, role), refused);
    for (const statement of settings) await tryIt(ctx, statement, refused);
    return {...evidence(roles), created: missing.map((role) => role.role), refused};
  },
};

interface Look {
  readonly roles: readonly RoleRow[];
  readonly missing: readonly RoleRow[];
  readonly memberships: readonly Statement[];
  /** Of new roles, of the database, and of roles in it. */
  readonly settings: readonly Statement[];
}

async function look(ctx: StepContext): Promise<Look> {
  const source = await ctx.session('source');
  const target = await ctx.session('target');
  const own = ctx.config.servers.target.params['user'];
  // Superusers stay behind: what they own is given to the role that restores it.
  const roles = (await source.run(readRoles(source.version))).filter((role) => role.role !== own);
  const there = new Set((await target.run(readRoleNames())).map(({role}) => role));
  const missing = roles.filter((role) => !there.has(role.role));
  const copied = new Set(roles.map((role) => role.role));
  const memberships = (await source.run(readMemberships()))
    .filter(({role, member}) => copied.has(member) && (copied.has(role) || there.has(role)))
    .map(({role, member}) => grantRole(role, member));
  const database = ctx.config.servers.target.params['dbname'] ?? '';
  const inDatabase = (await source.run(readDatabaseSettings())).filter(({role}) => role === null || copied.has(role));
  const settings = [
    ...missing.flatMap((role) => role.settings.map((one) => applySetting({role: role.role, database: null}, one))),
    ...inDatabase.flatMap(({role, settings: list}) => list.map((one) => applySetting({role, database}, one))),
  ];
  return {roles, missing, memberships, settings};
}

/** The roles that ours must be able to give ownership to and cannot yet. */
async function readOwn(ctx: StepContext, roles: readonly RoleRow[]): Promise<string[]> {
  const target = await ctx.session('target');
  const assumable = new Set((await target.run(readAssumableRoles(target.version))).map(({role}) => role));
  return roles.map((role) => role.role).filter((role) => !assumable.has(role));
}

/** A managed server refuses some of it; what it refused is evidence and no reason to stop. */
async function tryIt(ctx: StepContext, statement: Statement, refused: string[]): Promise<void> {
  try {
    await (await ctx.session('target')).run(statement);
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    refused.push(`${renderStatement(statement)}: ${error.message}`);
  }
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

function evidence(roles: readonly RoleRow[]): JsonObject {
  return {roles: roles.map((role) => role.role), leftOut: roles.flatMap((role) => leftOut(role))};
}
