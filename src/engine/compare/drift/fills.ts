import {createHash} from 'node:crypto';
import {printable} from '../../../domain/base/printable.ts';
import type {Filled} from '../../../domain/run/drift/schema-change.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import {shortly} from '../objects/object-difference.ts';
import type {Paired} from './pair-facts.ts';
import {takenColumns} from './taken-names.ts';

/** A value that is the same whenever and wherever it is evaluated: `0`, `'x'::text`, `(-1)`, `NULL::integer`. */
const CONSTANT = /^\(?(?:[-+]?[\d.]+(?:e[-+]?\d+)?|'(?:[^']|'')*'|NULL|true|false)\)?(?:::[a-z][\w. "[\]()]*)?$/i;

/** How a new column has filled the rows that were there, where the target would fill them otherwise; null where it would not. Pure. */
export function fillsOfColumn({kind, parts}: ChosenFact): string | null {
  if (kind !== 'column') return null;
  if (parts['identity'] != null) return 'its rows were numbered on the source';
  const value = parts['default'] ?? null;
  if (value === null || CONSTANT.test(value)) return null;
  return `its rows were filled with ${shortly(value)} on the source`;
}

/** Whether the rows that a table had are others than the target has: by a column that DDL has filled, a rewrite, or a column that has another one's name. A partitioned table has none of its own; its partitions tell it. Pure. */
export function fillsOfTable(paired: readonly Paired[]): Filled[] {
  const file = paired.find(({before, now}) => before?.kind === 'rewrite' && now !== null);
  if (file === undefined) return [];
  const columns = [...filledColumns(paired, new Set(file.now?.parts['missing']?.split(' '))), ...takenColumns(paired)];
  const isWritten = isRewritten(file);
  const table = tableOf(file.now);
  const [column] = columns;
  if (table === null || (column === undefined && !isWritten)) return [];
  const how = column === undefined ? 'its rows were written anew by DDL on the source' : printable(column.how);
  const filled = isWritten ? [] : [...new Set(columns.map(({id}) => id))];
  return [{table, how, mark: markOf({file: file.now?.parts ?? {}, filled})}];
}

/** The new columns that have written rows; `missing` are the numbers of those that rows get without having them. */
function filledColumns(paired: readonly Paired[], missing: ReadonlySet<string>): {id: string; how: string}[] {
  return paired.flatMap(({before, now}) => {
    if (before !== null || now?.kind !== 'column' || now.id === null) return [];
    const {id, name, parts} = now;
    const isByType = parts['default'] == null && missing.has(id.slice(id.indexOf('.') + 1));
    const how = isByType ? 'its rows were filled with the default of its type on the source' : fillsOfColumn(now);
    return how === null ? [] : [{id, how: `column ${name} is new; ${how}`}];
  });
}

/** TRUNCATE and VACUUM FULL give a table another file, and say nothing new of its columns. */
function isRewritten({before, now}: Paired): boolean {
  return before?.parts['file'] !== now?.parts['file'] && before?.parts['columns'] !== now?.parts['columns'];
}

function tableOf(fact: ChosenFact | null): Filled['table'] | null {
  return fact?.schema == null || fact.relation === null ? null : {schema: fact.schema, name: fact.relation};
}

/** The file, what its columns were when it was written, and the columns that were filled without writing it anew. */
function markOf({file, filled}: {readonly file: ChosenFact['parts']; readonly filled: readonly string[]}): string {
  const columns = createHash('sha256')
    .update(file['columns'] ?? '')
    .digest('hex')
    .slice(0, 8);
  return [`file ${file['file'] ?? 'none'}`, `columns ${columns}`, ...filled.map((id) => `filled ${id}`)].join(', ');
}
