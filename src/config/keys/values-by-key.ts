import type {Config} from '../config.ts';
import type {Conninfo} from '../conninfo/conninfo.ts';

/** Units that the program's names have and the file's have not: `retryDelayMs` is `retry_delay` there. */
const UNIT = /(?:Ms|Bytes|Minutes|Age)$/;

const NOT_COMPARED: ReadonlySet<string> = new Set(['runDirectory', 'trace', 'console']);

/**
 * What a configuration says, by the keys of longhaul.yaml, `load.lanes` → `6`, with defaults and without secrets: for a comparison. Where the run keeps
 * its files is left out, for who compares has found them, `trace`, which the environment adds to, and `console`, which no supervisor goes by.
 */
export function valuesByKey(config: Config): Record<string, string> {
  const {servers, toolsFolder, ...rest} = config;
  const ofServers = Object.entries(servers).map(([role, {params}]) => [role, [withoutTimeout(params)]]);
  const sections = Object.entries(rest).filter(([name]) => !NOT_COMPARED.has(name));
  return Object.fromEntries(leaves(Object.fromEntries([...ofServers, ...sections, ['tools', toolsFolder]]), []));
}

/** `timeouts.connect` is told by its own key. */
function withoutTimeout(params: Conninfo['params']): unknown {
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== 'connect_timeout'));
}

/** Where the file calls it otherwise than the program. */
const OTHERWISE: Readonly<Record<string, string>> = {'load.unit': 'load.unit_size'};

/** Sections whose keys somebody has chosen. */
const NAMED: ReadonlySet<string> = new Set(['slots.assign', 'cdc.dms.source_endpoints', 'cdc.dms.tasks']);

/** Lists are values; names that somebody has chosen, as those of slots, are no keys. */
function leaves(value: unknown, keys: readonly string[]): [string, string][] {
  const joined = keys.join('.');
  const key = OTHERWISE[joined] ?? joined;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || NAMED.has(key))
    return [[key, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...keys, asWritten(name)]));
}

/** `metricsFile` → `metrics_file`. */
function asWritten(name: string): string {
  return name.replace(UNIT, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
