import type {Finding} from '../../../domain/run/finding.ts';
import {majorOf, type ServerVersion} from '../../../domain/pg/server-version.ts';
import {setList, setNumber} from '../../../pg/session/alter-system.ts';
import {readExtensionOffers, readSettings, readUsage, type UsageRow} from '../../../pg/session/settings.ts';
import {slotObject} from '../../../domain/run/claimed.ts';
import {captureNeeds} from '../needs.ts';
import type {StepContext} from '../../step.ts';
import {found} from '../../preflight/found.ts';
import {parseNameList} from '../../preflight/name-list.ts';

const NAMES = [
  'shared_preload_libraries',
  'pglogical.conflict_resolution',
  'wal_level',
  'max_replication_slots',
  'max_wal_senders',
  'max_worker_processes',
  'wal_sender_timeout',
  'track_commit_timestamp',
  'output_plugin_libraries',
  'max_slot_wal_keep_size',
  'idle_replication_slot_timeout',
];

/** A standby with less of these than its primary stops when it replays the change: the documentation's "Hot Standby", 27.4.3. */
const LIMITS_OF_STANDBYS = ['max_wal_senders', 'max_worker_processes'];

/** The settings that logical slots, and the plugin that they are read with, need on the primary. */
export async function checkSourceSettings(ctx: StepContext): Promise<Finding[]> {
  const [source, replica] = [await ctx.session('source'), await ctx.session('replica')];
  const offers = await source.run(readExtensionOffers(source.version));
  const settings = new Map((await source.run(readSettings(NAMES))).map(({name, value}) => [name, value]));
  const replicaSettings = await replica.run(readSettings(LIMITS_OF_STANDBYS));
  const made = ctx.state().claimed.filter((object) => object.startsWith(slotObject(''))).length;
  return judgeSourceSettings({
    plugin: captureNeeds(ctx.config).slots?.plugin ?? '',
    version: source.version,
    settings,
    replicaSettings: new Map(replicaSettings.map(({name, value}) => [name, value])),
    installed: offers.some(({name}) => name === 'pglogical'),
    usage: await source.one(readUsage(source.version)),
    missing: Math.max(0, ctx.config.slots.count - made),
  });
}

/** What was seen of the source; settings that it does not have, or does not show to the role, are missing. `missing` slots are still to be made. */
export interface SourceSeen {
  readonly version: ServerVersion;
  /** The output plugin of the slots. */
  readonly plugin: string;
  readonly settings: ReadonlyMap<string, string>;
  /** The replica's, of the limits that a standby must not have less of. */
  readonly replicaSettings: ReadonlyMap<string, string>;
  /** Whether the server's machine has pglogical's files. */
  readonly installed: boolean;
  readonly usage: UsageRow;
  readonly missing: number;
}

const {blocker, warning, note} = found('source');

/** Pure. */
export function judgeSourceSettings(seen: SourceSeen): Finding[] {
  return [...judgeLibraries(seen), ...judgeLimits(seen), ...judgeHints(seen)];
}

function judgeLibraries({settings, installed, version, plugin}: SourceSeen): Finding[] {
  const findings: Finding[] = [];
  const level = settings.get('wal_level') ?? '';
  if (level !== 'logical')
    findings.push(
      blocker(
        'wal-level',
        `wal_level is ${level}`,
        `on the source, as superuser: ${setList('wal_level', ['logical'])}; restart the source`,
      ),
    );
  // Only superusers and pg_read_all_settings see the list of libraries; everybody sees the settings of one that was loaded.
  const libraries = settings.get('shared_preload_libraries');
  const isPreloaded =
    settings.has('pglogical.conflict_resolution') ||
    (libraries !== undefined && parseNameList(libraries).includes('pglogical'));
  if (isOfPglogical(plugin) && !isPreloaded)
    findings.push(
      blocker(
        'preload',
        `pglogical is not preloaded: shared_preload_libraries ${libraries === undefined ? 'may not be seen, and none of its settings is there' : `is '${libraries}'`}`,
        `${installed ? '' : `install it first, or the server will not start again (Debian: apt install postgresql-${majorOf(version)}-pglogical); `}${preload(libraries)}; restart the source`,
      ),
    );
  const plugins = settings.get('output_plugin_libraries');
  if (plugins !== undefined && !parseNameList(plugins).includes(plugin)) {
    const asOne = parseNameList(plugins).some((name) => name.includes(','));
    // Others' slots need theirs, as DMS's needs ours.
    const names = parseNameList(plugins).flatMap((name) => name.split(',').map((one) => one.trim()));
    const wanted = isOfPglogical(plugin) ? ['pglogical', 'pglogical_output'] : [plugin];
    const all = [...new Set([...names.filter((name) => name !== ''), ...wanted])];
    findings.push(
      blocker(
        'plugins',
        `output_plugin_libraries is ${plugins}${asOne ? ', quoted as one string' : ''}: a slot for ${plugin} fails`,
        `on the source, as superuser: ${setList('output_plugin_libraries', all)}; SELECT pg_reload_conf()`,
      ),
    );
  }
  return findings;
}

