import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {
  advanceOrigin,
  disableSubscription,
  enableSubscription,
  readSubscriptionRights,
  readSubscriptions,
  skipTransaction,
  type Subscription,
} from '../../../../pg/capture/subscriptions.ts';
import {compareLsn} from '../../../../domain/pg/lsn.ts';
import {maybe} from '../../../../pg/session/versions.ts';
import type {Action} from '../../../action.ts';
import {remark, statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import {waitUntil} from '../../../waiting/wait-until.ts';
import type {StuckTransaction} from '../../capture.ts';
import {waitUntilUnread} from '../../slots/wait-unread.ts';
import {mayApply} from '../judge-start.ts';
import {reconnecting} from './reconnect.ts';

/** Disables the subscription, and waits until its walsender has left the slot. */
export async function planStop(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const {enabled} = await readOne(ctx, slot);
  const stop = statementAction(disableSubscription(slot), onTarget(ctx));
  return [...(enabled ? [stop] : []), waitUntilUnread(ctx, [slot], true)];
}

/** Enables it, from where it is: one that is before P would apply what the load has brought. One that is enabled and has no worker may have lost its way to the source. */
export async function planResume(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const {enabled, workerPid} = await readOne(ctx, slot);
  if (!enabled) return [enabling(ctx, slot)];
  return workerPid === null ? [reconnecting(ctx, slot)] : [];
}

function enabling(ctx: StepContext, slot: string): Action {
  const enable = statementAction(enableSubscription(slot), onTarget(ctx));
  return {
    ...enable,
    execute: async () => {
      const {appliedLsn} = await readOne(ctx, slot);
      const P = ctx.state().boundary?.lsn;
      if (P === undefined || !mayApply(appliedLsn, P))
        throw new LonghaulError({
          code: 'failed',
          message: `subscription ${slot} is at ${appliedLsn ?? 'no position'}, before P ${P ?? 'that is not there'}: it is not enabled`,
          remedy: 'longhaul run sets it to P and enables it',
        });
      await enable.execute();
    },
  };
}

/** Goes past one transaction: by its commit where the server has that and the role may, else by setting the origin to its end. */
export async function planSkip(ctx: StepContext, slot: string, stuck: StuckTransaction): Promise<readonly Action[]> {
  const target = await ctx.session('target');
  const rights = await target.one(readSubscriptionRights(target.version));
  const what = `drops transaction ${stuck.xid}, ${stuck.count ?? 'unknown'} changes: ${stuck.changes.join('; ')}`;
  const isPast: Action = {
    on: 'target',
    text: `/* waits until it is past ${stuck.endLsn}, 20 s at most */`,
    execute: async () => waitUntilPast(ctx, slot, stuck),
  };
  if (rights.superuser && maybe('skipTransaction', target.version) !== null) {
    const skip = statementAction(skipTransaction(slot, stuck.commitLsn, target.version), onTarget(ctx));
    return [{...skip, text: remark(what, skip.text)}, isPast];
  }
  if (!rights.mayAdvance)
    throw new LonghaulError({
      code: 'failed',
      message: `role ${rights.role} may neither skip a transaction nor set where a subscription is`,
      remedy: `on the target, as superuser: ALTER ROLE "${rights.role.replaceAll('"', '""')}" SUPERUSER; or mend what is in the way, and it goes on by itself`,
    });
  const advance = statementAction(advanceOrigin(slot, stuck.endLsn), onTarget(ctx));
  return [...(await planStop(ctx, slot)), {...advance, text: remark(what, advance.text)}, enabling(ctx, slot), isPast];
}

/** An answer is waited for a minute; a worker tries again after five seconds. */
const PAST_MS = 20_000;

async function waitUntilPast(ctx: StepContext, slot: string, {endLsn, commitLsn}: StuckTransaction): Promise<void> {
  const past = await waitUntil(ctx, PAST_MS, async () => {
    const {appliedLsn} = await readOne(ctx, slot);
    return appliedLsn !== null && compareLsn(appliedLsn, endLsn) >= 0 ? true : null;
  });
  if (past !== null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `${slot} is not past the transaction at ${commitLsn} after 20 s`,
    remedy: `see the target's log: the server may have found another transaction first; longhaul cdc skip ${slot} shows which it is now`,
  });
}

/** The slot's subscription. Throws where it is not there. */
export async function readOne(ctx: StepContext, slot: string): Promise<Subscription> {
  const target = await ctx.session('target');
  const [one] = await target.run(readSubscriptions([slot], target.version));
  if (one !== undefined) return one;
  throw new LonghaulError({
    code: 'failed',
    message: `there is no subscription ${slot} on the target`,
    remedy: 'longhaul run says what is to be done: start-cdc checks it',
  });
}

function onTarget(ctx: StepContext) {
  return {on: 'target', session: async () => ctx.session('target')} as const;
}
