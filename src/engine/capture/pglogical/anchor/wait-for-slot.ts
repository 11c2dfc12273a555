import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {printable} from '../../../../domain/base/printable.ts';
import {formatDuration} from '../../../../domain/base/units.ts';
import {readSlotBlockers} from '../../../../pg/replication/blockers.ts';
import {readSlots} from '../../../../pg/replication/slots.ts';
import type {Action} from '../../../action.ts';
import type {StepContext} from '../../../step.ts';
import {howToEnd} from '../../../waiting/how-to-end.ts';
import {waitUntil} from '../../../waiting/wait-until.ts';
import {whileWatching} from '../../../waiting/watch-blockers.ts';
import {readOurSubscriptions} from '../read-subscriptions.ts';

/** The subscription that is made, and how many were before it. */
interface Waiting {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** The step that makes it; prepare-cdc where it is left out. */
  readonly step?: 'prepare-cdc' | 'prepare-reverse';
}

/** Waits until a subscription has made its slot, which waits for every transaction that has written something. Without waiting where it is disabled already. */
export function waitForSlot(ctx: StepContext, {name, done, total, step = 'prepare-cdc'}: Waiting): Action {
  const limitMs = ctx.config.timeouts.createSlotMs;
  return {
    on: 'target',
    text: `/* waits until subscription ${name} has made its slot, and with that for every transaction of the source that has written something, ${formatDuration(limitMs)} at most */ SELECT status FROM pglogical.show_subscription_status()`,
    execute: async () => {
      await ctx.record({type: 'step.progressed', step, done, total, what: name});
      let status = '';
      const ready = await whileWatching(
        ctx,
        {
          step,
          on: 'source',
          done,
          total,
          what: `the slot of ${name} waits for`,
          ask: async (session) => session.run(readSlotBlockers(session.version)),
        },
        async (watch) =>
          watch.during(
            waitUntil(ctx, limitMs, async () => {
              const [one] = await readOurSubscriptions(ctx, [name]);
              status = one?.status ?? 'gone';
              return isMade(one) ? true : null;
            }),
          ),
      );
      if (ready === null) throw await notMade(ctx, name, status);
    },
  };
}

/** Whether the slot is whole: the subscription has begun to read it, or was disabled after that. Pure. */
export function isMade(
  one: {readonly status: string; readonly enabled: boolean; readonly initializing: boolean} | undefined,
): boolean {
  return one !== undefined && !one.initializing && (one.status === 'replicating' || !one.enabled);
}

async function notMade(ctx: StepContext, name: string, status: string): Promise<LonghaulError> {
  const source = await ctx.session('source');
  const blockers = await source.run(readSlotBlockers(source.version));
  const limit = formatDuration(ctx.config.timeouts.createSlotMs);
  const open = blockers.map(({what}) => printable(what)).join('; ') || 'none';
  const isDown = status === 'down';
  return new LonghaulError({
    code: 'failed',
    message: `subscription ${name} is ${status} after ${limit}: ${isDown ? "its worker cannot make the slot, and the target's log says why" : `its slot waits for every transaction that has written something. Open now: ${open}`}`,
    remedy: isDown
      ? "see the target's log (sets, slots, senders and logins of the source; workers of the target); then the same command again"
      : `${howToEnd(blockers, {on: 'source', limit: 'timeouts.create_slot'})}; then run again`,
  });
}

/** How long a walsender may take to notice that its reader is gone. */
const UNREAD_MS = 30_000;

/** Waits until nobody reads a slot of the source. Throws where somebody still does. */
export async function waitUntilUnread(ctx: StepContext, name: string, slot: string): Promise<void> {
  const free = await waitUntil(ctx, UNREAD_MS, async () => {
    const source = await ctx.session('source');
    const [one] = (await source.run(readSlots(source.version))).filter((there) => there.name === slot);
    return one?.active === true ? null : true;
  });
  if (free !== null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `slot ${slot} is still read ${UNREAD_MS / 1000} s after subscription ${name} was disabled`,
    remedy: 'see pg_stat_replication on the source for who reads it; then longhaul run',
  });
}
