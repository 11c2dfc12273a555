import {printable} from '../../../domain/base/printable.ts';
import {SQLSTATE} from '../../../pg/session/sqlstate.ts';

/** A statement of a schema that a server refused. */
export interface Refusal {
  /** `FUNCTION legacy_hash(text)` and its schema, as pg_restore heads it; `statement` where nothing heads it. */
  readonly object: string;
  readonly kind: string;
  /** Where the statement ends in the file, from 1. */
  readonly line: number;
  readonly sqlstate: string;
  readonly words: string;
  /** The server's HINT; empty without one. */
  readonly hint: string;
}

const ERROR = /^psql:.*?:(\d+): (?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5}): (.*)$/;
const HEAD = /^-- Name: (.*); Type: (.*); Schema: (.*); Owner: ?.*$/;

/** What psql said under VERBOSITY=verbose, with the object of each error by the headings of the file that it ran. Pure. */
export function parseRefusals(said: string, file: string): Refusal[] {
  const lines = file.split('\n');
  const refusals: Refusal[] = [];
  for (const line of said.split('\n')) {
    const [, at, sqlstate, words] = ERROR.exec(line) ?? [];
    if (at !== undefined && sqlstate !== undefined && words !== undefined) {
      refusals.push({...headedBy(lines, Number(at)), line: Number(at), sqlstate, words: printable(words), hint: ''});
    }
    const hint = /^HINT: {2}(.*)$/.exec(line)?.[1];
    const last = refusals.at(-1);
    if (hint !== undefined && last !== undefined) refusals[refusals.length - 1] = {...last, hint: printable(hint)};
  }
  return refusals;
}

function headedBy(lines: readonly string[], before: number): Pick<Refusal, 'object' | 'kind'> {
  for (let at = Math.min(before, lines.length) - 1; at >= 0; at -= 1) {
    const [, name, kind, schema] = HEAD.exec(lines[at] ?? '') ?? [];
    if (name === undefined || kind === undefined || schema === undefined) continue;
    return {object: printable(`${kind} ${schema === '-' ? '' : `${schema}.`}${name}`), kind};
  }
  return {object: 'statement', kind: ''};
}

/** What fails where something that it needs was refused before. */
const NEEDS_ANOTHER: ReadonlySet<string> = new Set([
  SQLSTATE.undefinedTable,
  SQLSTATE.undefinedObject,
  SQLSTATE.undefinedFunction,
  SQLSTATE.undefinedColumn,
  SQLSTATE.invalidSchemaName,
]);

/** Kinds whose roles come with copy-globals, after the rehearsal. */
const NAMES_ROLES: ReadonlySet<string> = new Set(['POLICY', 'USER MAPPING']);

/** Refusals that are a reason, and how many others only follow from these. */
export interface Judged {
  readonly reasons: readonly Refusal[];
  readonly followers: number;
  /** Extensions that the target's own database has and the scratch database could not be given. */
  readonly unknown: readonly string[];
}

/**
 * Divides refusals: what names a role is left out, roles come later; an extension that the target has already is no refusal, and what then
 * misses something is not known to be one. Pure.
 */
export function judgeRefusals(refusals: readonly Refusal[], extensionsThere: readonly string[]): Judged {
  const real = refusals.filter(({kind, sqlstate}) => !(NAMES_ROLES.has(kind) && sqlstate === SQLSTATE.undefinedObject));
  const isThere = ({kind, object}: Refusal): boolean =>
    kind === 'EXTENSION' && extensionsThere.some((name) => object === `EXTENSION ${printable(name)}`);
  const unknown = real.filter(isThere).map(({object}) => object.slice('EXTENSION '.length));
  const others = real.filter((refusal) => !isThere(refusal));
  const first = others.filter(({sqlstate}) => !NEEDS_ANOTHER.has(sqlstate));
  const followers = others.length - first.length;
  if (unknown.length > 0) return {reasons: first, followers: 0, unknown};
  return first.length === 0 ? {reasons: others, followers: 0, unknown} : {reasons: first, followers, unknown};
}
