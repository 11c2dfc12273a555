import type {RelationName} from '../../pg/relation.ts';
import {claimKind} from '../claimed.ts';

/**
 * What the way back makes, by the word that its claims begin with: slots and publications (pglogical: sets) on the target, subscriptions and a setting on the source, sentinels on both,
 * and triggers of the source that are off while its changes are applied there.
 */
const BACK_KINDS = [
  'back-slot',
  'back-publication',
  'back-subscription',
  'back-set',
  'back-pglogical-subscription',
  'back-setting',
  'back-sentinel',
  'back-trigger-off',
] as const;

type BackKind = (typeof BACK_KINDS)[number];

/** How an object of the way back is claimed in the journal: `back-slot r_lh_01`. */
export function backObject(kind: Exclude<BackKind, 'back-trigger-off'>, name: string): string {
  return `${kind} ${name}`;
}

/** Those of one kind among what a run has claimed, by their names. Pure. */
export function claimedBack(claimed: readonly string[], kind: BackKind): string[] {
  return claimed.filter((object) => claimKind(object) === kind).map((object) => object.slice(kind.length + 1));
}

/** The subscriptions on the source among them, of either kind. Pure. */
export function claimedBackSubscriptions(claimed: readonly string[]): string[] {
  return [...claimedBack(claimed, 'back-subscription'), ...claimedBack(claimed, 'back-pglogical-subscription')];
}

/** Whether the object is of the way back. Pure. */
export function isOfWayBack(object: string): boolean {
  const kind: string = claimKind(object);
  return BACK_KINDS.some((one) => one === kind);
}

/** A trigger of the source that fires when changes are applied, and how: `ALWAYS` or `REPLICA`. */
export interface FiringTrigger extends RelationName {
  readonly trigger: string;
  readonly fires: 'ALWAYS' | 'REPLICA';
}

const OFF = 'trigger-off';

/** How a trigger of the target that is off while changes are applied there is noted, with how it was: names may hold anything, so that it is JSON. */
export function triggerOffObject({schema, name, trigger, fires}: FiringTrigger): string {
  return `${OFF} ${JSON.stringify([schema, name, trigger, fires])}`;
}

/** The triggers of the target that were switched off, as they were before. Pure. */
export function triggersOff(claimed: readonly string[]): FiringTrigger[] {
  return claimed.flatMap((object) => {
    if (claimKind(object) !== OFF) return [];
    const parts: unknown = JSON.parse(object.slice(OFF.length + 1));
    if (!Array.isArray(parts)) return [];
    const [schema, name, trigger, fires] = parts.map(String);
    if (schema === undefined || name === undefined || trigger === undefined) return [];
    return [{schema, name, trigger, fires: fires === 'REPLICA' ? 'REPLICA' : 'ALWAYS'}];
  });
}
