import type {Finding} from '../../../domain/run/finding.ts';
import {describeConninfo, type Conninfo} from '../../../config/conninfo/conninfo.ts';
import {ConninfoError} from '../../../config/conninfo/parse-conninfo.ts';
import {resolveConninfo} from '../../../config/conninfo/resolve-conninfo.ts';
import {surroundings} from '../../../config/conninfo/surroundings.ts';
import {Secret} from '../../../config/secret.ts';
import {readServerMark, type LoginSeen} from '../../../pg/cutover/rehearsal/login-roles.ts';
import {tryLogin} from '../../../pg/cutover/rehearsal/try-login.ts';
import {readRoleSettings, settingName, splitNames, type SettingRow} from '../../../pg/roles/role-settings.ts';
import {sessionName} from '../../load/host/lane-name.ts';
import {failureOf} from '../../run/run-steps.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {WRITABLE} from './writable.ts';

type Login = StepContext['config']['cutover']['logins'][number];

/** Each login of `cutover.logins`, tried beside each other by the way that the application will take. Without the key it is said that nobody's login was tried. */
export async function tryLogins(ctx: StepContext): Promise<Finding[]> {
  const {logins} = ctx.config.cutover;
  if (logins.length === 0)
    return [
      found('cutover', 'longhaul.yaml').note(
        'logins',
        'no login of the application was tried by its new way: cutover.logins has none',
      ),
    ];
  const target = await ctx.session('target');
  const {server} = await target.one(readServerMark());
  const settings = await (await ctx.session('source')).run(readRoleSettings());
  const all = await Promise.all(logins.map(async (login) => tryOne(ctx, login, {server, settings})));
  return all.flat();
}

async function tryOne(
  ctx: StepContext,
  login: Login,
  known: {readonly server: string; readonly settings: readonly SettingRow[]},
): Promise<Finding[]> {
  const conninfo = conninfoOf(ctx, login);
  if ('why' in conninfo) return [blockerOf(login.to, conninfo.why, 'mend this entry of cutover.logins')];
  const way = describeConninfo(conninfo);
  try {
    const seen = await tryLogin(conninfo, {applicationName: sessionName(ctx.config.run, 'login'), trace: ctx.trace});
    return judgeLogin(seen, {way, sslmode: conninfo.params['sslmode'] ?? 'prefer', ...known});
  } catch (error) {
    const words = failureOf(error).message.replace(/^the target .*? could not be reached/, 'it does not log in');
    return [
      blockerOf(
        way,
        words,
        'let psql with this conninfo log in from here: its password in ~/.pgpass, pg_hba.conf or the list of the pooler, sslmode; or mend this entry of cutover.logins',
      ),
    ];
  }
}

function blockerOf(way: string, seen: string, remedy: string): Finding {
  return found('cutover', `login ${way}`).blocker('login', seen, remedy);
}

function conninfoOf({env, config}: StepContext, {to, passwordEnv}: Login): Conninfo | {readonly why: string} {
  const secret = passwordEnv === null ? null : (env[passwordEnv] ?? '');
  if (secret === '') return {why: `the environment variable ${passwordEnv} is not set`};
  try {
    const seconds = String(Math.ceil(config.timeouts.connectMs / 1000));
    // PG* of this session say how Longhaul's own role comes in.
    const around = Object.fromEntries(
      Object.entries(env).filter(([key]) => !/^PG(?!PASSFILE|SERVICEFILE|SYSCONFDIR)/.test(key)),
    );
    const own = resolveConninfo(to, surroundings(around), {connect_timeout: seconds});
    return secret === null ? own : {...own, password: new Secret(secret)};
  } catch (error) {
    if (error instanceof ConninfoError) return {why: error.message};
    throw error;
  }
}

/** What a login that was let in finds, beside what its role has on the source. Pure. */
export function judgeLogin(
  seen: LoginSeen,
  {
    way,
    sslmode,
    server,
    settings,
  }: {
    readonly way: string;
    readonly sslmode: string;
    readonly server: string;
    readonly settings: readonly SettingRow[];
  },
): Finding[] {
  const {blocker, warning, note} = found('cutover', `login ${way}`);
  if (seen.server !== server)
    return [
      blocker(
        'login-elsewhere',
        `it leads to database ${seen.database} of another server${seen.inRecovery ? ', a standby' : ''}, and not to the target's: after the hand-over the application would be there`,
        'let this entry of cutover.logins, or the pooler or DNS name in it, lead to the target',
      ),
    ];
  const wanted = splitNames(searchPathOf(seen.role, settings) ?? seen.searchPath);
  const there = splitNames(seen.searchPath);
  const isSame = wanted.join(',') === there.join(',');
  const closed = there.filter((name) => name !== '$user' && name !== '' && !seen.schemas.includes(name));
  return [
    ...(isSame
      ? []
      : [
          warning(
            'login-search-path',
            `role ${seen.role} has search_path ${seen.searchPath} there, and ${wanted.join(', ')} on the source`,
            `on the target: ${WRITABLE}ALTER ROLE … SET search_path = …; or in the connection of the application`,
          ),
        ]),
    ...(closed.length === 0
      ? []
      : [
          warning(
            'login-schema',
            `role ${seen.role} does not see these schemas of its search_path there: ${closed.join(', ')}`,
            `on the target: ${WRITABLE}GRANT USAGE ON SCHEMA … TO …, as it has it on the source`,
          ),
        ]),
    ...(sslmode === 'prefer' && !seen.tls
      ? [warning('login-tls', 'it is not encrypted', 'sslmode=verify-full in this entry and in the application')]
      : []),
    note('login-works', `role ${seen.role} logs in${seen.tls ? ' by TLS' : ''}, and is on the target`),
  ];
}

/** What role and database set, the nearest first; null where nothing does. Pure. */
export function searchPathOf(role: string, settings: readonly SettingRow[]): string | null {
  const own = settings.filter((row) => settingName(row) === 'search_path');
  const row =
    own.find((one) => one.role === role && one.inDatabase) ??
    own.find((one) => one.role === role && !one.inDatabase) ??
    own.find((one) => one.role === null);
  return row === undefined ? null : row.setting.slice(row.setting.indexOf('=') + 1);
}
