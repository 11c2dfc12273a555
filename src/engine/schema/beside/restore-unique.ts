import type {IndexRow} from '../../../pg/catalog/indexes.ts';
import {addConstraintUsingIndex, addIndexConstraint, attachIndex, createIndex} from '../../../pg/load/restore.ts';
import {createIndexConcurrently, dropIndexConcurrently} from '../../../pg/load/restore-live.ts';
import type {Task} from '../copy/attempts.ts';
import {keyOf} from '../goal/manifest.ts';
import {indexObject} from '../goal/object-names.ts';

/** Unique indexes that were held back, by how they can come back while changes are applied. */
export interface HeldBack {
  readonly restorable: readonly IndexRow[];
  /** Those that wait further, each with why and for which step. */
  readonly left: readonly string[];
}

/**
 * Which of them can come back beside the apply. A deferrable constraint cannot: its index would be immediate from its build to its constraint, and an update that
 * swaps two values stops native apply, as the constraint itself stops pglogical's. What only ADD CONSTRAINT builds takes its table for itself meanwhile. Pure.
 */
export function divideHeldBack(indexes: readonly IndexRow[]): HeldBack {
  return {
    restorable: indexes.filter((index) => whyLeft(index) === null),
    left: indexes.flatMap((index) => {
      const reason = whyLeft(index);
      return reason === null
        ? []
        : [`${indexObject(index)}: comes with restore-triggers-and-keys, once change capture has drained: ${reason}`];
    }),
  };
}

function whyLeft({deferrable, byConstraint}: IndexRow): string | null {
  if (deferrable) return 'its constraint is deferrable, and changes that are applied meanwhile could stop at it';
  return byConstraint ? 'nothing builds it without taking its table for itself' : null;
}

/** What brings them back, in order. */
export interface RestorePlan {
  /** Of partitioned tables, without rows: at once. */
  readonly shells: readonly Task[];
  /** Beside each other, while changes are applied. */
  readonly builds: readonly Task[];
  /** Each takes its table for itself for a moment. */
  readonly last: readonly Task[];
}

/** Plans them from what is there of them: a build that was cut off has left an invalid index, or a valid one without its constraint. Pure. */
export function planRestore(indexes: readonly IndexRow[], there: readonly IndexRow[]): RestorePlan {
  const known = new Map(there.map((index) => [keyOf(index), index]));
  const real = indexes.filter(({partitioned}) => !partitioned).toSorted((a, b) => b.tableBytes - a.tableBytes);
  return {
    shells: indexes
      .filter((index) => index.partitioned && !known.has(keyOf(index)))
      .flatMap((index) =>
        taskOf(index, [index.constraintType === null ? createIndex(index) : addIndexConstraint(index)]),
      ),
    builds: real.flatMap((index) => {
      const left = known.get(keyOf(index));
      if (left?.valid === true) return [];
      return taskOf(index, [
        ...(left === undefined ? [] : [dropIndexConcurrently(index)]),
        createIndexConcurrently(index),
      ]);
    }),
    last: [
      ...real
        .filter((index) => index.constraintType !== null && (known.get(keyOf(index))?.constraintType ?? null) === null)
        .flatMap((index) => taskOf(index, [addConstraintUsingIndex(index)])),
      ...real
        .filter((index) => index.parentName !== null && (known.get(keyOf(index))?.parentName ?? null) === null)
        .flatMap((index) => taskOf(index, [attachIndex(index)])),
    ],
  };
}

function taskOf(index: IndexRow, statements: Task['statements']): Task[] {
  return [{object: indexObject(index), statements}];
}
