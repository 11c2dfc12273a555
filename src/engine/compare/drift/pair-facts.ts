import {columnOf} from '../../../pg/objects/mend-tables.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';

/** A fact as it was and as it is; null where it was not, or is no more. */
export interface Paired {
  readonly before: ChosenFact | null;
  readonly now: ChosenFact | null;
}

/**
 * Pairs the facts of an object by their ids, so that a new name is one; what was dropped and made anew under its name, by that name. Columns by their names where both have it: the target, which goes by names, has that column, whichever
 * it was. Pure.
 */
export function pairFacts(before: readonly ChosenFact[], now: readonly ChosenFact[]): Paired[] {
  const left = new Set(now);
  const take = (wanted: (fact: ChosenFact) => boolean): ChosenFact | null => {
    const found = [...left].find(wanted) ?? null;
    if (found !== null) left.delete(found);
    return found;
  };
  const columns = before.map((fact) => ({
    before: fact,
    now: fact.kind === 'column' ? take((one) => one.kind === 'column' && isCalledAlike(one, fact)) : null,
  }));
  const byId = columns.map(({before: fact, now: known}) => ({
    before: fact,
    now: known ?? (fact.id === null ? null : take(({kind, id}) => kind === fact.kind && id === fact.id)),
  }));
  const paired = byId.map((pair) => ({
    before: pair.before,
    now: pair.now ?? take(({kind, name}) => kind === pair.before.kind && name === pair.before.name),
  }));
  return [...paired, ...[...left].map((fact) => ({before: null, now: fact}))];
}

/** In its table, which may have another name. */
function isCalledAlike(one: ChosenFact, other: ChosenFact): boolean {
  return columnOf(one.name).own === columnOf(other.name).own;
}
