import type {Difference} from '../../../domain/run/difference.ts';
import {inOneLine} from '../../../pg/objects/one-line.ts';
import {printable} from '../../../domain/base/printable.ts';

/** A difference between the objects of both sides, with what mends it. */
export interface ObjectDifference extends Difference {
  /** SQL for the target that mends it; null where none does by itself. */
  readonly statement: string | null;
  /** Whether the statement makes something that is missing, so that `--fix` may run it. */
  readonly creates: boolean;
  /** What is first has to be mended first: a schema before its tables. */
  readonly rank: number;
}

/** What both sides came to. */
export interface ObjectsCompared {
  /** How many objects the source has. */
  readonly objects: number;
  /** In the order in which they can be mended. */
  readonly differences: readonly ObjectDifference[];
  /** What differs as it was meant to, each with the step that brings it, or why none does. */
  readonly expected: readonly string[];
}

const ORDER = [
  'schema',
  'extension',
  'language',
  'access method',
  'collation',
  'type',
  'domain',
  'domain constraint',
  'function',
  'procedure',
  'aggregate',
  'operator',
  'operator family',
  'operator class',
  'cast',
  'transform',
  'conversion',
  'text search parser',
  'text search template',
  'text search dictionary',
  'text search configuration',
  'foreign data wrapper',
  'server',
  'user mapping',
  'sequence',
  'table',
  'foreign table',
  'column',
  'index',
  'check',
  'foreign key',
  'view',
  'materialized view',
  'trigger',
  'rule',
  'policy',
  'statistics',
  'large object',
  'grant',
  'default privileges',
  'comment',
];

const AFTER_ALL = ORDER.indexOf('grant') - 1;

/** When a difference of an object of this kind is mended. What is said of an object (owner, comment) comes once all are there. Pure. */
export function rankOf(kind: string, part: string | null): number {
  const own = ORDER.indexOf(kind);
  const at = own === -1 ? ORDER.length : own;
  if (part === 'owner') return AFTER_ALL;
  return part === 'comment' ? ORDER.indexOf('comment') : at;
}

const LONGEST = 300;

/** A text of the catalogs in one line that a person reads. Pure. */
export function shortly(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return 'none';
  const line = printable(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** What an operator does about a difference that a statement mends. Pure. */
export function onTarget(statement: string): string {
  return `on the target: ${inOneLine(statement)}; then longhaul run`;
}

/** What an operator does about what only the target has: Longhaul drops nothing. Pure. */
export function onlyThere(drop: string): string {
  return `when that is not wanted, on the target: ${inOneLine(drop)}; then longhaul run`;
}
