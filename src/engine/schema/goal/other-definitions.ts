import {
  REHEARSED,
  readAsHere,
  rehearseCheck,
  rehearseIndex,
  rehearseTrigger,
  withoutNotValid,
} from '../../../pg/session/as-here.ts';
import type {CheckRow} from '../../../pg/catalog/checks.ts';
import type {IndexRow, TriggerRow} from '../../../pg/catalog/indexes.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Action} from '../../action.ts';
import {byThen, remark} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import type {Others, Pair} from './lacks.ts';

/** Of what has another text, what is another definition: what the target prints of the source's own is compared with what it has. */
export async function readOthers(ctx: Pick<StepContext, 'open'>, others: Others): Promise<Others> {
  const {indexes, foreignKeys, triggers, checks} = others;
  if (indexes.length + triggers.length + checks.length === 0) return others;
  // What is made in between is rolled back: nobody else may speak on this session.
  const target = await ctx.open('target', 'definitions');
  try {
    return {
      indexes: await keepOther(indexes, async (pair) => isSameIndex(target, pair)),
      foreignKeys,
      triggers: await keepOther(triggers, async (pair) => isSameTrigger(target, pair)),
      checks: await keepOther(checks, async (pair) => isSameCheck(target, pair)),
    };
  } finally {
    await target.close();
  }
}

/** What reading them may make and roll back on the target. */
export function showRehearsals(): Action[] {
  const words = 'only where a definition reads otherwise on the target: on an empty copy, rolled back';
  return [{on: 'target', text: remark(words, REHEARSED), execute: byThen}];
}

async function keepOther<Row>(
  pairs: readonly Pair<Row>[],
  isSame: (pair: Pair<Row>) => Promise<boolean>,
): Promise<Pair<Row>[]> {
  const other: Pair<Row>[] = [];
  for (const pair of pairs) if (!(await isSame(pair))) other.push(pair);
  return other;
}

async function isSameIndex(target: Session, {wanted, there}: Pair<IndexRow>): Promise<boolean> {
  if (states(wanted) !== states(there)) return false;
  return (await readAsHere(target, rehearseIndex(wanted))) === there.detail;
}

function states({unique, constraintType, deferrable, deferred}: IndexRow): string {
  return JSON.stringify([unique, constraintType, deferrable, deferred]);
}

async function isSameTrigger(target: Session, {wanted, there}: Pair<TriggerRow>): Promise<boolean> {
  return (await readAsHere(target, rehearseTrigger(wanted))) === there.detail;
}

async function isSameCheck(target: Session, {wanted, there}: Pair<CheckRow>): Promise<boolean> {
  if (!wanted.validated && there.validated) return false;
  return (await readAsHere(target, rehearseCheck(wanted))) === withoutNotValid(there.definition);
}
