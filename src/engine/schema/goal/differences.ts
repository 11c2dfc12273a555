import {isSameDifference, type Difference, type KnownDifference} from '../../../domain/run/difference.ts';
import {printable} from '../../../domain/base/printable.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {CheckRow} from '../../../pg/catalog/checks.ts';
import type {CommentRow, ForeignKeyRow, IndexRow} from '../../../pg/catalog/indexes.ts';
import {queryForBroken, queryForDuplicates, queryForOrphans} from '../../../pg/rows/offending-rows.ts';
import {dropConstraint, dropIndex, dropTrigger} from '../../../pg/load/restore.ts';
import type {ServerWords} from '../../../pg/session/server-words.ts';
import {SQLSTATE} from '../../../pg/session/sqlstate.ts';
import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import type {Lacks} from './lacks.ts';
import {checkObject, commentObject, indexObject, keyObject, tableObject, triggerObject} from './object-names.ts';

/** What a comparison has shown. */
export interface Compared {
  readonly lacks: Lacks;
  readonly comments: readonly CommentRow[];
  readonly refused: Refused;
}

type Refused = ReadonlyMap<string, ServerWords>;

/** Everything in which the target still falls short, with what the server said of it when it was tried. Pure. */
export function differencesOf({lacks, comments, refused}: Compared): Difference[] {
  const {missing, unvalidated, unattached, incomplete} = lacks;
  const list = [
    ...missing.indexes.map((index) => aboutIndex(index, refused)),
    ...missing.foreignKeys.map((key) => aboutKey(key, 'is not there', {lacks, refused})),
    ...missing.checks.map((check) => aboutCheck(check, 'is not there', refused)),
    ...missing.triggers.map((trigger) => about(triggerObject(trigger), 'is not there', refused)),
    ...unvalidated.map((row) =>
      'columns' in row
        ? aboutKey(row, 'is not validated', {lacks, refused})
        : aboutCheck(row, 'is not validated', refused),
    ),
    ...unattached.map((index) => about(indexObject(index), 'is not attached to the index of the parent', refused)),
    ...incomplete.map((index) => about(indexObject(index), 'is not valid: a partition has no index of it', refused)),
    ...aboutMarks(lacks, refused),
    ...aboutOthers(lacks),
    ...comments.map((comment) => about(commentObject(comment), 'is not there', refused)),
  ];
  const told = new Set(list.map(({object}) => object));
  const rest = [...refused.keys()].filter((object) => !told.has(object) && !isCompared(object));
  return [...list, ...rest.map((object) => about(object, NOT_MADE, refused))];
}

/** How differs what build-indexes could not make and does not see by comparing: policies, views, statistics. */
export const NOT_MADE = 'could not be made';

/** What is compared, and is not told, was made after all. */
function isCompared(object: string): boolean {
  return /^(index|foreign key|trigger|check|table|comment|grant) /.test(object);
}

/** Whether something that was accepted, and is seen by comparing, was mended since: then it is no difference any more. Pure. */
export function isMended(found: readonly Difference[], known: readonly KnownDifference[]): boolean {
  return known.some((one) => one.differs !== NOT_MADE && !found.some((other) => isSameDifference(one, other)));
}

/** What was found, and what an operator has accepted of it in the words that he accepted. Pure. */
export function settleDifferences(found: readonly Difference[], known: readonly KnownDifference[]): Difference[] {
  const accepted = known
    .filter((one) => one.accepted !== null)
    .map(({object, differs, why, query, remedy}) => ({object, differs, why, query, remedy}));
  return [
    ...found.map((one) => accepted.find((other) => isSameDifference(one, other)) ?? one),
    ...accepted.filter((one) => one.differs === NOT_MADE && !found.some((other) => isSameDifference(one, other))),
  ];
}

const MEND = 'mend what the server names on the target, then longhaul run';

function about(object: string, differs: string, refused: Refused): Difference {
  return {object, differs, why: wordsFor(object, refused), query: null, remedy: MEND};
}

function wordsFor(object: string, refused: Refused): string {
  return refused.get(object)?.words ?? '';
}

function isAbout(said: ServerWords | undefined, sqlstate: string): boolean {
  return said?.sqlstate === sqlstate;
}