/** Of the plugins only pglogical's is an extension's, which has to be loaded with the server. */
function isOfPglogical(plugin: string): boolean {
  return plugin.startsWith('pglogical');
}

function preload(libraries: string | undefined): string {
  return libraries === undefined
    ? 'on the source, as superuser, read the list with SHOW shared_preload_libraries, and set it with ALTER SYSTEM to every name of it and pglogical, each name quoted by itself'
    : `on the source, as superuser: ${setList('shared_preload_libraries', [...parseNameList(libraries), 'pglogical'])}`;
}

/** Whoever reads a slot has a sender; pglogical's workers come on top of what runs. */
function judgeLimits({settings, replicaSettings, usage, missing, plugin}: SourceSeen): Finding[] {
  const limits = [
    ['max_replication_slots', usage.slots, blocker],
    ['max_wal_senders', usage.senders, blocker],
    ...(isOfPglogical(plugin) ? [['max_worker_processes', usage.workers ?? 0, warning] as const] : []),
  ] as const;
  return limits.flatMap(([name, used, severity]) => {
    const value = settings.get(name);
    const needed = used + missing;
    if (value === undefined || Number(value) >= needed) return [];
    return [
      severity(
        name,
        `${name} is ${value}; ${used} are in use and ${missing} more are needed`,
        `${raise(name, needed + 4, replicaSettings)}; or lower slots.count`,
      ),
    ];
  });
}

function raise(name: string, to: number, replicaSettings: SourceSeen['replicaSettings']): string {
  const onSource = `on the source, as superuser: ${setNumber(name, to)}; restart the source`;
  if (!LIMITS_OF_STANDBYS.includes(name)) return onSource;
  const onReplica = `on the replica, as superuser: ${setNumber(name, to)}; restart the replica; `;
  const hasEnough = Number(replicaSettings.get(name) ?? 0) >= to;
  return `raise it on every standby first, because a standby with less stops replaying; ${hasEnough ? '' : onReplica}${onSource}`;
}

/** A slot that nobody reads for so long is made invalid: between the anchor and the start of change capture nobody reads it for days. From 18 on. */
function judgeIdleSlots(settings: SourceSeen['settings']): Finding[] {
  const idle = settings.get('idle_replication_slot_timeout');
  if (idle === undefined || idle === '0') return [];
  return [
    warning(
      'idle-slots',
      `idle_replication_slot_timeout is ${idle}: a slot that nobody reads for so long is lost, and until change capture begins nobody reads ours`,
      `on the source, as superuser: ${setNumber('idle_replication_slot_timeout', 0)}; SELECT pg_reload_conf()`,
    ),
  ];
}

function judgeHints({settings, plugin}: SourceSeen): Finding[] {
  const keep = settings.get('max_slot_wal_keep_size');
  return [
    ...(keep === undefined || keep === '-1'
      ? []
      : [
          warning(
            'keep-size',
            `max_slot_wal_keep_size is ${keep}: a slot that falls further behind is lost, and the load with it`,
            `on the source, as superuser: ${setNumber('max_slot_wal_keep_size', -1)}; SELECT pg_reload_conf(); watch its disk from then on; or see that the WAL of the whole load fits in`,
          ),
        ]),
    ...judgeIdleSlots(settings),
    note(
      'sender-timeout',
      `wal_sender_timeout is ${settings.get('wal_sender_timeout') ?? 'not shown'}; the runbook sets 0, so that a slow CDC task is not cut off`,
    ),
    ...(isOfPglogical(plugin) && settings.get('track_commit_timestamp') === 'off'
      ? [
          note(
            'commit-timestamp',
            'track_commit_timestamp is off; only pglogical subscriptions with last_update_wins need it',
          ),
        ]
      : []),
  ];
}
