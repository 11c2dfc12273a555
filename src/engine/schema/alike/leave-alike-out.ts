import type {RelationName} from '../../../domain/pg/relation.ts';
import type {TocEntry} from '../copy/toc.ts';
import {entryTexts, type EntryText} from './entry-texts.ts';
import {isPartOfTable, shapeOf} from './shape.ts';

/** Entries of a dump of which one of each shape is left, and what the others would have made. */
export interface Tried {
  readonly entries: readonly TocEntry[];
  /** How many tables are like one that is left. */
  readonly alike: number;
  /** The relations of these: tables, sequences, indexes. */
  readonly notMade: readonly RelationName[];
}

/**
 * Leaves out tables that differ from another by their names alone, with all that is part of them, foreign keys and the tables that these connect
 * among it: what a server says to one it says to all, unless a name is taken. Whatever else needs such a table (a view, a trigger, a
 * partition) keeps it. `file` is what pg_restore has written of all entries. Pure.
 */
export function leaveAlikeOut(entries: readonly TocEntry[], file: string): Tried {
  const texts = entryTexts(entries, file);
  if (texts === null) return {entries, alike: 0, notMade: []};
  const made = new Set(texts.flatMap(schemaOf));
  const seen = new Set<string>();
  const leftOut = new Set<number>();
  const notMade: RelationName[] = [];
  let alike = 0;
  for (const group of connected(texts)) {
    const shape = shapeOf(group, made);
    if (shape === null) continue;
    if (!seen.has(shape.words)) {
      seen.add(shape.words);
      continue;
    }
    for (const {entry} of group) leftOut.add(entry.id);
    notMade.push(...shape.relations);
    alike += group.filter(({entry}) => entry.kind === 'TABLE').length;
  }
  return {entries: entries.filter(({id}) => !leftOut.has(id)), alike, notMade};
}

function schemaOf({entry, text}: EntryText): string[] {
  if (entry.kind !== 'SCHEMA') return [];
  const name = /^CREATE SCHEMA ("(?:[^"]|"")*"|[a-z_][a-z0-9_]*);/.exec(text)?.[1];
  return name === undefined ? [] : [name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name];
}

/** Parts of tables that need each other, each group in the dump's order; without those that anything else needs. */
function connected(texts: readonly EntryText[]): EntryText[][] {
  const parts = texts.filter(({entry}) => isPartOfTable(entry.kind));
  const over = new Map(parts.map(({entry}) => [entry.id, entry.id]));
  const rootOf = (id: number): number => {
    let root = id;
    for (let next = over.get(root); next !== undefined && next !== root; next = over.get(root)) {
      over.set(root, over.get(next) ?? next);
      root = next;
    }
    return root;
  };
  for (const {entry} of parts)
    for (const need of entry.needs) if (over.has(need)) over.set(rootOf(entry.id), rootOf(need));
  const needed = new Set(
    texts.flatMap(({entry}) => (over.has(entry.id) ? [] : entry.needs.filter((need) => over.has(need)).map(rootOf))),
  );
  return [...Map.groupBy(parts, ({entry}) => rootOf(entry.id))].flatMap(([root, group]) =>
    needed.has(root) ? [] : [group],
  );
}
