import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {readDatabaseExtras} from '../../../pg/catalog/database-extras.ts';
import {readRoleSettings} from '../../../pg/roles/role-settings.ts';
import {
  createRole,
  grantRoleToSelf,
  readAssumableRoles,
  readMemberships,
  readRoleNames,
  readRoles,
  type RoleRow,
} from '../../../pg/roles/roles.ts';
import type {Session} from '../../../pg/session/session.ts';
import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {leftOut, otherwise, planGlobals, type Globals, type GlobalsPlan} from '../../schema/copy/globals.ts';
import type {Step, StepContext} from '../../step.ts';

/** Creates the source's roles on the target, without what a managed server refuses. */
export const copyGlobals: Step<'copy-globals'> = {
  id: 'copy-globals',
  phase: 'prepare',
  title: 'copy roles and memberships',
  why: 'tables keep their owners and grants; without the roles both are lost, and the application cannot log in after cutover',
  source: 'runbook, "Fresh Schema Dump" (pg_dumpall)',
  confirm: 'no',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const {roles, missing, statements} = await look(ctx);
    const refused = (ctx.state().evidence['copy-globals']?.refused ?? []).filter((one) => typeof one !== 'string');
    const left = [...statements, ...(await ownMemberships(ctx, roles))].map((statement) => renderStatement(statement));
    const done = missing.length === 0 && left.every((text) => refused.some(({statement}) => statement === text));
    return {
      done: done ? evidence(roles, {created: [], refused}) : null,
      findings: [...roles.flatMap(leftOut), ...(await otherRoles(ctx, roles))].map((seen) => ({
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
    const {roles, missing, statements} = await look(ctx);
    const all = [
      ...missing.map((role) => createRole(role)),
      ...roles.map(({role}) => grantRoleToSelf(version, role)),
      ...statements,
    ];
    return all.map((statement) => ({on: 'target', action: renderStatement(statement)}));
  },

  async run(ctx) {
    const {roles, missing, statements} = await look(ctx);
    const refused: Refused[] = [];
    for (const role of missing) await create(ctx, role, refused);
    for (const statement of await ownMemberships(ctx, roles)) await tryIt(ctx, statement, refused);
    for (const statement of statements) await tryIt(ctx, statement, refused);
    return evidence(roles, {created: missing, refused});
  },
};

/** A statement that the target refused, and what it said. */
interface Refused {
  readonly statement: string;
  readonly why: string;
}

async function look(ctx: StepContext): Promise<GlobalsPlan & {readonly roles: readonly RoleRow[]}> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const {user, dbname = ''} = ctx.config.servers.target.params;
  const roles = (await source.run(readRoles(source.version))).filter(({role}) => role !== user);
  const plan = planGlobals({
    roles,
    known: new Set((await target.run(readRoleNames())).map(({role}) => role)),
    source: await readGlobals(source),
    target: await readGlobals(target),
    database: dbname,
  });
  return {...plan, roles};
}

async function otherRoles(ctx: StepContext, roles: readonly RoleRow[]): Promise<string[]> {
  const target = await ctx.session('target');
  return otherwise(roles, await target.run(readRoles(target.version)));
}

async function readGlobals(session: Session): Promise<Globals> {
  return {
    memberships: await session.run(readMemberships(session.version)),
    settings: await session.run(readRoleSettings()),
    extras: await session.one(readDatabaseExtras()),
  };
}

/** For the roles that ours must be able to give ownership to and cannot yet. */
async function ownMemberships(ctx: StepContext, roles: readonly RoleRow[]): Promise<Statement[]> {
  const target = await ctx.session('target');
  const assumable = new Set((await target.run(readAssumableRoles(target.version))).map(({role}) => role));
  return roles.filter(({role}) => !assumable.has(role)).map(({role}) => grantRoleToSelf(target.version, role));
}

/** A role that may create roles and databases is made without, where the target refuses it: the others depend on its being there. */
async function create(ctx: StepContext, role: RoleRow, refused: Refused[]): Promise<void> {
  const target = await ctx.session('target');
  if (role.createDatabase || role.createRole) {
    const before = refused.length;
    await tryIt(ctx, createRole(role), refused);
    if (refused.length === before) return;
  }
  await target.run(createRole(role, {plain: true}));
}

/** A managed server refuses some of it; what it refused is evidence and no reason to stop. */
async function tryIt(ctx: StepContext, statement: Statement, refused: Refused[]): Promise<void> {
  try {
    await (await ctx.session('target')).run(statement);
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    refused.push({statement: renderStatement(statement), why: error.message});
  }
}

function evidence(
  roles: readonly RoleRow[],
  {created, refused}: {readonly created: readonly RoleRow[]; readonly refused: readonly Refused[]},
): Evidence<'copy-globals'> {
  return {
    roles: roles.map(({role}) => role),
    created: created.map(({role}) => role),
    refused,
    leftOut: roles.flatMap(leftOut),
  };
}
