import {fileSchema} from './schema.ts';

interface Described {
  readonly description?: string | undefined;
}

const SERVERS: Readonly<Record<string, string>> = {
  run: 'acme-prod',
  source: 'host=db1.internal port=5432 dbname=app user=longhaul sslmode=prefer',
  replica: 'host=db3.internal port=5432 dbname=app user=longhaul sslmode=prefer',
  target: 'host=acme.abc.eu-central-1.rds.amazonaws.com port=5432 dbname=app user=longhaul sslmode=require',
};

/** Defaults as they are written in the file; what is not here has none. */
const SHOWN: Readonly<Record<string, string>> = {
  run_directory: '~/.local/state/longhaul/acme-prod',
  tools: '/usr/lib/postgresql/15/bin',
  'tables.include_schemas': '[public, billing]',
  'tables.exclude_schemas': '[scratch]',
  'tables.include': '[public.events, billing."Mixed Case"]',
  'tables.exclude': '[public.old_log]',
  'slots.prefix': 'dms_slot_',
  'slots.count': '6',
  'slots.assign': '{dms_slot_01: [public.events]}',
  'cdc.engine': 'dms',
  'cdc.node_name': 'longhaul',
  'cdc.node_dsn': 'host=127.0.0.1 dbname=app user=longhaul',
  'load.lanes': '6',
  'load.big_tables': '5',
  'load.method': 'pg_dump',
  'load.unique': 'after-load',
  'load.foreign_keys': 'after-load',
  'load.triggers': 'at-cutover',
  'load.index_jobs': '2',
  'load.maintenance_work_mem': '1GB',
  'load.retries': '3',
  'load.retry_delay': '5s',
  'timeouts.connect': '10s',
  'timeouts.statement': '30s',
  'timeouts.lock': '3s',
  'timeouts.create_slot': '10min',
  'timeouts.pause': '2min',
  'timeouts.scan': '12h',
  confirm: 'typed',
  'probes.interval': '2s',
  'probes.metrics_file': '/var/lib/node_exporter/longhaul.prom',
  'disks.source': '{command: [ssh, db1.internal, df, --output=avail,size, -B1, /pgdata]}',
  'disks.replica': '{volume: 6TB}',
  'disks.target': '{volume: 6TB}',
  'alarms.retained': '200GB',
  'alarms.runway': '2h',
  'alarms.inactive': '30min',
  'alarms.stalled': '10min',
  'alarms.long_transaction': '30min',
  'alarms.command': '[/usr/local/bin/page-operator]',
};

/** Of what lies a level deeper, for messages. */
const INNER: Readonly<Record<string, string>> = {
  'disks.*.command': '[ssh, db1.internal, df, --output=avail,size, -B1, /pgdata]',
  'disks.*.volume': '6TB',
  'slots.assign.*': '[public.events]',
};

/** The text of a longhaul.yaml with every key described; what may be left out is commented out with its default or an example. */
export function renderExample(): string {
  const head =
    '# Configuration of a Longhaul run. No password belongs in here: ~/.pgpass, a service file or PGPASSWORD have it.\n';
  return (
    head +
    Object.entries(fileSchema.shape)
      .map(([key, schema]) => renderKey(key, schema))
      .join('')
  );
}

function renderKey(key: string, schema: Described): string {
  const comment = `\n# ${schema.description ?? ''}\n`;
  const value = SERVERS[key];
  if (value !== undefined) return `${comment}${key}: ${value}\n`;
  const inner = sectionOf(schema);
  if (inner === null) return `${comment}# ${key}: ${SHOWN[key] ?? ''}\n`;
  const keys = Object.entries(inner).map(([name, part]) => {
    const words = part.description === undefined ? '' : `  # ${part.description}\n`;
    return `${words}  # ${name}: ${SHOWN[`${key}.${name}`] ?? ''}\n`;
  });
  return `${comment}${key}:\n${keys.join('')}`;
}

/** What `longhaul init` shows for a key: `6` of `load`, `lanes`; a section's first key in braces; null where there is none. Pure. */
export function exampleOf(keys: readonly string[]): string | null {
  const name = keys.join('.');
  const shown =
    SERVERS[name] ??
    SHOWN[name] ??
    INNER[`${keys[0] ?? ''}.*.${keys.at(-1) ?? ''}`] ??
    INNER[`${keys.slice(0, 2).join('.')}.*`];
  if (shown !== undefined) return shown;
  const [first] = keys.length === 1 ? sectionKeys(keys) : [];
  return first === undefined ? null : `{${first}: ${SHOWN[`${name}.${first}`] ?? ''}}`;
}

/** The keys that the file may have at a place: at the margin, or in a section; none in a plain value. Pure. */
export function sectionKeys(keys: readonly string[]): string[] {
  let at: object = fileSchema;
  for (const key of keys) {
    const inner = sectionOf(at)?.[key];
    if (inner === undefined) return [];
    at = inner;
  }
  return Object.keys(sectionOf(at) ?? {});
}

/** The keys of a section; null for a plain value. */
function sectionOf(schema: object): Record<string, Described> | null {
  const inner: unknown = 'unwrap' in schema && typeof schema.unwrap === 'function' ? schema.unwrap() : schema;
  if (typeof inner !== 'object' || inner === null || !('shape' in inner)) return null;
  const {shape} = inner;
  if (typeof shape !== 'object' || shape === null) return null;
  return Object.fromEntries(Object.entries(shape));
}
