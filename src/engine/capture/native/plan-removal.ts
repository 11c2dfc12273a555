import {claimedSubscriptions, subscriptionObject} from '../../../domain/run/claimed.ts';
import {
  detachSlot,
  disableSubscription,
  dropSubscription,
  readSubscriptions,
} from '../../../pg/capture/subscriptions.ts';
import type {Action} from '../../action.ts';
import {statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntilUnread} from '../slots/wait-unread.ts';

/**
 * Takes this run's subscriptions off the target: disabled, without their slot, dropped. A slot goes on its own on the source: with it in the
 * subscription, dropping that would want a source that answers. Then it is waited until nobody reads the slots. Asks no server where none was claimed.
 */
export async function planRemoval(ctx: StepContext): Promise<Action[]> {
  const names = claimedSubscriptions(ctx.state().claimed);
  if (names.length === 0) return [];
  const target = await ctx.session('target');
  const there = (await target.run(readSubscriptions(names, target.version))).map(({name}) => name);
  const how = {on: 'target', session: async () => ctx.session('target')} as const;
  const ends = there.flatMap((name) =>
    [disableSubscription(name), detachSlot(name), dropSubscription(name)].map((one) => statementAction(one, how)),
  );
  // Whoever was stopped behind the last of these has not waited.
  return [...ends, waitUntilUnread(ctx, names, false), givingBack(ctx, names)];
}

/** Those that are gone are the run's no more: one that is called alike later is somebody else's. */
function givingBack(ctx: StepContext, names: readonly string[]): Action {
  const objects = names.map((name) => subscriptionObject(name));
  return {
    on: 'jump box',
    text: `note in the journal: ${objects.join(', ')} taken back`,
    execute: async () => {
      const target = await ctx.session('target');
      const left = (await target.run(readSubscriptions(names, target.version))).map(({name}) =>
        subscriptionObject(name),
      );
      const gone = objects.filter((object) => !left.includes(object));
      if (gone.length > 0) await ctx.record({type: 'objects.returned', objects: gone});
    },
  };
}
