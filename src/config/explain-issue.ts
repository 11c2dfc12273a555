import type {z} from 'zod';
import {exampleOf, keysAt} from './example.ts';
import type {IssueParams} from './keys/values.ts';
import {nearest} from './nearest.ts';
import {fileSchema} from './schema.ts';

/** A problem with where it is: the keys down to it, and what is wrong in words. */
export interface Explained {
  readonly keys: readonly PropertyKey[];
  readonly words: string;
}

/**
 * A problem of the schema for the operator: the key, what is there, what it must be, and what to write; for an unknown key the nearest
 * one that is known: `load.lanes: is 0, and must be a whole number from 1 to 64: write lanes: 6`. Pure.
 */
export function explainIssue(issue: z.core.$ZodIssue): Explained[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({keys: [...issue.path, key], words: explainUnknown(issue.path, key)}));
  }
  const keys = issue.path;
  const name = nameOf(keys);
  const {write, entry, whole}: IssueParams = issue.code === 'custom' ? (issue.params ?? {}) : {};
  if (whole === true) return [{keys, words: `${name}: ${issue.message}`}];
  const remedy = entry === true ? `write ${write ?? ''}` : writeInstead(keys, write, issue.input);
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [{keys, words: `${name}: is missing: ${remedy}`}];
  return [{keys, words: `${name}: is ${describe(issue.input, keys)}, and ${issue.message}: ${remedy}`}];
}

/** `tables.include, entry 2`. */
function nameOf(keys: readonly PropertyKey[]): string {
  const last = keys.at(-1);
  if (keys.length === 0) return 'the file';
  return typeof last === 'number'
    ? `${keys.slice(0, -1).map(String).join('.')}, entry ${last + 1}`
    : keys.map(String).join('.');
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a section: keys with values, each on its own line',
  record: 'a section: keys with values, each on its own line',
};

/** What a value must be, where the schema does not say it itself; its library's own words are for programmers. Pure. */
export function mustBe(issue: z.core.$ZodRawIssue): string {
  return `must be ${(issue.code === 'invalid_type' ? TYPES[issue.expected] : undefined) ?? 'something else'}`;
}

/** May hold a password, or a token on a command's line. */
function isPrivate(keys: readonly PropertyKey[]): boolean {
  const names = keys.filter((key) => typeof key === 'string');
  return names.length === 1
    ? ['source', 'replica', 'target'].includes(names[0] ?? '')
    : ['command', 'node_dsn', 'dsn'].includes(names.at(-1) ?? '');
}

function describe(value: unknown, keys: readonly PropertyKey[]): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'string')
    return isPrivate(keys) ? 'text' : `"${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`;
  if (typeof value === 'number') return isPrivate(keys) ? 'a number' : `the number ${value}`;
  return typeof value === 'boolean' ? String(value) : 'a section with keys';
}

/** `write lanes: 6`; text that was read as a number or as true only wants its quotes. */
function writeInstead(keys: readonly PropertyKey[], write: string | undefined, input: unknown): string {
  const names = keys.filter((key) => typeof key !== 'number').map(String);
  const own = names.at(-1) ?? '';
  const example = write ?? exampleOf(names);
  if (names.join('.') === 'run' && typeof input === 'number') return `write run: "run-${input}"`;
  if (typeof keys.at(-1) === 'number') return `write ${firstEntry(example ?? '')}`;
  if (example === null) return 'longhaul init --config NEW writes an example with every key';
  return `write ${own}: ${example}`;
}

/** `[public.events, billing.x]` → `public.events`. */
function firstEntry(list: string): string {
  return /^\[([^,\]]+)/.exec(list)?.[1] ?? 'an entry in quotes';
}

function explainUnknown(path: readonly PropertyKey[], key: string): string {
  const name = [...path, key].map(String).join('.');
  const known = keysAt(path.map(String));
  const near = nearest(key, known);
  if (near !== null) return `${name}: there is no such key; did you mean ${near}?`;
  const sections = Object.keys(fileSchema.shape).filter((section) => keysAt([section]).includes(key));
  if (path.length === 0 && sections.length > 0)
    return `${name}: there is no such key here; it belongs below ${sections.join(' or ')}, indented`;
  if (path.length > 0 && key in fileSchema.shape)
    return `${name}: there is no such key here; it belongs at the margin, not below ${path.map(String).join('.')}`;
  return `${name}: there is no such key: take it out${known.length === 0 ? '' : `; known here: ${known.join(', ')}`}`;
}
