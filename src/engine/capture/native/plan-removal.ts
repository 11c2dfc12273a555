import {claimedSubscriptions} from '../../../domain/run/claimed.ts';
import {
  detachSlot,
  disableSubscription,
  dropSubscription,
  readSubscriptions,
} from '../../../pg/capture/subscriptions.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import type {Action} from '../../action.ts';
import {statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';

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
  return [...ends, waiting(ctx, names)];
}

/** A walsender notices a moment later; until then its slot cannot be dropped. */
function waiting(ctx: StepContext, slots: readonly string[]): Action {
  return {
    on: 'source',
    text: '/* waits until nobody reads the slots, 30 s at most */ SELECT slot_name FROM pg_replication_slots WHERE active',
    execute: async () => {
      await waitUntil(ctx, 30_000, async () => {
        const source = await ctx.session('source');
        const read = await source.run(readSlots(source.version));
        return read.some(({name, active}) => active && slots.includes(name)) ? null : true;
      });
    },
  };
}
