import type {ObjectKey} from '../../../pg/objects/drift/catalogs.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import {nameOfKey} from './baseline.ts';
import type {Drift, ObjectThen} from './drift.ts';
import {judgeDrift} from './judge-drift.ts';

/** What is known of the objects that are not as they were at P, and of those that were not for a while. */
export interface SeenObjects {
  /** As they were at P and are now, by `pg_class 16423`. */
  readonly drifted: Map<string, ObjectThen>;
  /** As they were seen one after the other, and are now: whichever of these the target has followed it has to leave. */
  readonly turned: Map<string, Turned>;
  /** How often either has changed, and as of which of these it is kept in the run folder. */
  changes: number;
  kept: number;
}

/** What an object was seen as before it is what it is now, each once, in the order of time. */
export interface Turned {
  readonly before: readonly (readonly ChosenFact[])[];
  readonly now: readonly ChosenFact[];
}

/** An object that comes and goes all day is known as what it was last. */
const MOST = 8;

/** Of no object yet. */
export function nothingSeen(): SeenObjects {
  return {drifted: new Map(), turned: new Map(), changes: 0, kept: 0};
}

/** Takes what an object is now, against what it was at P. */
export function seeObject(seen: SeenObjects, key: ObjectKey, {before, now}: ObjectThen): void {
  const {drifted, turned} = seen;
  const name = nameOfKey(key);
  const last = drifted.get(name) ?? turned.get(name);
  if (last === undefined || !isSame(last.now, now)) seen.changes++;
  if (last !== undefined && !isSame(last.now, now)) {
    const earlier = (turned.get(name)?.before ?? []).filter((one) => !isSame(one, last.now));
    turned.set(name, {before: [...earlier, last.now].filter((one) => !isSame(one, now)).slice(-MOST), now});
  }
  const {changes, filled} = judgeDrift([{before, now}], new Set());
  if (changes.length + filled.length === 0) drifted.delete(name);
  else drifted.set(name, {before, now});
}

/** The changes since P, and what has turned since it was seen: of both those are left that the target has not made. Pure. */
export function changesOf({drifted, turned}: SeenObjects, assumable: ReadonlySet<string>): Drift[] {
  // One way at a time: of two ways to the same name one would take the other's.
  const ways = Array.from({length: MOST}, (_, back) =>
    [...turned.values()].flatMap(({before, now}): ObjectThen[] => {
      const was = before.at(-1 - back);
      return was === undefined ? [] : [{before: was, now}];
    }),
  );
  const again = ways
    .flatMap((way) => judgeDrift(way, assumable).changes)
    .map((one): Drift => ({...one, isTurned: true}));
  return [...judgeDrift([...drifted.values()], assumable).changes, ...again].toSorted((a, b) => a.rank - b.rank);
}

function isSame(one: readonly ChosenFact[], other: readonly ChosenFact[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
