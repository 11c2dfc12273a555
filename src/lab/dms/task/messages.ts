import type {RelationName} from '../../../domain/pg/relation.ts';
import {parseLsn, type Lsn} from '../../../domain/pg/lsn.ts';

/** A row as JSON: its columns and values. A number is kept as it was written: int8 and numeric exceed a double. */
export type Tuple = Readonly<Record<string, unknown>>;

/** A change of one row, as the plugin pglogical writes it. */
export interface Change {
  readonly action: 'I' | 'U' | 'D';
  readonly relation: RelationName;
  /** The row after it; null for a DELETE. What an UPDATE left out of line is not in it. */
  readonly after: Tuple | null;
  /** The key before it; of an UPDATE only where the key has changed. */
  readonly key: Tuple | null;
  /** The message as it came, which is what is applied: a value of type json is kept to the letter only there. */
  readonly json: string;
}

/** The change with other values. Pure. */
export function withValues(change: Change, after: Tuple): Change {
  return {...change, after, json: JSON.stringify({newtuple: after, oldtuple: change.key})};
}

/** What a transaction does: to a row, or to a whole table. */
export type Entry = Change | {readonly action: 'T'; readonly relation: RelationName};

/** What one message says. */
export type Message =
  | {readonly kind: 'begin' | 'other'}
  | {readonly kind: 'change'; readonly change: Change}
  | {readonly kind: 'truncate'; readonly relation: RelationName}
  | {readonly kind: 'commit'; readonly commitLsn: Lsn; readonly endLsn: Lsn};

/** A parsed message, with what is read of it. */
interface Raw {
  readonly action?: string;
  readonly relation?: readonly [string, string];
  readonly newtuple?: Tuple;
  readonly oldtuple?: Tuple;
  readonly final_lsn?: string;
  readonly end_lsn?: string;
}

/** Reads a message of the plugin pglogical with `proto_format` json. Pure. */
export function parseMessage(text: string): Message {
  const raw: Raw = parseJson(text);
  const {action, final_lsn: commitLsn = '', end_lsn: endLsn = ''} = raw;
  if (action === 'B') return {kind: 'begin'};
  if (action === 'C') return {kind: 'commit', commitLsn: parseLsn(commitLsn), endLsn: parseLsn(endLsn)};
  return action === 'I' || action === 'U' || action === 'D' ? changeOf(action, raw, text) : {kind: 'other'};
}

/** The extension's own tables, in which a TRUNCATE travels. */
const OWN_SCHEMA = 'pglogical';

function changeOf(action: Change['action'], {relation = ['', ''], newtuple, oldtuple}: Raw, json: string): Message {
  const [schema, name] = relation;
  if (schema === OWN_SCHEMA) return name === 'queue' ? queued(newtuple ?? {}) : {kind: 'other'};
  return {
    kind: 'change',
    change: {action, relation: {schema, name}, after: newtuple ?? null, key: oldtuple ?? null, json},
  };
}

/** A TRUNCATE comes as a row of pglogical's queue. */
function queued(row: Tuple): Message {
  if (row['message_type'] !== 'T') return {kind: 'other'};
  const message = row['message'];
  const truncated: {schema_name: string; table_name: string} = parseJson(
    typeof message === 'string' ? message : JSON.stringify(message),
  );
  const {schema_name: schema, table_name: name} = truncated;
  return {kind: 'truncate', relation: {schema, name}};
}

/** JSON whose numbers stay as they are written; whoever asks knows its shape, which is the plugin's own. */
// oxlint-disable-next-line typescript/no-explicit-any -- as JSON.parse gives it
function parseJson(text: string): any {
  return JSON.parse(text, keepNumbers);
}

function keepNumbers(_key: string, value: unknown, context?: {readonly source?: string}): unknown {
  if (typeof value !== 'number' || context?.source === undefined || !('rawJSON' in JSON)) return value;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types come later than Node 24
  return (JSON as unknown as {rawJSON(text: string): unknown}).rawJSON(context.source);
}
