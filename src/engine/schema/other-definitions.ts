import {readAsHere, rehearseCheck, rehearseIndex, rehearseTrigger, withoutNotValid} from '../../pg/as-here.ts';
import type {CheckRow} from '../../pg/checks.ts';
import type {IndexRow, TriggerRow} from '../../pg/indexes.ts';
import type {Session} from '../../pg/session.ts';
import type {Others, Pair} from './lacks.ts';

/** Of what has another text, what is another definition: what the target prints of the source's own is compared with what it has. */
export async function readOthers(target: Session, others: Others): Promise<Others> {
  return {
    indexes: await keepOther(others.indexes, async (pair) => isSameIndex(target, pair)),
    foreignKeys: others.foreignKeys,
    triggers: await keepOther(others.triggers, async (pair) => isSameTrigger(target, pair)),
    checks: await keepOther(others.checks, async (pair) => isSameCheck(target, pair)),
  };
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
