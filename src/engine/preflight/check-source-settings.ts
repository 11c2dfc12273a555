import type {Config} from '../../config/config.ts';
import type {Finding} from '../../domain/finding.ts';
import {formatServerVersion, type ServerVersion} from '../../domain/server-version.ts';
import {readInRecovery, readSettings, readUsage, type UsageRow} from '../../pg/settings.ts';
import {slotObject} from '../objects.ts';
import type {StepContext} from '../step.ts';

const NAMES = [
  'shared_preload_libraries',
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
  const {inRecovery} = await source.one(readInRecovery());
  const settings = new Map((await source.run(readSettings(NAMES))).map(({name, value}) => [name, value]));
  const made = ctx.state().claimed.filter((object) => object.startsWith(slotObject(''))).length;
  const missing = ctx.config.cdc.engine === 'none' ? 0 : Math.max(0, ctx.config.slots.count - made);
  return judgeSourceSettings({
    version: source.version,
    inRecovery,
    settings,
    usage: await source.one(readUsage()),
    missing,
    engine: ctx.config.cdc.engine,
  });
}

/** What was seen of the source; `missing` slots are still to be made. */
export interface SourceSeen {
  readonly version: ServerVersion;
  readonly inRecovery: boolean;
  readonly settings: ReadonlyMap<string, string>;
  readonly usage: UsageRow;
  readonly missing: number;
  readonly engine: Config['cdc']['engine'];
}

/** Pure. */
export function judgeSourceSettings(seen: SourceSeen): Finding[] {
  const findings: Finding[] = [];
  const block = (check: string, what: string, remedy: string): void =>
    void findings.push({check: `source.${check}`, severity: 'blocker', subject: 'source', seen: what, remedy});
  if (seen.version < 90_400)
    block(
      'version',
      `it is ${formatServerVersion(seen.version)}; logical slots came with 9.4`,
      'upgrade it, or copy it another way',
    );
  if (seen.inRecovery) block('standby', 'it is a standby', '`source` in longhaul.yaml must name the primary');
  if (seen.engine === 'none') return findings;
  const value = (name: string): string => seen.settings.get(name) ?? '';
  if (!value('shared_preload_libraries').includes('pglogical')) {
    block(
      'preload',
      `shared_preload_libraries is '${value('shared_preload_libraries')}'`,
      "ALTER SYSTEM SET shared_preload_libraries = 'pglogical' (with what is in it now), then restart the server",
    );
  }
  if (value('wal_level') !== 'logical')
    block(
      'wal-level',
      `wal_level is ${value('wal_level')}`,
      'ALTER SYSTEM SET wal_level = logical, then restart the server',
    );
  const plugins = seen.settings.get('output_plugin_libraries');
  if (plugins !== undefined && !/\bpglogical\b/.test(plugins)) {
    block(
      'plugins',
      `output_plugin_libraries is ${plugins}: a slot for pglogical fails`,
      'ALTER SYSTEM SET output_plugin_libraries = pgoutput, test_decoding, pglogical, pglogical_output; SELECT pg_reload_conf()',
    );
  }
  for (const [name, used] of [
    ['max_replication_slots', seen.usage.slots],
    ['max_wal_senders', seen.usage.senders],
  ] as const) {
    const needed = used + seen.missing;
    if (Number(value(name)) < needed)
      block(
        name,
        `${name} is ${value(name)}; ${used} are in use and ${seen.missing} more are needed`,
        `ALTER SYSTEM SET ${name} = ${needed + 4}, then restart the server; or lower slots.count`,
      );
  }
  return [...findings, ...hints(seen)];
}

function hints({settings, missing}: SourceSeen): Finding[] {
  const findings: Finding[] = [];
  const keep = settings.get('max_slot_wal_keep_size');
  if (keep !== undefined && keep !== '-1') {
    findings.push({
      check: 'source.keep-size',
      severity: 'warning',
      subject: 'source',
      seen: `max_slot_wal_keep_size is ${keep}: a slot that falls further behind is lost, and the load with it`,
      remedy:
        'see that the WAL of the whole load fits in, or ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf(), and watch the disk',
    });
  }
  const workers = Number(settings.get('max_worker_processes') ?? '8');
  if (workers < missing + 2) {
    findings.push({
      check: 'source.workers',
      severity: 'warning',
      subject: 'source',
      seen: `max_worker_processes is ${workers}`,
      remedy: `the runbook wants 10 or more: ALTER SYSTEM SET max_worker_processes = ${missing + 8}, then restart the server`,
    });
  }
  const note = (check: string, seen: string): void =>
    void findings.push({check: `source.${check}`, severity: 'note', subject: 'source', seen, remedy: ''});
  note(
    'sender-timeout',
    `wal_sender_timeout is ${settings.get('wal_sender_timeout')}; the runbook sets 0, so that a slow CDC task is not cut off`,
  );
  if (settings.get('track_commit_timestamp') === 'off')
    note(
      'commit-timestamp',
      'track_commit_timestamp is off; only pglogical subscriptions with last_update_wins need it',
    );
  return findings;
}
