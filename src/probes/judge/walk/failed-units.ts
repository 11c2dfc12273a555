import {formatCount} from '../../../domain/base/units.ts';
import type {Alarm} from '../../../domain/reading/alarm.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {partOf} from '../../../domain/run/table-part.ts';
import type {Wanted} from '../../../domain/rules/wanted.ts';
import type {UnitState} from '../../../domain/run/run-state.ts';

type FailedUnit = Extract<Wanted, {kind: 'unit'}>;

const ID = 'unit.failed:';
/** So many units are named in one alarm. */
const NAMED = 6;

/**
 * An alarm per reason, not per unit: sixty parts of one table that meet the same full disk are one page at night. The reason is the SQLSTATE; where
 * there is none, the table that the parts belong to, or the words. Pure.
 */
export function alarmsOfFailedUnits(failed: readonly FailedUnit[], units: readonly UnitState[]): Alarm[] {
  const reasons = new Map<string, FailedUnit[]>();
  for (const one of failed) {
    const id = `${ID}${reasonOf(one, units)}`;
    reasons.set(id, [...(reasons.get(id) ?? []), one]);
  }
  return [...reasons].flatMap(([id, [first, ...others]]): Alarm[] =>
    first === undefined ? [] : [others.length === 0 ? ofOne(id, first) : ofSeveral(id, first, others)],
  );
}

function reasonOf({unit, failure}: FailedUnit, units: readonly UnitState[]): string {
  if (failure.sqlstate !== null) return `${failure.cause}:${failure.sqlstate}`;
  const [table] = units.find(({id}) => id === unit)?.tables ?? [];
  if (partOf(unit) !== null && table !== undefined) return `${failure.cause}:${formatRelation(table)}`;
  const words = failure.message.replaceAll(unit, '').replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  return `${failure.cause}:${words.slice(0, 100)}`;
}

function ofOne(id: string, {unit, attempt, failure}: FailedUnit): Alarm {
  const retry = `longhaul retry ${unit}`;
  return {
    id,
    severity: 'warning',
    subject: `unit ${unit}`,
    seen: `has failed (attempt ${attempt}) and is not tried again by itself: ${failure.message}`,
    remedy: failure.remedy.includes(retry)
      ? failure.remedy.replaceAll(retry, `R, or ${retry}`)
      : `${failure.remedy}; then R, or longhaul retry ${unit}`,
  };
}

function ofSeveral(id: string, first: FailedUnit, others: readonly FailedUnit[]): Alarm {
  const {failure} = first;
  const all = [first, ...others].map(({unit}) => unit);
  const more = all.length > NAMED ? ` and ${formatCount(all.length - NAMED)} more` : '';
  const retry = `longhaul retry ${first.unit}`;
  return {
    id,
    severity: 'warning',
    subject: 'units',
    seen: `${formatCount(all.length)} have failed for one reason and are not tried again by themselves: ${failure.message} (${all.slice(0, NAMED).join(', ')}${more})`,
    remedy: failure.remedy.includes(retry)
      ? failure.remedy.replaceAll(retry, 'longhaul retry --all')
      : `${failure.remedy}; then longhaul retry --all`,
  };
}

/**
 * Whether a raised alarm of failed units is to be raised again, because its remedy is for one unit and several have failed by now, or another one. One
 * more of several is not told again: each part would be a page. Pure.
 */
export function isAboutOthers(raised: Alarm, due: Alarm): boolean {
  return due.id.startsWith(ID) && raised.subject !== due.subject;
}
