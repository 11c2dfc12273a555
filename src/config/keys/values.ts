import {z} from 'zod';
import {parseRelation, type RelationName} from '../../domain/pg/relation.ts';
import {parseDuration, parseSize} from '../quantities.ts';

/** Neither a timer here nor a statement_timeout there can be longer; 0 would be no limit at all. */
const LONGEST_MS = 24 * 86_400_000;

/** What a rule of the schema may add to its message, which says what a value must be. */
export interface IssueParams {
  /** What to write instead; else the example of `longhaul init`. */
  readonly write?: string;
  /** Whether `write` is an entry of a list. */
  readonly entry?: true;
  /** Whether the message is whole: what is wrong and what to do. */
  readonly whole?: true;
}

/** A duration of at least `least`; milliseconds. */
export const durationFrom = (least: string) => {
  const message = `must be a duration with its unit (ms, s, min, h, d), from ${least} to 24d`;
  return z.union([z.string(), z.number()], message).transform((value, ctx): number => {
    const ms = parseDuration(String(value));
    if (ms !== null && ms >= (parseDuration(least) ?? 0) && ms <= LONGEST_MS) return ms;
    ctx.addIssue({code: 'custom', message, params: withUnit(value, 's')});
    return z.NEVER;
  });
};

/** A duration of at least a second; milliseconds. */
export const duration = durationFrom('1s');

const SIZE = 'must be a size with its unit (B, kB, MB, GB, TB), above 0';

/** Bytes. */
export const size = z.union([z.string(), z.number()], SIZE).transform((value, ctx): number => {
  const bytes = parseSize(String(value));
  if (bytes !== null && bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  ctx.addIssue({code: 'custom', message: SIZE, params: withUnit(value, 'GB')});
  return z.NEVER;
});

/** A table of a terabyte would be sixteen million units of this size; what is smaller is a slip. */
const LEAST_UNIT = '64kB';
const SIZE_OR_AUTO = `must be auto, or a size with its unit (B, kB, MB, GB, TB), from ${LEAST_UNIT}`;

/** Bytes, enough for a unit of the load; null for `auto`. */
export const sizeOrAuto = z.union([z.string(), z.number()], SIZE_OR_AUTO).transform((value, ctx): number | null => {
  const bytes = parseSize(String(value));
  if (value === 'auto') return null;
  if (bytes !== null && bytes >= (parseSize(LEAST_UNIT) ?? 0) && Number.isSafeInteger(bytes)) return bytes;
  ctx.addIssue({code: 'custom', message: SIZE_OR_AUTO, params: withUnit(value, 'GB')});
  return z.NEVER;
});

/** What to write instead of a number without its unit: `3` → `3s`. */
function withUnit(value: string | number, unit: string): IssueParams {
  return /^[1-9]\d*(\.\d+)?$/.test(String(value)) ? {write: `${value}${unit}`} : {};
}

const TABLE =
  'must be a table with its schema, each of at most 63 bytes, with "double quotes" where SQL needs them, and no pattern or catalog';

/** Whether PostgreSQL can have the name: it cuts off what is beyond 63 bytes. */
export function isIdentifier(name: string): boolean {
  return Buffer.byteLength(name) <= 63;
}

/** PostgreSQL's own schemas, which no migration moves. */
export const OWN_SCHEMA = /^pg_|^information_schema$/;

/** A table: `public.events`, `"Mixed Case".orders`. */
export const relation = z.string(TABLE).transform((text, ctx): RelationName => {
  const name = parseRelation(text);
  // A name of an application's that has one of these wants its quotes, here as in SQL; who writes it without means many tables.
  const isPattern = /[*%?]/.test(text.replaceAll(/"[^"]*"/g, ''));
  const isName = name !== null && !isPattern && isIdentifier(name.schema) && isIdentifier(name.name);
  if (isName && !OWN_SCHEMA.test(name.schema)) return name;
  ctx.addIssue({code: 'custom', message: TABLE, params: {write: 'schema.table', entry: true}});
  return z.NEVER;
});

/** A whole number in these limits. */
export const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
};

const PATH =
  'must be a path of this machine on one line, in which only ~/ at its beginning has another meaning (no $NAME, ~user or URL)';
/** What a shell, another program or a library would make of it is made here of nothing: a folder would get that name. */
const NO_PATH = /^\s|\s$|[\n\r\t]|^~[^/]|\$[A-Za-z_{(]|^[a-z][a-z0-9+.-]*:\/\//i;

/** A path as it is written; `~/` is left to who uses it. */
export const path = z.string('must be text').refine((text) => text !== '' && !NO_PATH.test(text), PATH);

const COMMAND = 'must be a list: a program and its arguments';
const WORD = 'must be a word of the command, in quotes where it is a number';

/** A program and its arguments. */
export const command = z.array(z.string(WORD).min(1, WORD), COMMAND).min(1, COMMAND);

/** What YAML 1.1 took for true, and YAML 1.2 has as words; true and false as well. */
export const yesOrNo = z
  .union([z.enum(['yes', 'no']), z.boolean()], 'must be yes or no')
  .transform((value) => value === 'yes' || value === true);
