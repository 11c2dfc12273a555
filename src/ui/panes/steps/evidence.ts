import type {Json, JsonObject} from '../../../domain/base/json.ts';
import {formatBytes, formatCount, formatDuration} from '../../../domain/base/units.ts';
import {type Fact, fact} from '../../view-model/facts.ts';

/** A longer list goes into the report: the screen is for what decides. */
const MOST_OF_A_LIST = 200;

/** What a step came to, as facts in words: `after tables LSN 16/B374D848`, a list with a row for each of its members. */
export function evidenceFacts(evidence: JsonObject): Fact[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    const label = inWords(key);
    if (!Array.isArray(value)) return [fact(label, valueText(key, value))];
    if (value.length === 0) return [fact(label, 'none')];
    const left = value.length - MOST_OF_A_LIST;
    const shown = value.slice(0, MOST_OF_A_LIST).map((one, i) => fact(i === 0 ? label : '', valueText(key, one)));
    return left > 0
      ? [...shown, fact('', `and ${formatCount(left)} more: longhaul report --json has all of them`)]
      : shown;
  });
}

/** The plain figures of an evidence in one line: `slots 6, gap 0`. Lists and objects are left to the detail view. */
export function evidenceLine(evidence: JsonObject): string {
  return Object.entries(evidence)
    .flatMap(([key, value]) => {
      // Times and paths are in the detail view; a line is for figures and positions, and has its own column for how long it took.
      const isPlain =
        typeof value === 'number'
          ? key !== 'tookMs'
          : typeof value === 'string' && value.length <= 24 && !value.includes('T') && !value.startsWith('/');
      return isPlain ? [`${inWords(key)} ${valueText(key, value)}`] : [];
    })
    .slice(0, 4)
    .join(', ');
}

/** A key of the evidence in words: `afterTablesLsn` → `after tables LSN`, `lagBytes` → `lag`, whose value has its unit. */
function inWords(key: string): string {
  return key
    .replace(/(?<=[a-z])(Ms|Bytes|Seconds)$/, '')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll(/\blsn\b/g, 'LSN');
}

/** A figure with its unit, by the end of its key; an object as `name lh_slot_01, lag 3 kB`. */
function valueText(key: string, value: Json): string {
  if (typeof value === 'number') return numberText(key, value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === null) return 'not known';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((one) => valueText(key, one)).join(', ');
  return Object.entries(value)
    .map(([name, one]) => `${inWords(name)} ${valueText(name, one)}`)
    .join(', ');
}

function numberText(key: string, value: number): string {
  // A name that happens to be a number.
  if (/(xid|pid|timeline)$/i.test(key)) return String(value);
  if (key.endsWith('Bytes')) return formatBytes(value);
  if (key.endsWith('Ms')) return value < 60_000 ? `${(value / 1000).toFixed(1)} s` : formatDuration(value);
  return key.endsWith('Seconds') ? `${value} s` : Number.isInteger(value) ? formatCount(value) : String(value);
}
