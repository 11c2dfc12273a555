import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readApplyUsage} from '../../../pg/capture/subscriptions.ts';
import {
  allowPassingOver,
  readPglogicalTarget,
  readWorkerSettings,
  type PglogicalTarget,
} from '../../../pg/capture/pglogical-target.ts';
import {
  readPglogicalRights,
  pglogicalForApplications,
  openPglogicalTo,
  pglogicalClosed,
  type PglogicalRights,
} from '../../../pg/replication/pglogical-rights.ts';
import {setList, setNumber} from '../../../pg/session/alter-system.ts';
import {readUsage} from '../../../pg/session/settings.ts';
import {maybe} from '../../../pg/session/versions.ts';
import {namesOfSlots} from '../../plan/plan-slots.ts';
import {found} from '../../preflight/found.ts';
import {parseNameList} from '../../preflight/name-list.ts';
import type {StepContext} from '../../step.ts';
import {readOurSubscriptions} from './read-subscriptions.ts';
import {judgeStrictness} from './start/strict-mode.ts';

/** One origin a subscription: from 18 on with a limit of its own, before with that of slots. */
const ORIGINS = ['max_active_replication_origins', 'max_replication_slots'] as const;
const SEEN = [
  ...ORIGINS,
  'max_worker_processes',
  'shared_preload_libraries',
  'pglogical.conflict_log_level',
  'pglogical.conflict_resolution',
  'track_commit_timestamp',
];
/** What an apply worker takes from server, database and first superuser, and what ends it or cuts it off. */
const INHERITED = [
  'lock_timeout',
  'statement_timeout',
  'transaction_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
];

/** Whether pglogical can apply there, our role may have it do so, and what would be silent. */
export async function checkTarget(ctx: StepContext): Promise<Finding[]> {
  return judgePglogicalTarget(await readTargetSeen(ctx, namesOfSlots(ctx.config.slots)));
}

/** Reads what pglogical's subscriptions of these names want of the target. */
export async function readTargetSeen(ctx: StepContext, names: readonly string[]): Promise<PglogicalTargetSeen> {
  const target = await ctx.session('target');
  const seen = await target.one(readPglogicalTarget(target.version));
  const [rights] = await target.run(readPglogicalRights());
  const mayRead = rights?.mayUse === true && rights.mayCall && seen.mayAdvance;
  const there = mayRead ? await readOurSubscriptions(ctx, names) : [];
  const settings = await target.run(readWorkerSettings([...SEEN, ...INHERITED]));
  return {
    ...seen,
    version: target.version,
    rights: rights ?? null,
    settings: new Map(settings.map(({name, value}) => [name, value])),
    workers: (await target.one(readUsage(target.version))).workers ?? 0,
    origins: (await target.one(readApplyUsage(target.version))).origins,
    missing: names.length - there.length,
  };
}

/** What was seen of the target; `missing` subscriptions are still to be made. */
export interface PglogicalTargetSeen extends PglogicalTarget {
  readonly version: ServerVersion;
  readonly rights: PglogicalRights | null;
  readonly settings: ReadonlyMap<string, string>;
  /** Background workers and origins that are in use. */
  readonly workers: number;
  readonly origins: number;
  readonly missing: number;
}

const {blocker, warning, note} = found('target');

/** Pure. */
export function judgePglogicalTarget(seen: PglogicalTargetSeen): Finding[] {
  const {settings, rights, role} = seen;
  if (!settings.has('pglogical.conflict_resolution')) return [judgePreload(settings.get('shared_preload_libraries'))];
  if (rights === null)
    return [
      blocker(
        'pglogical',
        'the extension pglogical is not in this database',
        `on the target, as superuser, in the database that is loaded and in one transaction: BEGIN; CREATE EXTENSION pglogical; ${pglogicalForApplications([role])}; GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO ${quoteIdentifier(role)}; ${allowPassingOver(role)}; COMMIT`,
      ),
    ];
  return [
    note('pglogical-version', `pglogical ${rights.version}`),
    ...judgeRights(seen, rights),
    ...judgeConflicts(seen),
    ...judgeLimits(seen),
    ...judgeInherited(seen),
  ];
}

function judgePreload(libraries: string | undefined): Finding {
  const how =
    libraries === undefined
      ? 'read the list with SHOW shared_preload_libraries, and set it with ALTER SYSTEM to every name of it and pglogical, each name quoted by itself'
      : setList('shared_preload_libraries', [...parseNameList(libraries), 'pglogical']);
  return blocker(
    'preload',
    'pglogical is not preloaded on the target',
    `install it there first, or the server will not start again (RDS: rds.logical_replication and shared_preload_libraries of its parameter group); on the target, as superuser: ${how}; restart the target`,
  );
}

