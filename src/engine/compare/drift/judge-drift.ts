import {printable} from '../../../domain/base/printable.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import {changePart, renameOf, takeBack} from '../../../pg/objects/drift/follow.ts';
import {UNKNOWN} from '../../../pg/objects/fact.ts';
import {rankOf, shortly} from '../objects/object-difference.ts';
import {fillsOfColumn, fillsOfTable} from './fills.ts';
import type {Drift, Drifted, ObjectThen} from './drift.ts';
import {pairFacts, type Paired} from './pair-facts.ts';
import {joinRemade, takenTables, withoutTaken} from './taken-names.ts';

/** What has changed in these objects, in the order in which the target can follow; `assumable` are the roles that objects of the target may be given to. Pure. */
export function judgeDrift(all: readonly ObjectThen[], assumable: ReadonlySet<string>): Drifted {
  const objects = joinRemade(all);
  const judged = objects.map((object) => judgeObject(object, assumable));
  const identities = new Set(
    objects.flatMap(({now}) =>
      now.flatMap(({kind, name, parts}) => (kind === 'column' && parts['identity'] != null ? [name] : [])),
    ),
  );
  const owners = new Map<string, string>();
  for (const {kind, name, parts} of objects.flatMap(({before, now}) => [...before, ...now]))
    if (kind === 'sequence') owners.set(name, parts['owned by'] ?? '');
  // It comes and goes with its column.
  const isOfIdentity = ({kind, name}: Drift): boolean => kind === 'sequence' && identities.has(owners.get(name) ?? '');
  return {
    changes: withoutTaken(
      judged.flatMap(({changes}) => changes),
      objects,
      isGone,
    )
      .filter((one) => !isOfIdentity(one))
      .toSorted((a, b) => a.rank - b.rank),
    filled: [...judged.flatMap(({filled}) => filled), ...takenTables(objects)],
  };
}

function judgeObject({before, now}: ObjectThen, assumable: ReadonlySet<string>): Drifted {
  const paired = pairFacts(before, now);
  const objects = [...before, ...now].filter(isMain).map(({name}) => name);
  const changes = paired
    .flatMap((pair) => judgePair(pair, paired, assumable))
    .map((change): Drift => ({...change, objects}));
  return {changes, filled: fillsOfTable(paired)};
}

function judgePair(pair: Paired, all: readonly Paired[], assumable: ReadonlySet<string>): Change[] {
  const {before, now} = pair;
  if (before === null) return now === null || isWithWhole(now, all) ? [] : isNew(now, assumable);
  if (now === null) return isWithWhole(before, all) ? [] : [isGone(before)];
  if (now.kind === 'rewrite') return [];
  const renamed = renameOf(before, now);
  const isRenamed = all.some((one) => one.before !== null && one.now !== null && one.before.name !== one.now.name);
  return [
    ...(renamed === null || now.inherited
      ? []
      : [
          {
            ...about(before, now),
            change: `is called ${printable(now.name)} now`,
            why: '',
            statement: renamed,
            part: null,
            from: null,
            value: null,
            // Whatever else is to be done goes by the new name.
            rank: now.kind === 'column' ? 1 : 0,
          },
        ]),
    ...differingParts(pair, isRenamed).map((part) => hasChanged(before, now, part)),
  ];
}

/** What a part of its table is, or a privilege that everybody has, comes and goes with the whole. */
function isWithWhole(fact: ChosenFact, all: readonly Paired[]): boolean {
  if (fact.kind === 'rewrite' || fact.inherited) return true;
  if (fact.kind === 'column' && fact.relation === null) return true;
  const whole = all.find((one) => isMain(one.now ?? one.before));
  if (whole === undefined || isMain(fact)) return false;
  if (whole.now === null) return true;
  if (whole.before !== null) return false;
  return fact.kind === 'column' || fact.kind === 'replica identity' || (fact.parts['everybody'] ?? null) !== null;
}

/** What is said of a table, and is no object. */
const NOT_MAIN: ReadonlySet<string> = new Set(['rewrite', 'replica identity']);

