/** What decides a lab server's settings. */
export interface SettingsOptions {
  readonly port: number;
  readonly socketDir: string;
  /** Source and replica decode WAL; the target is what a managed server would be, and a subscriber a target that pglogical applies to. */
  readonly role: 'source' | 'replica' | 'target' | 'subscriber';
  readonly pglogical: boolean;
  /** Whether the target decodes its WAL as well, for the way back. */
  readonly decodes?: boolean | undefined;
  /** Whether a server of before 10 logs in there, for the way back. */
  readonly oldClients?: boolean | undefined;
  /** Whether the server knows output_plugin_libraries, a setting of 2026's minor releases. */
  readonly knowsOutputPlugins: boolean;
}

/** The text of lab.conf, which the cluster's postgresql.conf includes last. */
export function formatSettings(options: SettingsOptions): string {
  return [...COMMON, ...placeOf(options), ...settingsOf(options)]
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

function settingsOf(options: SettingsOptions): readonly Setting[] {
  if (options.role === 'source' || options.role === 'replica') return decoding(options);
  const target = options.role === 'subscriber' ? SUBSCRIBER : TARGET;
  return [
    ...target,
    ...(options.decodes === true ? DECODES : []),
    ...(options.decodes === true && options.role === 'subscriber' ? plugins(options) : []),
    ...(options.oldClients === true ? OLD_CLIENTS : []),
  ];
}

type Setting = readonly [name: string, value: string];

// Nothing here has to survive a power cut; a killed server still recovers from WAL.
const COMMON: readonly Setting[] = [
  ['listen_addresses', "'127.0.0.1'"],
  ['fsync', 'off'],
  ['full_page_writes', 'off'],
  ['shared_buffers', '128MB'],
  ['max_wal_size', '2GB'],
  ['checkpoint_timeout', '15min'],
  ['max_connections', '100'],
  ['max_worker_processes', '20'],
  ['autovacuum', 'on'],
  ['timezone', "'UTC'"],
  ['log_timezone', "'UTC'"],
  ['log_line_prefix', "'%m [%p] %q%u@%d %a '"],
  ['log_checkpoints', 'off'],
];

const TARGET: readonly Setting[] = [
  ['wal_level', 'replica'],
  ['max_replication_slots', '20'],
];

const SUBSCRIBER: readonly Setting[] = [...TARGET, ['shared_preload_libraries', "'pglogical'"]];
const DECODES: readonly Setting[] = [
  ['wal_level', 'logical'],
  ['max_wal_senders', '20'],
];

const OLD_CLIENTS: readonly Setting[] = [['password_encryption', "'md5'"]];

/** In a file the list is in one pair of quotes; ALTER SYSTEM takes it without any, or it would be one library's name. */
function plugins({knowsOutputPlugins, pglogical}: SettingsOptions): Setting[] {
  if (!knowsOutputPlugins || !pglogical) return [];
  return [['output_plugin_libraries', "'pgoutput, test_decoding, pglogical, pglogical_output'"]];
}

function placeOf(options: SettingsOptions): Setting[] {
  return [
    ['port', String(options.port)],
    ['unix_socket_directories', `'${options.socketDir}'`],
  ];
}

function decoding(options: SettingsOptions): Setting[] {
  const settings: Setting[] = [
    ['wal_level', 'logical'],
    ['max_replication_slots', '20'],
    ['max_wal_senders', '20'],
    ['track_commit_timestamp', 'on'],
    ['hot_standby', 'on'],
    // A paused replica must never cancel the load's queries in favour of replay.
    ['max_standby_streaming_delay', '-1'],
    ['max_standby_archive_delay', '-1'],
    ['hot_standby_feedback', 'off'],
  ];
  if (options.pglogical) settings.push(['shared_preload_libraries', "'pglogical'"]);
  return [...settings, ...plugins(options)];
}
