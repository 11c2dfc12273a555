import {sameRelation, type RelationName} from '../../pg/relation.ts';

/** Something of the source's schema that is not as it was at P. No change capture carries it. */
export interface SchemaChange {
  /** What it is: `column public.t.x`, as it was called at P where it has another name now. */
  readonly object: string;
  /** `is new`, `is gone`, `is called public.u now`, `has another type`. */
  readonly change: string;
  /** Before and after: `integer before, bigint now`; empty where the change says it all. */
  readonly why: string;
  /** What makes the target follow, as SQL; null where no statement does it by itself. */
  readonly statement: string | null;
  /** The table that it is or is part of; null where it is of none. */
  readonly table: RelationName | null;
  /** How it wrote rows of the table, which no change capture carries either; null where it wrote none. */
  readonly fills: string | null;
}

/** `column public.t.x has another type: integer before, bigint now`. Pure. */
export function describeChange({object, change, why, fills}: SchemaChange): string {
  return `${object} ${change}${why === '' ? '' : `: ${why}`}${fills === null ? '' : `; ${fills}`}`;
}

/** A table whose rows DDL has written, which no change capture carries. */
export interface Filled {
  readonly table: RelationName;
  readonly how: string;
  /**
   * What tells it from another time: `file 16423, columns 5c0e11d2`, and the columns that were filled without another file, `filled 16400.5`. A journal of an
   * earlier version has only the first, or the name of a column.
   */
  readonly mark: string;
}

/** How the source's schema differs from what it was at P, as far as the target has not followed. */
export interface SchemaDrift {
  /** How many changes there are; `changes` has the first of them. */
  readonly total: number;
  readonly changes: readonly SchemaChange[];
  /** What an operator has said that the target may be without, or has in other words: `nameOfChange` of each. */
  readonly accepted?: readonly string[];
  /** Every table whose rows DDL has written since P. */
  readonly filled: readonly Filled[];
}

/** Nothing has changed. */
export const NO_DRIFT: SchemaDrift = {total: 0, changes: [], filled: []};

/** What a change is accepted by: what it is changed to, too, so that the next one of the same object is another. */
export function nameOfChange({object, change, why}: SchemaChange): string {
  return `${object} ${change} ${why}`;
}

/** The changes that the target has neither followed nor is to be without. Pure. */
export function openChanges({changes, accepted = []}: SchemaDrift): SchemaChange[] {
  return changes.filter((one) => !accepted.includes(nameOfChange(one)));
}

/** Why the target cannot take over yet, with what to do; empty where it can. Pure. */
export function whyNotFollowed(drift: SchemaDrift): {readonly why: string; readonly remedy: string}[] {
  const [first] = openChanges(drift);
  return first === undefined
    ? []
    : [
        {
          why: `the schema of the source has changed since P: ${describeChange(first)}`,
          remedy: 'longhaul drift has all of it, with what makes the target follow; longhaul accept leaves it as it is',
        },
      ];
}

/**
 * Whether it is the same writing of a table's rows: not one more, by which a comparison is owed once more. VACUUM FULL gives the table another file
 * afterwards, and DDL that writes no rows other columns; what has written them has changed both. Pure.
 */
export function isSameFill(a: Filled, b: Filled): boolean {
  const [fileOfA, columnsOfA, ...filledOfA] = a.mark.split(', ');
  const [fileOfB, columnsOfB, ...filledOfB] = b.mark.split(', ');
  const isSameFile = fileOfA === fileOfB || (columnsOfA !== undefined && columnsOfA === columnsOfB);
  return sameRelation(a.table, b.table) && isSameFile && filledOfA.join() === filledOfB.join();
}

/** So many are named in one line. */
const NAMED = 3;

/** `3 changes of the source's schema since P: column public.t.x is new; …`. Pure. */
export function describeDrift({total, changes}: SchemaDrift, named = NAMED): string {
  if (total === 0) return 'the target has followed every change of the source’s schema since P';
  const words = changes.slice(0, named).map((one) => describeChange(one));
  const more = total > words.length ? [`and ${total - words.length} more`] : [];
  return `${total === 1 ? '1 change' : `${total} changes`} of the source’s schema since P: ${[...words, ...more].join('; ')}`;
}