function isMain(fact: ChosenFact | null): boolean {
  return fact !== null && fact.id === fact.oid && !NOT_MAIN.has(fact.kind);
}

const LAST = 10_000;

function isNew(now: ChosenFact, assumable: ReadonlySet<string>): Change[] {
  const {owner = null, comment = null} = now.parts;
  const parts = [
    ...(owner !== null && assumable.has(owner) ? ['owner'] : []),
    ...(comment === null ? [] : ['comment']),
    ...(now.kind === 'sequence' && now.parts['owned by'] != null ? ['owned by'] : []),
  ];
  const empty = {...now, parts: {}};
  return [
    {
      ...about(now, now),
      change: 'is new',
      why: '',
      statement: now.make,
      part: null,
      from: null,
      value: null,
      rank: 2 + rankOf(kindOf(now), null),
      fills: fillsOfColumn(now),
    },
    ...parts.map((part) => ({
      ...hasChanged(empty, now, part),
      why: shortly(now.parts[part]),
      rank: part === 'owned by' ? 2 + rankOf('column', null) + 1 : 2 + rankOf(kindOf(now), part),
    })),
  ];
}

function isGone(before: ChosenFact): Change {
  return {
    ...about(before, before),
    change: 'is gone',
    why: '',
    statement: takeBack(before),
    part: null,
    from: null,
    there: false,
    value: null,
    // What hangs on others goes first, and all of it once nothing is made any more.
    rank: LAST - rankOf(kindOf(before), null),
  };
}

function hasChanged(before: ChosenFact, now: ChosenFact, part: string): Change {
  return {
    ...about(before, now),
    change: `has another ${part}`,
    why: `${shortly(before.parts[part])} before, ${shortly(now.parts[part])} now`,
    statement: changePart(part, now, before),
    part,
    from: before.parts[part] ?? null,
    value: now.parts[part] ?? null,
    rank: 2 + rankOf(kindOf(now), part),
  };
}

type Change = Omit<Drift, 'objects'>;
type About = Pick<Change, 'catalog' | 'object' | 'kind' | 'was' | 'name' | 'table' | 'fills' | 'there'>;

function about(before: ChosenFact, now: ChosenFact): About {
  const {schema, relation} = now;
  const table = schema === null || relation === null ? null : {schema, name: relation};
  return {
    object: printable(`${before.kind} ${before.name}`),
    catalog: now.catalog,
    kind: now.kind,
    was: before.name,
    name: now.name,
    table,
    fills: null,
    there: true,
  };
}

/** A constraint is made when its table is there, as a check is. */
function kindOf({kind}: ChosenFact): string {
  return kind === 'constraint' ? 'check' : kind;
}

/** Where a column is among the others changes when one before it goes; whether an index is valid, with each CREATE INDEX CONCURRENTLY. */
const PASSED_OVER: ReadonlySet<string> = new Set(['place', 'valid', 'back', 'everybody']);
/** What an ALTER TABLE of a parent does to its children as well. */
const WITH_PARENT: ReadonlySet<string> = new Set(['type', 'collation']);
/** Parts that quote names: they read otherwise when what they name is renamed. */
const QUOTING: ReadonlySet<string> = new Set([
  'definition',
  'owned by',
  'inherits',
  'partition of',
  'generated',
  'default',
]);

function differingParts({before, now}: Paired, isRenamed: boolean): string[] {
  if (before === null || now === null) return [];
  const names = new Set([...Object.keys(before.parts), ...Object.keys(now.parts)]);
  return [...names].filter((part) => {
    const [one, other] = [before.parts[part] ?? null, now.parts[part] ?? null];
    if (one === other || one === UNKNOWN || other === UNKNOWN || PASSED_OVER.has(part)) return false;
    if (part === 'bound' && (before.parts['partition of'] ?? null) !== (now.parts['partition of'] ?? null))
      return false;
    if (now.inherited && WITH_PARENT.has(part)) return false;
    return !(isRenamed && QUOTING.has(part));
  });
}
