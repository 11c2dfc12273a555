import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {readDatabaseExtras} from '../../../pg/catalog/database-extras.ts';
import {
  isSecretSetting,
  readRoleSettings,
  settingName,
  readNobodysSettings,
  trySetting,
  type SettingRow,
} from '../../../pg/roles/role-settings.ts';
import {
  createRole,
  grantRoleToSelf,
  readAssumableRoles,
  readMemberships,
  readRoleNames,
  readRoles,
  type RoleRow,
} from '../../../pg/roles/roles.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {Session} from '../../../pg/session/session.ts';
import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {leftOut, otherwise, planGlobals, type Globals, type GlobalsPlan} from '../../schema/copy/globals.ts';
import type {Action} from '../../action.ts';
import {executeAll, remark, showStatement} from '../../make-action.ts';
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
    const {roles, missing, statements, settings} = await readRolesNow(ctx);
    const refused = (ctx.state().evidence['copy-globals']?.refused ?? []).filter((one) => typeof one !== 'string');
    const left = [...statements, ...(await ownMemberships(ctx, roles))].map((statement) => renderStatement(statement));
    const done = missing.length === 0 && left.every((text) => refused.some(({statement}) => statement === text));
    return {
      done: done ? evidence(roles, {created: [], refused}) : null,
      findings: [...roles.flatMap(leftOut), ...(await otherRoles(ctx, roles))]
        .map(leaving)
        .concat(await refusedSettings(ctx, settings)),
    };
  },

  plan: async (ctx) => planRoles(ctx, await readRolesNow(ctx), []),

  async run(ctx) {
    const now = await readRolesNow(ctx);
    const refused: Refused[] = [];
    await executeAll(await planRoles(ctx, now, refused));
    return evidence(now.roles, {created: now.missing, refused});
  },
};

/** A statement that the target refused, and what it said. */
interface Refused {
  readonly statement: string;
  readonly why: string;
}

interface RolesNow extends GlobalsPlan {
  readonly roles: readonly RoleRow[];
}

/** What a managed server refuses of it is added to `refused`, and is no reason to stop. */
async function planRoles(
  ctx: StepContext,
  {roles, missing, statements}: RolesNow,
  refused: Refused[],
): Promise<Action[]> {
  return [
    ...missing.flatMap((role) => creating(ctx, role, refused)),
    ...[...(await ownMemberships(ctx, roles)), ...statements].map((statement): Action => ({
      on: 'target',
      text: showStatement(statement),
      execute: async () => tryIt(ctx, statement, refused),
    })),
  ];
}

async function readRolesNow(ctx: StepContext): Promise<RolesNow> {
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

/** Settings that the target does not know, or lets none but a superuser have. */
async function refusedSettings(ctx: StepContext, settings: readonly SettingRow[]): Promise<Finding[]> {
  const target = await ctx.session('target');
  const nobodys = await target.run(readNobodysSettings(target.version, settings.map(settingName)));
  const refused: Finding[] = [];
  for (const setting of settings) {
    const whose = setting.role === null ? 'the database' : `role ${setting.role}`;
    const shown = isSecretSetting(setting) ? settingName(setting) : setting.setting;
    const behind = (why: string): string =>
      printable(`the setting ${shown} of ${whose} stays behind, for the target refuses it (${why})`);
    if (nobodys.some(({name}) => name === settingName(setting))) {
      refused.push(readByRows(behind(SQLSTATE.insufficientPrivilege)));
      continue;
    }
    try {
      await target.run(trySetting(setting));
    } catch (error) {
      const state = error instanceof LonghaulError ? sqlStateOf(error) : null;
      // That it cannot change within a session says nothing of the next ones.
      if (state !== null && state !== SQLSTATE.cannotChangeNow) refused.push(leaving(behind(state)));
    }
  }
  return refused;
}

function leaving(seen: string): Finding {
  return {check: 'copy-globals.left-out', severity: 'note', subject: 'target', seen, remedy: ''};
}

/** One that no extension has is an application's own, and read by its checks, defaults and functions. */
function readByRows(seen: string): Finding {
  return {
    check: 'copy-globals.own-setting',
    severity: 'warning',
    subject: 'target',
    seen: `${seen}: what reads it by current_setting() fails there, checks while rows are loaded as well`,
    remedy:
      'before the load a superuser of the target sets it: ALTER DATABASE … SET, as the source has it; where there is none, what reads it says current_setting(name, true), which is null there',
  };
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
function creating(ctx: StepContext, role: RoleRow, refused: Refused[]): Action[] {
  const plain = createRole(role, {plain: true});
  const createPlain = async (): Promise<void> => void (await (await ctx.session('target')).run(plain));
  if (!role.createDatabase && !role.createRole)
    return [{on: 'target', text: showStatement(plain), execute: createPlain}];
  let isMade = false;
  return [
    {
      on: 'target',
      text: showStatement(createRole(role)),
      execute: async () => {
        const before = refused.length;
        await tryIt(ctx, createRole(role), refused);
        isMade = refused.length === before;
      },
    },
    {
      on: 'target',
      text: remark('only where that is refused', showStatement(plain)),
      execute: async () => (isMade ? undefined : createPlain()),
    },
  ];
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
