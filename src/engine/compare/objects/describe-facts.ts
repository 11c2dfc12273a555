import {printable} from '../../../domain/base/printable.ts';
import {dropOf, mendPart} from '../../../pg/objects/mend.ts';
import type {FactDifference} from './judge-facts.ts';
import {onlyThere, onTarget, rankOf, shortly, type ObjectDifference} from './object-difference.ts';

/** What decides whether a difference was meant to be. */
export interface Roles {
  /** The role that restores. */
  readonly own: string;
  /** The role that the source was made with. */
  readonly bootstrap: string;
  /** The target's roles that ours may give something to. */
  readonly assumable: ReadonlySet<string>;
}

/** Kinds that stay behind, with why. One that somebody has made on the target is to be as the source's. */
const LEFT_BEHIND: Readonly<Record<string, string>> = {
  'event trigger': 'event triggers want a superuser and stay behind',
  publication: 'publications stay behind: make them on the target where it is to publish',
  language: 'languages that no extension has brought stay behind',
};

/** What a target has by itself, or somebody gave it for its own use. */
const OWN_OF_TARGET: ReadonlySet<string> = new Set([
  'event trigger',
  'publication',
  'language',
  'extension',
  'foreign data wrapper',
  'server',
  'user mapping',
]);

/**
 * Whether a table, as SQL names it, is one that DMS keeps on a target: how far it is, and what it could not apply. They stay when its tasks are deleted. Pure.
 * Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.ControlTable.html
 */
export function isOfDms(relation: string): boolean {
  return /(?:^|\.)"?awsdms_[a-z0-9_]+"?$/i.test(relation);
}

/** Why a difference is one that was to be expected, in words; null where it is not. Pure. */
export function whyExpected(
  {kind, name, part, wanted, there}: FactDifference,
  {own, bootstrap, assumable}: Roles,
): string | null {
  const words = printable(`${kind} ${name}`);
  if (wanted === null) {
    if (isOfDms(there?.relation ?? '')) return `${words}: AWS DMS's own, from an attempt before`;
    return OWN_OF_TARGET.has(kind) ? `${words}: the target's own` : null;
  }
  if (there === null) {
    const left = LEFT_BEHIND[kind];
    return left === undefined ? null : `${words}: ${left}`;
  }
  if (kind === 'extension' && part === 'version')
    return `${words}: ${wanted.parts[part]} on the source, ${there.parts[part]} on the target, whose release brings its own`;
  if (part === 'owner') {
    const owner = wanted.parts[part] ?? '';
    const isOurs = there.parts[part] === own && (owner === bootstrap || !assumable.has(owner));
    return isOurs
      ? `${words}: owned by ${printable(owner)} on the source, by the role that restores it on the target`
      : null;
  }
  return null;
}

const BY_DUMP = 'make it on the target as pg_dump -s of the source has it; then longhaul run';

/** A difference of one object in words, with the statement that mends it. Pure. */
export function describeFact(difference: FactDifference): ObjectDifference {
  const {kind, name, part, wanted, there} = difference;
  const base = {object: printable(`${kind} ${name}`), query: null, rank: rankOf(kind, part)};
  if (wanted === null) {
    const drop = there === null ? '' : dropOf(there);
    return {
      ...base,
      differs: 'is on the target only',
      why: '',
      remedy: onlyThere(drop),
      statement: null,
      creates: false,
    };
  }
  if (there === null) {
    const {make} = wanted;
    const remedy = make === null ? BY_DUMP : onTarget(make);
    return {...base, differs: 'is not there', why: '', remedy, statement: make, creates: true};
  }
  const statement = mendPart(part ?? '', wanted, there);
  return {
    ...base,
    differs: `has another ${part}`,
    why: `${shortly(wanted.parts[part ?? ''])} on the source, ${shortly(there.parts[part ?? ''])} on the target`,
    remedy: statement === null ? BY_DUMP : onTarget(statement),
    statement,
    creates: part === 'comment' && (there.parts['comment'] ?? null) === null,
  };
}