function aboutIndex(index: IndexRow, refused: Refused): Difference {
  const object = indexObject(index);
  const doubled = isAbout(refused.get(object), SQLSTATE.uniqueViolation);
  return {
    ...about(object, 'is not there', refused),
    ...(doubled
      ? {
          query: queryForDuplicates(index),
          remedy:
            'its own index on the source did not keep these rows apart: see which of them is right, on both sides; delete or change the others on the target, then longhaul run',
        }
      : {}),
  };
}

function aboutKey(key: ForeignKeyRow, differs: string, {lacks, refused}: {lacks: Lacks; refused: Refused}): Difference {
  const object = keyObject(key);
  const said = refused.get(object);
  const needed = lacks.missing.indexes.find(({schema, name}) => schema === key.indexSchema && name === key.indexName);
  if (needed !== undefined) {
    return {...about(object, differs, refused), why: `it needs ${indexObject(needed)}, which is not there`};
  }
  const [child, parent] = [
    formatRelation({schema: key.schema, name: key.table}),
    formatRelation({schema: key.toSchema, name: key.toTable}),
  ];
  return {
    ...about(object, differs, refused),
    why: said === undefined ? '' : `${child} refers to ${parent}: ${said.words}`,
    ...(isAbout(said, SQLSTATE.foreignKeyViolation)
      ? {
          query: queryForOrphans(key),
          remedy:
            'the same rows are on the source, where nothing checks them any more: add the missing parents, or delete or change the rows of the query, on the target (and on the source); then longhaul run',
        }
      : {}),
  };
}

function aboutCheck(check: CheckRow, differs: string, refused: Refused): Difference {
  const object = checkObject(check);
  const broken = isAbout(refused.get(object), SQLSTATE.checkViolation);
  return {
    ...about(object, differs, refused),
    ...(broken
      ? {
          query: queryForBroken(check),
          remedy: 'change the rows of the query on the target (and on the source), then longhaul run',
        }
      : {}),
  };
}

function aboutMarks({marks}: Lacks, refused: Refused): Difference[] {
  return [
    ...marks.tables.map((mark) => about(tableObject(mark), 'has another REPLICA IDENTITY', refused)),
    ...marks.identity.map((index) => about(indexObject(index), 'is not the REPLICA IDENTITY of its table', refused)),
    ...[...marks.clustered, ...marks.unclustered].map((index) =>
      about(indexObject(index), 'has another mark of CLUSTER', refused),
    ),
    ...marks.statistics.map((pair) => about(indexObject(pair.wanted), 'has other statistics targets', refused)),
    ...marks.enabled.map((trigger) =>
      about(triggerObject(trigger), `does not fire as on the source (${trigger.enabled})`, refused),
    ),
  ];
}

/** What somebody made there under the name is not ours to drop. */
function aboutOthers({other}: Lacks): Difference[] {
  const {indexes, foreignKeys, triggers, checks} = other;
  return [
    ...indexes.map(({wanted, there}) =>
      aboutOther(indexObject(wanted), [indexWords(wanted), indexWords(there)], dropOfIndex(there)),
    ),
    ...foreignKeys.map(({wanted, there}) =>
      aboutOther(keyObject(wanted), [wanted.definition, there.definition], dropConstraint(there)),
    ),
    ...checks.map(({wanted, there}) =>
      aboutOther(checkObject(wanted), [wanted.definition, there.definition], dropConstraint(there)),
    ),
    ...triggers.map(({wanted, there}) =>
      aboutOther(triggerObject(wanted), [wanted.definition, there.definition], dropTrigger(there)),
    ),
  ];
}

function aboutOther(object: string, [wanted, has]: readonly [string, string], drop: Statement): Difference {
  return {
    object,
    differs: 'is there with another definition',
    why: printable(`the source has ${wanted}, the target has ${has}`),
    query: null,
    remedy: `when that is not wanted, on the target: ${printable(renderStatement(drop))}; then longhaul run makes it as it is on the source`,
  };
}

function indexWords({definition, constraintDefinition}: IndexRow): string {
  return constraintDefinition === null ? definition : `${definition} for ${constraintDefinition}`;
}

function dropOfIndex(index: IndexRow): Statement {
  return index.constraintName === null ? dropIndex(index) : dropConstraint({...index, name: index.constraintName});
}
