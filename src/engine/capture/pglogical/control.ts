import {compareLsn} from '../../../domain/pg/lsn.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {
  advancePglogicalOrigin,
  disablePglogicalSubscription,
  enablePglogicalSubscription,
  type PglogicalSubscription,
} from '../../../pg/capture/pglogical.ts';
import type {Action} from '../../action.ts';
import {remark, statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import type {StuckTransaction} from '../capture.ts';
import {mayApply} from '../native/judge-start.ts';
import {waitUntilUnread} from '../slots/wait-unread.ts';
import {readOurSubscriptions} from './read-subscriptions.ts';
import {planReconnect} from './reconnect.ts';

/** Disables the subscription, and waits until its walsender has left the slot. */
export async function planStop(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const one = await readOne(ctx, slot);
  const stop = statementAction(disablePglogicalSubscription(slot), onTarget(ctx));
  return [...(one.enabled ? [stop] : []), waitUntilUnread(ctx, [one.slot], true)];
}

/** Enables it, from where it is: one that is before P would apply what the load has brought. One that is enabled and down may have lost its way to the source. */
export async function planResume(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const {enabled, status} = await readOne(ctx, slot);
  if (!enabled) return [enabling(ctx, slot)];
  return status === 'down' ? planReconnect(ctx, slot) : [];
}

/** Starts its worker again at once: after an outage of the source pglogical may sleep for three minutes. */
export async function planKick(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const {enabled} = await readOne(ctx, slot);
  if (!enabled) return [];
  return [statementAction(disablePglogicalSubscription(slot), onTarget(ctx)), enabling(ctx, slot)];
}

/** The action that enables a subscription, where it is at P or beyond. */
export function enabling(ctx: StepContext, slot: string): Action {
  const enable = statementAction(enablePglogicalSubscription(slot), onTarget(ctx));
  return {
    ...enable,
    execute: async () => {
      const {appliedLsn} = await readOne(ctx, slot);
      const P = ctx.state().boundary?.lsn;
      // P is a position of the source's: the way back begins where start-reverse has set it, and until then it asks for nothing.
      const isOfWayBack = ctx.state().evidence['prepare-reverse']?.subscriptions?.includes(slot) === true;
      if (!isOfWayBack && (P === undefined || !mayApply(appliedLsn, P)))
        throw new LonghaulError({
          code: 'failed',
          message: `subscription ${slot} is at ${appliedLsn ?? 'no position'}, before P ${P ?? 'that is not there'}: it is not enabled`,
          remedy: 'longhaul run sets it to P and enables it',
        });
      await enable.execute();
    },
  };
}

/** Goes past one transaction, by setting the origin to its end. */
export async function planSkip(ctx: StepContext, slot: string, stuck: StuckTransaction): Promise<readonly Action[]> {
  const what = `drops transaction ${stuck.xid}, ${stuck.count ?? 'unknown'} changes: ${stuck.changes.join('; ')}`;
  const advance = statementAction(advancePglogicalOrigin(slot, stuck.endLsn), onTarget(ctx));
  return [
    ...(await planStop(ctx, slot)),
    {...advance, text: remark(what, advance.text)},
    enabling(ctx, slot),
    {
      on: 'target',
      text: `/* waits until it is past ${stuck.endLsn}, 60 s at most */`,
      execute: async () => waitUntilPast(ctx, slot, stuck),
    },
  ];
}

const PAST_MS = 60_000;

async function waitUntilPast(ctx: StepContext, slot: string, {endLsn, commitLsn}: StuckTransaction): Promise<void> {
  const past = await waitUntil(ctx, PAST_MS, async () => {
    const {appliedLsn} = await readOne(ctx, slot);
    return appliedLsn !== null && compareLsn(appliedLsn, endLsn) >= 0 ? true : null;
  });
  if (past !== null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `${slot} is not past the transaction at ${commitLsn} after a minute`,
    remedy: `see the target's log; longhaul cdc skip ${slot} shows which transaction it is stuck on now`,
  });
}

/** The slot's subscription. Throws where it is not there. */
export async function readOne(ctx: StepContext, slot: string): Promise<PglogicalSubscription> {
  const [one] = await readOurSubscriptions(ctx, [slot]);
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
