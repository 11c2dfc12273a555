import {sameRelation} from '../../../domain/pg/relation.ts';
import {readOidsOf} from '../../../pg/objects/drift/catalogs.ts';
import {NAMED_IN, readOidsNamed} from '../../../pg/objects/drift/named.ts';
import {readFactsOf, type ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import {UNKNOWN} from '../../../pg/objects/fact.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {LiveCapture} from '../../capture/capture.ts';
import type {Drift} from './drift.ts';

/** Objects of which so much is read at once. */
const AT_ONCE = 200;

/** Of these changes those that the target has not followed yet. */
export async function notFollowed(target: Session, changes: readonly Drift[]): Promise<Drift[]> {
  if (changes.length === 0) return [];
  const known = await readThere(target, changes);
  const left = changes.filter((change) => !isFollowed(change, known));
  return withoutCarried(nearest(left, known));
}

/** Of several ways to the same, from what it was at P and from what it was seen as in between, the one that begins with what the target has. Pure. */
export function nearest(changes: readonly Drift[], target: ReadonlyMap<string, Pick<ChosenFact, 'parts'>>): Drift[] {
  const ways = Map.groupBy(changes, ({kind, name, part, there}) => JSON.stringify([kind, name, part, there]));
  return [...ways.values()].flatMap((all) => all.find((change) => beginsWith(change, target)) ?? all.slice(0, 1));
}

/**
 * The changes without those of constraints, indexes and triggers of a table that is still to be detached or attached: most of them come and go with that, and what is left once it is done is told then. "multiple primary keys", and "cannot drop inherited constraint",
 * are what they would come to. Pure.
 */
export function withoutCarried(left: readonly Drift[]): Drift[] {
  const moving = left.flatMap(({kind, part, table}) =>
    kind === 'table' && part === 'partition of' && table !== null ? [table] : [],
  );
  const isOfOne = ({table}: Drift): boolean => table !== null && moving.some((one) => sameRelation(one, table));
  return left.filter((change) => change.part !== null || !LATER.has(change.kind) || !isOfOne(change));
}

/** What the target has of these objects, by kind and name: found by their names where a catalog may be large, else among all of its kind. */
async function readThere(target: Session, changes: readonly Drift[]): Promise<ReadonlyMap<string, ChosenFact>> {
  const oids = [...(await target.run(readOidsNamed([...new Set(changes.flatMap(({objects}) => objects))])))];
  for (const catalog of new Set(changes.map((one) => one.catalog)))
    if (!NAMED_IN.includes(catalog))
      for (const {oid} of await target.run(readOidsOf(target.version, catalog))) oids.push({catalog, oid});
  const facts = new Map<string, ChosenFact>();
  for (const [catalog, keys] of Map.groupBy(oids, (one) => one.catalog)) {
    for (let from = 0; from < keys.length; from += AT_ONCE) {
      const some = keys.slice(from, from + AT_ONCE).map(({oid}) => oid);
      for (const fact of await target.run(readFactsOf(target.version, catalog, some))) facts.set(keyOf(fact), fact);
    }
  }
  return facts;
}

function keyOf({kind, name}: {readonly kind: string; readonly name: string}): string {
  return JSON.stringify([kind, name]);
}

/** What the target is without until the cutover, whatever was done to it on the source. */
const LATER: ReadonlySet<string> = new Set(['constraint', 'index', 'trigger']);

/** Whether a target has what a change goes from. Pure. */
function beginsWith(
  {kind, was, name, part, there, from}: Drift,
  target: ReadonlyMap<string, Pick<ChosenFact, 'parts'>>,
): boolean {
  const fact = target.get(keyOf({kind, name: was}));
  if (!there) return true;
  if (part !== null) return fact !== undefined && (fact.parts[part] ?? null) === from;
  return was === name ? !LATER.has(kind) : fact !== undefined;
}

/** Pure, given what the target has. */
export function isFollowed(change: Drift, target: ReadonlyMap<string, Pick<ChosenFact, 'parts'>>): boolean {
  const {kind, name, part, there, value} = change;
  if (change.isTurned === true && !beginsWith(change, target)) return true;
  const fact = target.get(keyOf({kind, name}));
  if (!there) return fact === undefined;
  if (fact === undefined) return false;
  if (part === null) return true;
  const has = fact.parts[part] ?? null;
  return has === value || has === UNKNOWN;
}

/** What finds no row by a replica identity without a key fails at the next change of one, where the target has followed: it follows behind the hand-over. Pure. */
export function forLive(change: Drift, live: Pick<LiveCapture, 'findsByIdentityAlone'> | null): Drift {
  const isKeyless = change.kind === 'replica identity' && (change.value === 'FULL' || change.value === 'NOTHING');
  if (live?.findsByIdentityAlone !== true || !isKeyless || change.statement === null) return change;
  const later = `no row of the target would be found by that: it is for after the hand-over, there: ${change.statement}; until then: longhaul accept`;
  return {...change, statement: null, why: `${change.why}; ${later}`};
}
