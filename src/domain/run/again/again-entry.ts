import {counted, formatCount} from '../../base/units.ts';
import {formatRelation, type RelationName} from '../../pg/relation.ts';
import type {JournalEntry} from '../event.ts';
import {describeComparison} from '../row-difference.ts';

/** What is about comparing while change capture runs. */
export type AgainEntry = Extract<JournalEntry, {type: `again.${string}` | `fence.${string}`}>;

const TYPES: ReadonlySet<string> = new Set<AgainEntry['type']>([
  'again.begun',
  'again.compared',
  'again.ended',
  'fence.raised',
  'fence.lowered',
]);

/** Whether an event is one of these. */
export function isAgainEntry(entry: JournalEntry): entry is AgainEntry {
  return TYPES.has(entry.type);
}

/** One of them for people. Pure. */
export function describeAgain(entry: AgainEntry): string {
  switch (entry.type) {
    case 'again.begun':
      return `rows are compared while change capture runs, by ${entry.by}: ${counted(entry.tables, 'table')}, ${entry.how === 'fence' ? 'replica and target held at one commit' : 'converging'}${describeLeftOut(entry.leftOut ?? [])}`;
    case 'again.compared': {
      const undecided =
        entry.undecided === 0 ? '' : `; ${counted(entry.undecided, 'row')} undecided: written to all the time`;
      return `${describeComparison({...entry, how: 'rows', monthsThatDiffer: []})}${undecided}`;
    }
    case 'again.ended':
      return entry.failure === null
        ? 'the comparison while change capture runs has come to its end'
        : `the comparison while change capture runs has ended: ${entry.failure.message}. What to do: ${entry.failure.remedy}`;
    case 'fence.raised':
      return `apply and replay are held for a comparison: ${entry.slots.join(', ')}`;
    case 'fence.lowered':
      return `apply and replay go on, by ${entry.by}`;
  }
}

/** So many names are told. */
const TOLD = 10;

/** Tables that a comparison leaves out, at the end of a sentence about it; empty where it leaves none out. Pure. */
export function describeLeftOut(tables: readonly RelationName[]): string {
  if (tables.length === 0) return '';
  const names = tables.slice(0, TOLD).map((table) => formatRelation(table));
  const more = tables.length > TOLD ? ` and ${formatCount(tables.length - TOLD)} more` : '';
  return `; left out, for change capture does not bring them whole and the cutover copies what is missing: ${names.join(', ')}${more}`;
}
