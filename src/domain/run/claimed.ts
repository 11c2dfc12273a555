/** How a slot is claimed in the journal: `slot dms_slot_01`. */
export function slotObject(name: string): string {
  return `slot ${name}`;
}

/** How a replication set is claimed in the journal: `set idms_slot_01`. */
export function setObject(name: string): string {
  return `set ${name}`;
}

/** How the pglogical node is claimed in the journal: `node longhaul`. */
export function nodeObject(name: string): string {
  return `node ${name}`;
}

/** How a publication is claimed in the journal: `publication dms_slot_01`. */
export function publicationObject(name: string): string {
  return `publication ${name}`;
}

/** How a subscription on the target is claimed in the journal: `subscription dms_slot_01`. */
export function subscriptionObject(name: string): string {
  return `subscription ${name}`;
}

/** How an endpoint of DMS is claimed in the journal, by its identifier: `endpoint longhaul-acme-target`. */
export function endpointObject(identifier: string): string {
  return `endpoint ${identifier}`;
}

/** How a task of DMS is claimed in the journal, by the slot that it reads: `task dms_slot_01`. */
export function taskObject(slot: string): string {
  return `task ${slot}`;
}

/** How a subscription of pglogical's on the target is claimed in the journal: `pglogical-subscription dms_slot_01`. */
export function pglogicalSubscriptionObject(name: string): string {
  return `pglogical-subscription ${name}`;
}

/** How the target's own pglogical node is claimed in the journal: `target-node longhaul_target`. */
export function targetNodeObject(name: string): string {
  return `target-node ${name}`;
}

/** How strict mode is claimed in the journal: it is taken back only where the run has set it. */
export const STRICT_MODE = 'setting pglogical.conflict_log_level';

/** How a sentinel's table on the source is claimed in the journal: `sentinel dms_slot_01`. */
export function sentinelObject(name: string): string {
  return `sentinel ${name}`;
}

/** Of what kind a claimed object is: `slot`, `set`, `node`. */
export function claimKind(object: string): string {
  return object.split(' ', 1)[0] ?? '';
}

/** The slots among the objects that a run has claimed, by their names. Pure. */
export function claimedSlots(claimed: readonly string[]): string[] {
  return namesAfter(claimed, slotObject(''));
}

/** The replication sets among them. Pure. */
export function claimedSets(claimed: readonly string[]): string[] {
  return namesAfter(claimed, setObject(''));
}

/** The pglogical nodes among them. Pure. */
export function claimedNodes(claimed: readonly string[]): string[] {
  return namesAfter(claimed, nodeObject(''));
}

/** The publications among them. Pure. */
export function claimedPublications(claimed: readonly string[]): string[] {
  return namesAfter(claimed, publicationObject(''));
}

/** The subscriptions on the target among them. Pure. */
export function claimedSubscriptions(claimed: readonly string[]): string[] {
  return namesAfter(claimed, subscriptionObject(''));
}

/** The endpoints of DMS among them. Pure. */
export function claimedEndpoints(claimed: readonly string[]): string[] {
  return namesAfter(claimed, endpointObject(''));
}

/** The slots among them whose tasks of DMS are the run's. Pure. */
export function claimedTasks(claimed: readonly string[]): string[] {
  return namesAfter(claimed, taskObject(''));
}

/** The subscriptions of pglogical's on the target among them. Pure. */
export function claimedPglogicalSubscriptions(claimed: readonly string[]): string[] {
  return namesAfter(claimed, pglogicalSubscriptionObject(''));
}

/** The target's own pglogical nodes among them. Pure. */
export function claimedTargetNodes(claimed: readonly string[]): string[] {
  return namesAfter(claimed, targetNodeObject(''));
}

/** The sentinels' tables among them. Pure. */
export function claimedSentinels(claimed: readonly string[]): string[] {
  return namesAfter(claimed, sentinelObject(''));
}

function namesAfter(claimed: readonly string[], before: string): string[] {
  return claimed.flatMap((object) => (object.startsWith(before) ? [object.slice(before.length)] : []));
}
