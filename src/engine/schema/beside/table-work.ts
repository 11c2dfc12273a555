import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {IndexRow, IndexState} from '../../../pg/catalog/indexes.ts';
import {
  addConstraintUsingIndex,
  addIndexConstraint,
  analyzeTable,
  createIndex,
  dropIndex,
} from '../../../pg/load/restore.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import type {Task} from '../copy/attempts.ts';
import {indexObject} from '../goal/object-names.ts';

/** What the catalogs tell of an index that is there. */
export type IndexSeen = Pick<IndexState, 'valid' | 'constraintType'>;

/** Everything that a table wants once its rows are in. */
export interface TableWork {
  readonly table: RelationName;
  /** Its indexes, in the order in which they begin; they are built beside each other. */
  readonly builds: readonly IndexBuild[];
  /** What takes the table for itself, and so comes when no index of it is being built: constraints, and the planner's statistics last. */
  readonly last: readonly Task[];
}

/** An index that is to be built. */
export interface IndexBuild {
  readonly index: IndexRow;
  readonly task: Task;
}

/** What comes first of all that could be built now: what CDC finds rows by, and of that and the rest the largest index. Pure. */
export function byUrgency(a: IndexRow, b: IndexRow): number {
  return rank(a) - rank(b) || indexBytes(b) - indexBytes(a);
}

function rank({constraintType, replicaIdentity}: IndexRow): number {
  return constraintType === 'p' || replicaIdentity ? 0 : 1;
}

/** Where nobody has counted the index's own pages, its table tells. */
function indexBytes({bytes, tableBytes}: IndexRow): number {
  return bytes ?? tableBytes;
}

/** Whether the target still wants an index built, or its constraint. Pure. */
export function isLacking(wanted: IndexRow, there: IndexSeen | undefined): boolean {
  return there?.valid !== true || (wanted.constraintType !== null && there.constraintType === null);
}

/**
 * What a loaded table wants: `wanted` are its indexes by the manifest, `there` is what the target has of them by name. Pure. `analyzed`: it has
 * its statistics, which an index that is built takes from it again where it is on expressions. `isParent`: others inherit from it, and ANALYZE would wait for
 * all of them, whoever holds them: build-indexes makes its statistics.
 */
export function planTable(
  table: RelationName,
  wanted: readonly IndexRow[],
  {
    there,
    analyzed,
    isParent = false,
  }: {readonly there: ReadonlyMap<string, IndexSeen>; readonly analyzed: boolean; readonly isParent?: boolean},
): TableWork {
  const missing = wanted.filter((index) => isLacking(index, there.get(index.name))).toSorted(byUrgency);
  const builds = missing.flatMap((index): IndexBuild[] => {
    const statements = index.byConstraint ? [] : buildStatements(index, there.get(index.name));
    const task = {object: indexObject(index), statements, reads: readsOf(table, index)};
    return statements.length === 0 ? [] : [{index, task}];
  });
  const constraints = missing
    .map((index) => ({
      object: indexObject(index),
      statements: index.byConstraint ? buildStatements(index, there.get(index.name)) : constraintStatements(index),
      ...(index.byConstraint ? {reads: readsOf(table, index)} : {}),
    }))
    .filter(({statements}) => statements.length > 0);
  return {
    table,
    builds,
    last: [...constraints, ...(isParent || (analyzed && missing.length === 0) ? [] : [statisticsOf(table)])],
  };
}

/** The planner's statistics of a table. */
export function statisticsOf(table: RelationName): Task {
  const reads = {table: formatRelation(table), bytes: 0};
  return {object: `statistics of ${formatRelation(table)}`, statements: [analyzeTable(table)], reads};
}

/** What a build reads: its table. Pure. */
export function readsOf(table: RelationName, {tableBytes}: Pick<IndexRow, 'tableBytes'>): NonNullable<Task['reads']> {
  return {table: formatRelation(table), bytes: tableBytes};
}

/** Builds an index as far as it is not there: a build that was cut off leaves an invalid one, or a valid one without its constraint. Pure. */
export function buildStatements(index: IndexRow, left: IndexSeen | undefined): Statement[] {
  return [
    ...(left !== undefined && !left.valid ? [dropIndex(index)] : []),
    ...(left?.valid === true ? [] : [index.byConstraint ? addIndexConstraint(index) : createIndex(index)]),
  ];
}

/** Makes the constraint of an index that is built: its build leaves the others of the table room, as ADD CONSTRAINT by itself would not. Pure. */
export function constraintStatements(index: IndexRow): Statement[] {
  return index.constraintType === null || index.byConstraint ? [] : [addConstraintUsingIndex(index)];
}

/** Indexes by their table; those of partitioned tables are shells that come with the rest. Pure. */
export function byTable(indexes: readonly IndexRow[]): ReadonlyMap<string, readonly IndexRow[]> {
  const tables = new Map<string, IndexRow[]>();
  for (const index of indexes) {
    if (index.partitioned) continue;
    const name = quoteRelation({schema: index.schema, name: index.table});
    const known = tables.get(name);
    if (known === undefined) tables.set(name, [index]);
    else known.push(index);
  }
  return tables;
}
