import type {Filled} from '../../../domain/run/drift/schema-change.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import {shortly} from '../objects/object-difference.ts';
import type {Drift} from './drift.ts';
import type {Paired} from './pair-facts.ts';

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

/** The tables whose rows DDL has written: by a column that was filled, or by a rewrite. Pure. */
export function fillsOfRewrite(paired: readonly Paired[], changes: readonly Drift[]): Filled[] {
  const byColumn = changes.flatMap(({table, fills, object}) =>
    table === null || fills === null ? [] : [{table, how: `${object} is new; ${fills}`, mark: object}],
  );
  if (byColumn.length > 0) return byColumn.slice(0, 1);
  return paired.flatMap(({before, now}): Filled[] => {
    if (before?.kind !== 'rewrite' || now === null || now.schema === null || now.relation === null) return [];
    // TRUNCATE and VACUUM FULL give a table another file, and say nothing new of its columns.
    const isRewritten = before.parts['file'] !== now.parts['file'] && before.parts['columns'] !== now.parts['columns'];
    const table = {schema: now.schema, name: now.relation};
    return isRewritten
      ? [{table, how: 'its rows were written anew by DDL on the source', mark: `file ${now.parts['file']}`}]
      : [];
  });
}