function judgeRights(
  {role, version, mayAdvance, maySee, mayPassOver}: PglogicalTargetSeen,
  rights: PglogicalRights,
): Finding[] {
  const name = quoteIdentifier(role);
  return [
    ...(rights.mayUse && rights.mayCall
      ? []
      : [
          blocker(
            'pglogical-usage',
            `role ${role} may not use the schema pglogical, call its functions or read its tables`,
            `on the target, as superuser, in the database that is loaded: ${openPglogicalTo(role)}`,
          ),
        ]),
    ...(rights.open
      ? [
          warning(
            'pglogical-open',
            "every role may call pglogical's functions there, which ask for no right: it may let a subscription write any table",
            `on the target, as superuser, in the database that is loaded: BEGIN; ${pglogicalClosed([...rights.users, role])}; COMMIT`,
          ),
        ]
      : []),
    ...(mayPassOver
      ? []
      : [
          note(
            'passing-over',
            `role ${role} may not write pglogical.local_sync_status: longhaul adopt, ended on its way as with a supervisor that is killed, leaves its slot down at the first row that the target has not`,
            `on the target, as superuser, in the database that is loaded: ${allowPassingOver(role)}`,
          ),
        ]),
    ...(mayAdvance
      ? []
      : [
          blocker(
            'origin',
            `role ${role} may not set where a subscription begins`,
            maybe('originRight', version) === null
              ? `before 14 only a superuser may; on the target, as superuser: ALTER ROLE ${name} SUPERUSER`
              : `on the target, as superuser: GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO ${name}`,
          ),
        ]),
    ...(maySee
      ? []
      : [
          blocker(
            'workers-seen',
            `role ${role} does not see the workers that apply, and so not whether one runs`,
            `on the target, as superuser: GRANT pg_monitor TO ${name}`,
          ),
        ]),
  ];
}

/** What pglogical does by default with a change that does not fit: nobody is told but the target's log. */
const SILENT =
  "an INSERT that meets a row under any unique index overwrites that row, an UPDATE or DELETE of a row that is missing is skipped, each with a line in the target's log";

function judgeConflicts({settings, mayBeStrict, role, version}: PglogicalTargetSeen): Finding[] {
  const {why} = judgeStrictness({
    mayBeStrict,
    level: settings.get('pglogical.conflict_log_level'),
    tracksCommits: settings.get('track_commit_timestamp') === 'on',
  });
  const resolution = settings.get('pglogical.conflict_resolution');
  const updates =
    resolution === 'apply_remote'
      ? []
      : [
          blocker(
            'conflict-resolution',
            `pglogical.conflict_resolution is ${resolution}: updates that were made between P and the end of the load may be lost`,
            "on the target, as superuser: ALTER SYSTEM SET pglogical.conflict_resolution = 'apply_remote'; SELECT pg_reload_conf()",
          ),
        ];
  if (why === null) return updates;
  const remedy =
    settings.get('track_commit_timestamp') === 'on'
      ? 'on the target, as superuser: ALTER SYSTEM SET track_commit_timestamp = off; restart the target; or compare every row before cutover'
      : maybe('grantsParameters', version) === null
        ? "before 15 only a superuser sets it (on RDS: the parameter group); on the target, as superuser: ALTER SYSTEM SET pglogical.conflict_log_level = 'error'; SELECT pg_reload_conf()"
        : `on the target, as superuser: GRANT SET ON PARAMETER pglogical.conflict_log_level TO ${quoteIdentifier(role)}`;
  return [...updates, warning('not-strict', `${why}. Without strict mode ${SILENT}`, remedy)];
}

/** Launcher, supervisor and manager, and for a moment one more for each other database. */
function judgeLimits({settings, workers, origins, missing, databases}: PglogicalTargetSeen): Finding[] {
  const name = ORIGINS.find((one) => settings.has(one)) ?? 'max_replication_slots';
  const wanted = [
    ['max_worker_processes', workers + missing + databases + 3],
    [name, origins + missing],
  ] as const;
  return wanted.flatMap(([setting, needed]) => {
    const value = settings.get(setting);
    if (value === undefined || Number(value) >= needed) return [];
    return [
      blocker(
        setting,
        `${setting} is ${value}, and ${missing} subscriptions more need ${needed}`,
        `on the target, as superuser: ${setNumber(setting, needed + 2)}; restart the target; or lower slots.count`,
      ),
    ];
  });
}

/** The same once roles and settings of the database were copied from the source: its time-outs may have come with them. */
export async function checkInherited(ctx: StepContext): Promise<Finding[]> {
  const settings = await (await ctx.session('target')).run(readWorkerSettings(INHERITED));
  return judgeInherited({settings: new Map(settings.map(({name, value}) => [name, value]))});
}

function judgeInherited({settings}: Pick<PglogicalTargetSeen, 'settings'>): Finding[] {
  return INHERITED.flatMap((name) => {
    const value = settings.get(name) ?? '0';
    if (/^0\D*$/.test(value)) return [];
    return [
      warning(
        `apply-${name}`,
        `pglogical's workers have ${name} ${value}, from the server, the database or its first superuser: what takes longer fails, and is tried again and again`,
        'see ALTER DATABASE and ALTER ROLE … SET there, and take it away for as long as changes are applied',
      ),
    ];
  });
}
