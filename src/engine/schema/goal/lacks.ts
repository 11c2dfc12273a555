import type {CheckRow, TableMarkRow} from '../../../pg/catalog/checks.ts';
import {withoutNotValid} from '../../../pg/session/as-here.ts';
import type {ForeignKeyRow, IndexRow, TriggerRow} from '../../../pg/catalog/indexes.ts';
import {keyOf, type Manifest, type Named, type Objects} from './manifest.ts';

/** A row of the source, and the target's of the same name. */
export interface Pair<Row> {
  readonly wanted: Row;
  readonly there: Row;
}

/** Everything in which a target falls short of what is wanted: what is to be made, and in which state what is there is to be put. */
export interface Lacks {
  /** Not there; an index that is invalid, or without its constraint, is made again as far as that is needed. */
  readonly missing: Objects;
  /** There and never validated, though the source's is. */
  readonly unvalidated: readonly (ForeignKeyRow | CheckRow)[];
  /** Indexes of partitions that are there and not attached to the parent's. */
  readonly unattached: readonly IndexRow[];
  /** Indexes of partitioned tables that are there and invalid: a partition has none that is attached. */
  readonly incomplete: readonly IndexRow[];
  readonly marks: Marks;
  /** There, and by their text something else. A server prints in its own words, so the text alone does not tell (as-here.ts). */
  readonly other: Others;
}

/** Marks that are not as they are on the source. */
export interface Marks {
  readonly identity: readonly IndexRow[];
  readonly tables: readonly TableMarkRow[];
  readonly clustered: readonly IndexRow[];
  readonly unclustered: readonly IndexRow[];
  readonly statistics: readonly Pair<IndexRow>[];
  readonly enabled: readonly TriggerRow[];
}

/** Objects that have the name and not the definition. */
export interface Others {
  readonly indexes: readonly Pair<IndexRow>[];
  readonly foreignKeys: readonly Pair<ForeignKeyRow>[];
  readonly triggers: readonly Pair<TriggerRow>[];
  readonly checks: readonly Pair<CheckRow>[];
}

/** Compares definitions and states. Pure. */
export function compareManifests(wanted: Manifest, there: Manifest): Lacks {
  const indexes = pairUp(wanted.indexes, there.indexes);
  const keys = pairUp(wanted.foreignKeys, there.foreignKeys);
  const triggers = pairUp(wanted.triggers, there.triggers);
  const checks = pairUp(wanted.checks, there.checks);
  const whole = indexes.pairs.filter((pair) => !isToBeBuilt(pair));
  const built = new Set(whole.map((pair) => pair.wanted));
  return {
    missing: {
      indexes: wanted.indexes.filter((index) => !built.has(index)),
      foreignKeys: keys.missing,
      triggers: triggers.missing.filter(({cloned}) => !cloned),
      checks: checks.missing,
    },
    unvalidated: [...keys.pairs, ...checks.pairs]
      .filter((pair) => pair.wanted.validated && !pair.there.validated)
      .map((pair) => pair.wanted),
    unattached: whole
      .filter((pair) => pair.wanted.parentName !== null && pair.there.parentName === null)
      .map((pair) => pair.wanted),
    incomplete: whole.filter((pair) => pair.wanted.valid && !pair.there.valid).map((pair) => pair.wanted),
    marks: {
      identity: whole
        .filter((pair) => pair.wanted.replicaIdentity && !pair.there.replicaIdentity)
        .map((pair) => pair.wanted),
      tables: otherMarks(wanted.tables, there.tables),
      ...clusterMarks(wanted.indexes, whole),
      statistics: whole.filter(
        (pair) => JSON.stringify(pair.wanted.statistics) !== JSON.stringify(pair.there.statistics),
      ),
      enabled: triggers.pairs.filter((pair) => pair.wanted.enabled !== pair.there.enabled).map((pair) => pair.wanted),
    },
    other: {
      indexes: whole.filter((pair) => isOtherIndex(pair)),
      foreignKeys: keys.pairs.filter((pair) => isOtherConstraint(pair)),
      triggers: triggers.pairs.filter((pair) => pair.wanted.detail !== pair.there.detail && !pair.wanted.cloned),
      checks: checks.pairs.filter((pair) => isOtherConstraint(pair)),
    },
  };
}

/** The marks that are left to set once all that is missing was built: an index comes without any. Pure. */
export function foreseeMarks(wanted: Manifest, there: Manifest): Marks {
  const {missing} = compareManifests(wanted, there);
  const built = missing.indexes.map((index) => ({...index, replicaIdentity: false, clustered: false, statistics: []}));
  return compareManifests(wanted, {...there, indexes: [...there.indexes, ...built]}).marks;
}

function pairUp<Row extends Named>(
  wanted: readonly Row[],
  there: readonly Row[],
): {pairs: Pair<Row>[]; missing: Row[]} {
  const known = new Map(there.map((row) => [keyOf(row), row]));
  const pairs: Pair<Row>[] = [];
  const missing: Row[] = [];
  for (const row of wanted) {
    const same = known.get(keyOf(row));
    if (same === undefined) missing.push(row);
    else pairs.push({wanted: row, there: same});
  }
  return {pairs, missing};
}

/** A build that was cut off leaves an invalid index, or one without its constraint. That of a partitioned table is invalid until its partitions have theirs. */
function isToBeBuilt({wanted, there}: Pair<IndexRow>): boolean {
  const invalid = wanted.valid && !there.valid && !wanted.partitioned;
  return invalid || (wanted.constraintType !== null && there.constraintType === null);
}

function isOtherIndex({wanted, there}: Pair<IndexRow>): boolean {
  return (
    wanted.detail !== there.detail ||
    wanted.unique !== there.unique ||
    wanted.constraintType !== there.constraintType ||
    wanted.deferrable !== there.deferrable ||
    wanted.deferred !== there.deferred
  );
}

/** One that is NOT VALID on the source and validated on the target claims something that was never checked. */
function isOtherConstraint({wanted, there}: Pair<ForeignKeyRow> | Pair<CheckRow>): boolean {
  return (
    withoutNotValid(wanted.definition) !== withoutNotValid(there.definition) || (!wanted.validated && there.validated)
  );
}

/** Where an index is named, the index says so; see `identity`. */
function otherMarks(wanted: readonly TableMarkRow[], there: readonly TableMarkRow[]): TableMarkRow[] {
  const known = new Map(there.map((row) => [JSON.stringify([row.schema, row.table]), row.replicaIdentity]));
  return wanted.filter((row) => {
    const has = known.get(JSON.stringify([row.schema, row.table]));
    return row.replicaIdentity !== 'i' && has !== undefined && has !== row.replicaIdentity;
  });
}

function clusterMarks(
  wanted: readonly IndexRow[],
  whole: readonly Pair<IndexRow>[],
): Pick<Marks, 'clustered' | 'unclustered'> {
  const ordered = new Set(
    wanted.filter(({clustered}) => clustered).map(({schema, table}) => JSON.stringify([schema, table])),
  );
  return {
    clustered: whole.filter((pair) => pair.wanted.clustered && !pair.there.clustered).map((pair) => pair.wanted),
    // Marking another index takes the mark off this one.
    unclustered: whole
      .filter(({wanted: row, there}) => there.clustered && !ordered.has(JSON.stringify([row.schema, row.table])))
      .map((pair) => pair.wanted),
  };
}
