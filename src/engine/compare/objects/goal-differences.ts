import {commentOn} from '../../../pg/load/restore.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import type {Task} from '../../schema/copy/attempts.ts';
import {planBuild, planMarks} from '../../schema/goal/build.ts';
import {compareWithGoal} from '../../schema/goal/goal.ts';
import {readManifest, restorable, unknownIn, type Manifest, type Objects} from '../../schema/goal/manifest.ts';
import {checkObject, commentObject, indexObject, keyObject, triggerObject} from '../../schema/goal/object-names.ts';
import type {StepContext} from '../../step.ts';
import type {Difference} from '../../../domain/run/difference.ts';
import {dropConstraint, dropIndex, dropTrigger} from '../../../pg/load/restore.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {isOfDms} from './describe-facts.ts';
import {onlyThere, onTarget, rankOf, type ObjectDifference} from './object-difference.ts';

/** What was compared of indexes, constraints, triggers and grants. */
interface GoalCompared {
  readonly objects: number;
  readonly differences: readonly ObjectDifference[];
  readonly expected: readonly string[];
}

/** Indexes, constraints, triggers, their marks and comments, and grants, as build-indexes compares them: with the replica's catalogs, not with what was kept of the source's. */
export async function compareGoal(ctx: StepContext): Promise<GoalCompared> {
  const raw = await readManifest(await ctx.session('replica'), ctx.config.tables);
  const goal = restorable(raw, ctx.config.tables);
  const seen = await compareWithGoal(ctx, {goal, grants: true});
  const stages = planBuild({wanted: seen.due, lacks: seen.lacks, there: seen.there});
  const statements = statementsOf([...stages.flatMap(({tasks}) => tasks), ...planMarks(seen.lacks)]);
  // An invalid index is dropped to be built, and somebody may be building it right now; another comment is somebody's, too.
  const replaced = new Set([
    ...seen.there.indexes.filter(({valid}) => !valid).map((index) => indexObject(index)),
    ...seen.there.comments.map((comment) => commentObject(comment)),
  ]);
  for (const comment of seen.comments) statements.set(commentObject(comment), renderStatement(commentOn(comment)));
  return {
    objects: countObjects(raw),
    differences: [
      ...seen.found.map((one) => withStatement(one, statements, replaced)),
      ...tooMuch(unknownIn(raw, seen.there)),
      ...otherComments(raw, seen.there),
    ],
    expected: [...describeWaiting(seen.later), ...describeLeft(unknownIn(goal, raw))],
  };
}

/** What is done for each object, in order: an index and then its constraint, a foreign key and then its validation. */
function statementsOf(tasks: readonly Task[]): Map<string, string> {
  const byObject = Map.groupBy(tasks, ({object}) => object);
  return new Map(
    [...byObject].map(([object, of]) => [
      object,
      of.flatMap(({statements}) => statements.map((one) => renderStatement(one))).join('; '),
    ]),
  );
}

function countObjects({indexes, foreignKeys, triggers, checks}: Objects): number {
  return indexes.length + foreignKeys.length + triggers.length + checks.length;
}

/** What is there with another definition is first to be dropped by somebody: its remedy says so. */
function withStatement(
  one: Difference,
  statements: ReadonlyMap<string, string>,
  replaced: ReadonlySet<string>,
): ObjectDifference {
  const kind = /^(?:foreign key|comment|grant|index|check|trigger|table)/.exec(one.object)?.[0] ?? '';
  const other = one.differs === 'is there with another definition';
  const statement =
    kind === 'grant' ? one.object.slice('grant '.length) : other ? null : (statements.get(one.object) ?? null);
  return {
    ...one,
    remedy: statement === null || one.query !== null || kind === 'grant' ? one.remedy : onTarget(statement),
    statement,
    creates:
      (one.differs === 'is not there' && !replaced.has(one.object)) ||
      (kind === 'grant' && statement?.startsWith('GRANT') === true),
    rank: rankOf(kind, null),
  };
}

function tooMuch({indexes, foreignKeys, triggers, checks}: Objects): ObjectDifference[] {
  return [
    ...indexes
      .filter(({table}) => !isOfDms(table))
      .map((index) =>
        only(
          'index',
          indexObject(index),
          index.constraintName === null ? dropIndex(index) : dropConstraint({...index, name: index.constraintName}),
        ),
      ),
    ...foreignKeys.map((key) => only('foreign key', keyObject(key), dropConstraint(key))),
    ...checks.map((check) => only('check', checkObject(check), dropConstraint(check))),
    ...triggers
      .filter(({cloned}) => !cloned)
      .map((trigger) => only('trigger', triggerObject(trigger), dropTrigger(trigger))),
  ];
}

function only(kind: string, object: string, drop: Statement): ObjectDifference {
  return {
    object,
    differs: 'is on the target only',
    why: '',
    query: null,
    remedy: onlyThere(renderStatement(drop)),
    statement: null,
    creates: false,
    rank: rankOf(kind, null),
  };
}

/** A comment that the source has not, or has in other words, which is then missing as well. */
function otherComments(wanted: Manifest, there: Manifest): ObjectDifference[] {
  const known = new Set(wanted.comments.map((comment) => commentObject(comment)));
  return there.comments
    .filter((comment) => !known.has(commentObject(comment)))
    .map((comment) => {
      // An empty comment is none.
      const statement = renderStatement(commentOn({...comment, text: ''}));
      return {
        object: commentObject(comment),
        differs: 'is on the target only',
        why: '',
        query: null,
        remedy: onTarget(statement),
        statement,
        creates: false,
        rank: rankOf('comment', null),
      };
    });
}

/** What longhaul.yaml holds back, with the step that brings it. */
function describeWaiting({indexes, foreignKeys, triggers}: Objects): string[] {
  return [
    ...indexes.map((index) => `${indexObject(index)}: comes with restore-unique, once change capture has caught up`),
    ...foreignKeys.map((key) => `${keyObject(key)}: comes with restore-triggers-and-keys, at cutover`),
    ...triggers.map((trigger) => `${triggerObject(trigger)}: comes with restore-triggers-and-keys, at cutover`),
  ];
}

function describeLeft({indexes, foreignKeys}: Objects): string[] {
  return [
    ...indexes.map(
      (index) => `${indexObject(index)}: invalid on the source, where a CREATE INDEX CONCURRENTLY has failed`,
    ),
    ...foreignKeys.map((key) => `${keyObject(key)}: its other table stays behind`),
  ];
}
