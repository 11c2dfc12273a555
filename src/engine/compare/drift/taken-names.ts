import {quoteRelation} from '../../../domain/pg/relation.ts';
import type {Filled} from '../../../domain/run/drift/schema-change.ts';
import {columnOf} from '../../../pg/objects/mend-tables.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import type {Drift, ObjectThen} from './drift.ts';
import type {Paired} from './pair-facts.ts';

/** A column that has the name that another one of its table had at P. */
interface TakenColumn {
  readonly id: string;
  readonly how: string;
}

/**
 * The columns of a table that have the name of another one: swapped with it, in the place of one that was renamed, as a key that is to be a bigint is, or dropped and made anew. Change capture goes by names, so that nothing stops, and the
 * values that were there are another column's on the target. Pure.
 */
export function takenColumns(paired: readonly Paired[]): TakenColumn[] {
  const then = new Map(
    paired.flatMap(({before}) => (before?.kind === 'column' ? [[columnOf(before.name).own, before.id] as const] : [])),
  );
  return paired.flatMap(({now}) => {
    if (now?.kind !== 'column' || now.id === null) return [];
    const was = then.get(columnOf(now.name).own);
    return was === undefined || was === now.id
      ? []
      : [{id: now.id, how: `another column than at P is called ${columnOf(now.name).own}`}];
  });
}

/**
 * A table that was dropped and made anew under its name is one that was altered: it is adopted into what the target has, and whoever drops that would drop what was copied. Its rows are not judged, for an adoption compares all of
 * them. Pure.
 */
export function joinRemade(objects: readonly ObjectThen[]): ObjectThen[] {
  const made = new Map(
    objects.flatMap((one) => {
      const table = one.before.length === 0 ? one.now.find(isTable) : undefined;
      return table === undefined ? [] : [[table.name, one] as const];
    }),
  );
  const remade = new Set<ObjectThen>();
  const joined = objects.flatMap((one): ObjectThen[] => {
    const table = one.now.length === 0 ? one.before.find(isTable) : undefined;
    const anew = table === undefined ? undefined : made.get(table.name);
    if (anew === undefined) return [];
    remade.add(one).add(anew);
    return [{before: one.before.filter(isNoRewrite), now: anew.now.filter(isNoRewrite)}];
  });
  return [...objects.filter((one) => !remade.has(one)), ...joined];
}

function isNoRewrite({kind}: ChosenFact): boolean {
  return kind !== 'rewrite';
}

const TAKEN = 'named ';
/** The table that had the name at P has it again. */
const AS_AT_P = `${TAKEN}as at P`;

/** The tables that were there at P and have the name now that another one had then: of two that were swapped nothing stops, and the changes of each go on into the other's rows. Pure. */
export function takenTables(objects: readonly ObjectThen[]): Filled[] {
  const tables = objects.map(({before, now}) => ({before: before.find(isTable), now: now.find(isTable)}));
  const then = new Map(
    tables.flatMap(({before}) => (before === undefined ? [] : [[before.name, before.oid] as const])),
  );
  return tables.flatMap(({before, now}): Filled[] => {
    if (before === undefined || now?.schema == null || now.relation === null) return [];
    const was = then.get(now.name);
    // Made anew under its own name it is in nothing that captures it, and adopted.
    if (was === undefined || was === now.oid || before.name === now.name) return [];
    const table = {schema: now.schema, name: now.relation};
    return [{table, how: 'another table than at P is called so on the source', mark: `${TAKEN}${now.oid}`}];
  });
}

/**
 * The changes without those that would harm a target that goes by names: what had the name that another table has now is not dropped there, for that would be the rows that were copied for the new one. Of a table that came into the place of one
 * that is gone, what is left of it under its own name goes. Its rows are owed anyhow. Pure.
 */
export function withoutTaken(
  changes: readonly Drift[],
  objects: readonly ObjectThen[],
  isGone: (fact: ChosenFact) => Omit<Drift, 'objects'>,
): Drift[] {
  const tables = objects.map(({before, now}) => ({before: before.find(isTable), now: now.find(isTable)}));
  const gone = new Set(
    tables.flatMap((one) => (one.before === undefined || one.now !== undefined ? [] : [one.before.name])),
  );
  const now = new Map(tables.map((one) => [one.now?.name, one.before]));
  return changes.flatMap((change): Drift[] => {
    const {kind, part, there, name} = change;
    if (kind !== 'table' || part !== null) return [change];
    if (!there) return now.has(name) ? [] : [change];
    const was = now.get(name);
    if (was === undefined || was.name === name || !gone.has(name)) return [change];
    return now.has(was.name) ? [] : [{...isGone(was), objects: change.objects}];
  });
}

/** Of tables whose names were taken those that were not told as they are now: swapped once more, or back. `told` in the order of time. Pure. */
export function takenAnew(told: readonly Filled[], now: readonly Filled[]): Filled[] {
  const last = new Map(told.filter(isOfNames).map((one) => [quoteRelation(one.table), one]));
  const taken = new Map(now.filter(isOfNames).map((one) => [quoteRelation(one.table), one]));
  const fresh = [...taken].flatMap(([name, one]) => (last.get(name)?.mark === one.mark ? [] : [one]));
  const back = [...last].flatMap(([name, one]): Filled[] =>
    one.mark === AS_AT_P || taken.has(name)
      ? []
      : [{table: one.table, how: 'the table of P is called so again on the source', mark: AS_AT_P}],
  );
  return [...fresh, ...back];
}

function isTable({kind, id, oid}: ChosenFact): boolean {
  return kind === 'table' && id === oid;
}

/** Whether a fill is told by `takenAnew` alone. Pure. */
export function isOfNames({mark}: Filled): boolean {
  return mark.startsWith(TAKEN);
}
