import type {Config} from '../config.ts';

/** Units that the program's names have and the file's have not: `retryDelayMs` is `retry_delay` there. */
const UNIT = /(?:Ms|Bytes|Minutes)$/;

/**
 * What a configuration says, by the keys of longhaul.yaml, `load.lanes` → `6`, with defaults and without secrets: for a comparison. Where the run keeps
 * its files is left out, for who compares has found them, and `trace`, which the environment adds to.
 */
export function valuesByKey({
  servers,
  toolsFolder,
  runDirectory: _,
  trace: _trace,
  ...sections
}: Config): Record<string, string> {
  const {source, replica, target} = servers;
  // timeouts.connect is told by its own key.
  const params = ({params: {connect_timeout: __, ...others}}: typeof source): unknown => others;
  const all = {
    ...sections,
    source: [params(source)],
    replica: [params(replica)],
    target: [params(target)],
    tools: toolsFolder,
  };
  return Object.fromEntries(leaves(all, []));
}

/** Lists are values; names that somebody has chosen, as those of slots, are no keys. */
function leaves(value: unknown, keys: readonly string[]): [string, string][] {
  const key = keys.join('.');
  if (typeof value !== 'object' || value === null || Array.isArray(value) || key === 'slots.assign')
    return [[key, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...keys, asWritten(name)]));
}

/** `metricsFile` → `metrics_file`. */
function asWritten(name: string): string {
  return name.replace(UNIT, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
