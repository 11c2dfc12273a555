import {quoteLiteral} from '../../../../domain/pg/identifier.ts';
import {newSlots, slotsAway} from '../../../../domain/reading/slots-away.ts';
import {pglogicalSubscriptionObject, slotObject, targetNodeObject} from '../../../../domain/run/claimed.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import type {PglogicalSubscription} from '../../../../pg/capture/pglogical.ts';
import type {Slot} from '../../../../pg/replication/slots.ts';
import type {StepContext} from '../../../step.ts';
import {mayBeSlotOf} from '../read-subscriptions.ts';

/** What is there of the subscriptions. */
export interface Prepared {
  readonly planned: readonly string[];
  /** The target's node; null without one. */
  readonly node: string | null;
  readonly subscriptions: readonly PglogicalSubscription[];
  readonly slots: readonly Slot[];
}

/** What keeps subscriptions from being made: what is there under their names and is not the run's, and slots that P was proved against and that are gone. */
export function judgePrepared(ctx: Pick<StepContext, 'config' | 'state'>, seen: Prepared): Finding[] {
  const state = ctx.state();
  const gone = slotsAway(state, {at: null, slots: seen.slots})
    .filter(({how}) => how === 'gone')
    .map(({name, seen: words}): Finding => ({
      check: 'prepare-cdc.gone',
      severity: 'blocker',
      subject: slotObject(name),
      seen: words,
      remedy: newSlots(ctx.config.run),
    }));
  return [
    ...gone,
    ...judgeNode(seen, state.claimed),
    ...judgeTakenSubscriptions(seen, state.claimed),
    ...judgeOthersSlots(seen, state.claimed),
  ];
}

/** A database has one node, and the subscriptions of another run hang on it. Pure. */
export function judgeNode({node}: Pick<Prepared, 'node'>, claimed: readonly string[]): Finding[] {
  if (node === null || claimed.includes(targetNodeObject(node))) return [];
  return [
    {
      check: 'prepare-cdc.node',
      severity: 'blocker',
      subject: `node ${node} on the target`,
      seen: 'the target is a pglogical node already, which this run has not made',
      remedy: `when nobody replicates to or from there, on the target: SELECT pglogical.drop_node(${quoteLiteral(node).trim()}); then longhaul run`,
    },
  ];
}

/** Pure. */
export function judgeTakenSubscriptions(
  {subscriptions}: Pick<Prepared, 'subscriptions'>,
  claimed: readonly string[],
): Finding[] {
  return subscriptions
    .filter(({name}) => !claimed.includes(pglogicalSubscriptionObject(name)))
    .map(({name}) => ({
      check: 'prepare-cdc.taken',
      severity: 'blocker',
      subject: pglogicalSubscriptionObject(name),
      seen: 'it is on the target from before this run',
      remedy: `when nobody needs it, on the target: SELECT pglogical.drop_subscription(${quoteLiteral(name).trim()}); else set another slots.prefix in longhaul.yaml`,
    }));
}

/** pglogical drops a slot of the name that it would make, whoever reads it. Pure. */
export function judgeOthersSlots(
  {planned, subscriptions, slots}: Pick<Prepared, 'planned' | 'subscriptions' | 'slots'>,
  claimed: readonly string[],
): Finding[] {
  const missing = planned.filter((name) => !subscriptions.some((one) => one.name === name));
  return slots
    .filter(({name}) => !claimed.includes(slotObject(name)) && missing.some((one) => mayBeSlotOf(one, name)))
    .map(({name, active}) => ({
      check: 'prepare-cdc.slot',
      severity: 'blocker',
      subject: slotObject(name),
      seen: `it is called as pglogical would call one of this run's, ${active ? 'and somebody reads it' : 'and nobody reads it now'}: pglogical would drop it`,
      remedy: `set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pg_drop_replication_slot(${quoteLiteral(name).trim()})`,
    }));
}
