import {NOT_MIGRATED} from '../../../pg/capture/dms-losses.ts';
import {withValues, type Change, type Tuple} from './messages.ts';
import type {Column, Relation} from './relations.ts';

/** What of a task's and an endpoint's settings decides about losses. */
export interface LossSettings {
  readonly trimSpaceInChar: boolean;
}

/** A change as DMS would apply it; null where it applies nothing; or why it fails. */
export type Lossy = Change | null | {readonly error: string};

const LOB = /^(?:text|bytea|json|jsonb|xml|hstore|tsvector|character varying)$/;
const TIME = /^(?:date|timestamp)/;

/**
 * A change as AWS's documentation has DMS apply it, where that is not as it was made: a changed key is dropped, infinite times are clipped, numeric without
 * precision is rounded to numeric(28,6), trailing spaces of char(n) go by setting, columns of types that it does not migrate are empty, a NULL array
 * comes empty, an INSERT into a table with a LOB that is NOT NULL fails. Source: facts/dms.md, its last paragraph. Pure.
 */
export function withLosses(change: Change, {columns}: Relation, settings: LossSettings): Lossy {
  const {action, after, key} = change;
  if (action === 'U' && key !== null && isKeyChanged(after ?? {}, key)) return null;
  const lob = columns.find(({type, notNull}) => notNull && LOB.test(type));
  if (action === 'I' && lob !== undefined)
    return {error: `null value in column "${lob.name}" violates not-null constraint`};
  if (after === null) return change;
  const known = new Map(columns.map((column) => [column.name, column]));
  const changed = Object.entries(after).flatMap(([name, value]): [string, unknown][] => {
    const column = known.get(name);
    if (column === undefined) return [[name, value]];
    if (column.isOwnType || NOT_MIGRATED.includes(column.base))
      return action === 'I' && !column.notNull ? [[name, null]] : [];
    return [[name, lossyValue(value, column, settings)]];
  });
  return withValues(change, Object.fromEntries(changed));
}

function isKeyChanged(after: Tuple, key: Tuple): boolean {
  return Object.entries(key).some(([name, value]) => value !== null && textOf(after[name]) !== textOf(value));
}

function lossyValue(value: unknown, {type}: Column, {trimSpaceInChar}: LossSettings): unknown {
  if (value === null) return type.endsWith('[]') ? [] : null;
  if (typeof value === 'string' && TIME.test(type)) {
    if (value === 'infinity') return '9999-12-31';
    return value === '-infinity' ? '4713-01-01 BC' : value;
  }
  if (type === 'numeric') return roundTo6(textOf(value));
  if (trimSpaceInChar && typeof value === 'string' && type.startsWith('character')) return value.trimEnd();
  return value;
}

/** `1.23456789` → `1.234568`, by whole numbers: a double would change more. */
function roundTo6(text: string): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (fraction.length <= 6) return text;
  const scaled = BigInt(whole + fraction.slice(0, 6)) + (Number(fraction[6]) >= 5 ? 1n : 0n);
  const digits = String(scaled).padStart(7, '0');
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** A value as text; a number as it was written. */
function textOf(value: unknown): string {
  const json = JSON.stringify(value) ?? '';
  return typeof value === 'string' ? value : json;
}

/** The change with its first LOB that is longer than the limit cut off; the same where none is. Pure. */
export function cutLob(change: Change, {columns}: Relation, limit: number): Change {
  const {after} = change;
  const long = columns.find(({name, type}) => {
    const value = after?.[name];
    return LOB.test(type) && typeof value === 'string' && value.length > limit;
  });
  if (long === undefined || after === null) return change;
  return withValues(change, {...after, [long.name]: textOf(after[long.name]).slice(0, limit)});
}
