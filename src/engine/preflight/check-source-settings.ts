import type {Config} from '../../config/config.ts';
import type {Finding} from '../../domain/finding.ts';
import {readSettings, readUsage, type UsageRow} from '../../pg/settings.ts';
import {slotObject} from '../../domain/claimed.ts';
import type {StepContext} from '../step.ts';
import {found} from './found.ts';
import {parseNameList} from './name-list.ts';

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
];

/** The settings that logical slots and pglogical need on the primary. */
export async function checkSourceSettings(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const settings = new Map((await source.run(readSettings(NAMES))).map(({name, value}) => [name, value]));
  const made = ctx.state().claimed.filter((object) => object.startsWith(slotObject(''))).length;
  return judgeSourceSettings({
    settings,
    usage: await source.one(readUsage(source.version)),
    missing: ctx.config.cdc.engine === 'none' ? 0 : Math.max(0, ctx.config.slots.count - made),
    engine: ctx.config.cdc.engine,
  });
}

/** What was seen of the source; settings that it does not have, or does not show to the role, are missing. `missing` slots are still to be made. */
export interface SourceSeen {
  readonly settings: ReadonlyMap<string, string>;
  readonly usage: UsageRow;
  readonly missing: number;
  readonly engine: Config['cdc']['engine'];
}

const {blocker, warning, note} = found('source');

/** Pure. */
export function judgeSourceSettings(seen: SourceSeen): Finding[] {
  if (seen.engine === 'none') return [];
  return [...judgeLibraries(seen.settings), ...judgeLimits(seen), ...judgeHints(seen.settings)];
}

function judgeLibraries(settings: SourceSeen['settings']): Finding[] {
  const findings: Finding[] = [];
  const level = settings.get('wal_level') ?? '';
  if (level !== 'logical')
    findings.push(
      blocker('wal-level', `wal_level is ${level}`, 'ALTER SYSTEM SET wal_level = logical, then restart the server'),
    );
  // Only superusers and pg_read_all_settings see the list of libraries; everybody sees the settings of one that was loaded.
  const libraries = settings.get('shared_preload_libraries');
  const isPreloaded =
    settings.has('pglogical.conflict_resolution') ||
    (libraries !== undefined && parseNameList(libraries).includes('pglogical'));
  if (!isPreloaded)
    findings.push(
      blocker(
        'preload',
        `pglogical is not preloaded: shared_preload_libraries ${libraries === undefined ? 'may not be seen, and none of its settings is there' : `is '${libraries}'`}`,
        "ALTER SYSTEM SET shared_preload_libraries = 'pglogical' (with what is in it now), then restart the server",
      ),
    );
  const plugins = settings.get('output_plugin_libraries');
  if (plugins !== undefined && !parseNameList(plugins).includes('pglogical')) {
    const asOne = parseNameList(plugins).some((name) => name.includes(','));
    findings.push(
      blocker(
        'plugins',
        `output_plugin_libraries is ${plugins}${asOne ? ', quoted as one string' : ''}: a slot for pglogical fails`,
        'ALTER SYSTEM SET output_plugin_libraries = pgoutput, test_decoding, pglogical, pglogical_output; SELECT pg_reload_conf()',
      ),
    );
  }
  return findings;
}

/** Each CDC task has a slot and a sender; pglogical's workers come on top of what runs. */
function judgeLimits({settings, usage, missing}: SourceSeen): Finding[] {
  const limits = [
    ['max_replication_slots', usage.slots, blocker],
    ['max_wal_senders', usage.senders, blocker],
    ['max_worker_processes', usage.workers ?? 0, warning],
  ] as const;
  return limits.flatMap(([name, used, severity]) => {
    const value = settings.get(name);
    const needed = used + missing;
    if (value === undefined || Number(value) >= needed) return [];
    return [
      severity(
        name,
        `${name} is ${value}; ${used} are in use and ${missing} more are needed`,
        `ALTER SYSTEM SET ${name} = ${needed + 4}, then restart the server; or lower slots.count`,
      ),
    ];
  });
}

function judgeHints(settings: SourceSeen['settings']): Finding[] {
  const keep = settings.get('max_slot_wal_keep_size');
  return [
    ...(keep === undefined || keep === '-1'
      ? []
      : [
          warning(
            'keep-size',
            `max_slot_wal_keep_size is ${keep}: a slot that falls further behind is lost, and the load with it`,
            'see that the WAL of the whole load fits in, or ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf(), and watch the disk',
          ),
        ]),
    note(
      'sender-timeout',
      `wal_sender_timeout is ${settings.get('wal_sender_timeout') ?? 'not shown'}; the runbook sets 0, so that a slow CDC task is not cut off`,
    ),
    ...(settings.get('track_commit_timestamp') === 'off'
      ? [
          note(
            'commit-timestamp',
            'track_commit_timestamp is off; only pglogical subscriptions with last_update_wins need it',
          ),
        ]
      : []),
  ];
}
