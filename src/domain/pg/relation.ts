import {quoteIdentifier} from './identifier.ts';
import {printable} from '../base/printable.ts';

/** The name of a table as the catalog holds it, unquoted: `{schema: 'public', name: 'events'}`. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

/** A relation as SQL, both parts quoted: `"public"."events"`. Also its unambiguous key in maps and files. */
export function quoteRelation(relation: RelationName): string {
  return `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
}

/** A relation for people: `public.events`, quotes only where SQL would need them, control characters made visible. */
export function formatRelation(relation: RelationName): string {
  return `${quoteWhereNeeded(relation.schema)}.${quoteWhereNeeded(relation.name)}`;
}

/** Whether two names are the same relation. */
export function sameRelation(a: RelationName, b: RelationName): boolean {
  return a.schema === b.schema && a.name === b.name;
}

const PLAIN = /^[a-z_][a-z0-9_$]*$/;

function quoteWhereNeeded(name: string): string {
  return printable(writePart(name));
}

/** Those of the first tables that are among the others. Pure. */
export function within(tables: readonly RelationName[], others: readonly RelationName[]): RelationName[] {
  return without(tables, without(tables, others));
}

/** The first tables without the others. Pure. */
export function without(tables: readonly RelationName[], others: readonly RelationName[]): RelationName[] {
  const names = new Set(others.map((table) => quoteRelation(table)));
  return tables.filter((table) => !names.has(quoteRelation(table)));
}

const PART = String.raw`(?:"((?:[^"\0]|"")+)"|([^\s".\0]+))`;
const QUALIFIED = new RegExp(`^${PART}\\.${PART}$`);

/**
 * A relation as an operator writes it in longhaul.yaml or the plan: `public.events`, `"Mixed Case".orders`, `billing."we""ird"`.
 * Unquoted parts fold to lower case, as in SQL. Null when the text is not schema.name.
 */
export function parseRelation(text: string): RelationName | null {
  const match = QUALIFIED.exec(text.trim());
  if (match === null) return null;
  const [, quotedSchema, plainSchema, quotedName, plainName] = match;
  return {schema: unquote(quotedSchema, plainSchema), name: unquote(quotedName, plainName)};
}

/** A relation as it is written to a file that `parseRelation` reads back, every character kept. */
export function writeRelation(relation: RelationName): string {
  return `${writePart(relation.schema)}.${writePart(relation.name)}`;
}

function writePart(name: string): string {
  return PLAIN.test(name) ? name : quoteIdentifier(name);
}

function unquote(quoted: string | undefined, plain: string | undefined): string {
  if (quoted !== undefined) return quoted.replaceAll('""', '"');
  return (plain ?? '').toLowerCase();
}
