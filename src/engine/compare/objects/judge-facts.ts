import {UNKNOWN, type Fact} from '../../../pg/objects/fact.ts';

/** In what an object of the source and the target's of the same name differ: in one part, or one of them is not there. */
export interface FactDifference {
  readonly kind: string;
  readonly name: string;
  /** Null where the object as a whole is missing, or is on the target only. */
  readonly part: string | null;
  /** The object on the source, null where it is on the target only; and on the target. */
  readonly wanted: Fact | null;
  readonly there: Fact | null;
}

/** Compares all that is known of both sides, object by object and part by part. Pure. */
export function judgeFacts(wanted: readonly Fact[], there: readonly Fact[]): FactDifference[] {
  const known = new Map(there.map((fact) => [keyOf(fact), fact]));
  const asked = new Set(wanted.map((fact) => keyOf(fact)));
  const missing = new Set(wanted.filter((fact) => !known.has(keyOf(fact))).map(({name}) => name));
  const only = there.filter((fact) => !asked.has(keyOf(fact)));
  const more = new Set(only.map(({name}) => name));
  return [
    ...wanted.flatMap((fact): FactDifference[] => {
      const {kind, name} = fact;
      const other = known.get(keyOf(fact));
      // What belongs to something that is missing is missing with it.
      if (other === undefined)
        return missing.has(wholeOf(fact)) ? [] : [{kind, name, part: null, wanted: fact, there: null}];
      return differingParts(fact, other).map((part) => ({kind, name, part, wanted: fact, there: other}));
    }),
    ...only
      .filter((fact) => !more.has(wholeOf(fact)))
      .map((fact): FactDifference => ({kind: fact.kind, name: fact.name, part: null, wanted: null, there: fact})),
  ];
}

function keyOf({kind, name}: Fact): string {
  return JSON.stringify([kind, name]);
}

/** The table of a column, a rule or a policy, the domain of a constraint, the server of a user mapping; nothing for what is by itself. */
function wholeOf({kind, name}: Fact): string {
  if (kind === 'user mapping') return / SERVER (?<whole>"(?:[^"]|"")*"|[^"\s]+)$/.exec(name)?.groups?.['whole'] ?? '';
  if (kind === 'column') return name.replace(/\.(?:"(?:[^"]|"")*"|[^."]*)$/, '');
  return / ON (?<whole>(?:"(?:[^"]|"")*"|[^"\s])+)$/.exec(name)?.groups?.['whole'] ?? '';
}

function differingParts(wanted: Fact, there: Fact): string[] {
  return Object.keys(wanted.parts).filter((part) => {
    const [one, other] = [wanted.parts[part] ?? null, there.parts[part] ?? null];
    return one !== other && one !== UNKNOWN && other !== UNKNOWN;
  });
}
