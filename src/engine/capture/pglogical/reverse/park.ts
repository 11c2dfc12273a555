import type {Lsn} from '../../../../domain/pg/lsn.ts';
import {insertSetOf, updateSetOf} from '../../../../domain/pg/slot-plan.ts';
import {
  advancePglogicalOrigin,
  disablePglogicalSubscription,
  enablePglogicalSubscription,
  type PglogicalSubscription,
} from '../../../../pg/capture/pglogical.ts';
import {addSubscriptionSet, removeSubscriptionSet} from '../../../../pg/capture/pglogical-back.ts';
import {readPrimaryPosition} from '../../../../pg/replication/slots.ts';
import type {Statement} from '../../../../pg/session/statement.ts';
import type {Action} from '../../../action.ts';
import {statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import {waitUntilUnread} from '../../slots/wait-unread.ts';

/** A subscription as far as it matters here. */
type Seen = Pick<PglogicalSubscription, 'name' | 'slot' | 'enabled' | 'sets'>;

/**
 * Parks subscriptions of the target: each asks for no replication set and runs. So nothing whatever is applied, and the slot moves on with the source's WAL instead of keeping it. Nothing where
 * they are parked already.
 */
export function planPark(ctx: StepContext, subscriptions: readonly Seen[]): Action[] {
  const how = onTarget(ctx);
  const flowing = subscriptions.filter(({enabled, sets}) => enabled && sets.length > 0);
  return [
    ...stopping(ctx, flowing),
    ...subscriptions.flatMap((one) => stepsToPark(one)).map((statement) => statementAction(statement, how)),
  ];
}

/** What parks one whose worker has ended. It asks for nothing before it runs again. Pure. */
export function stepsToPark({name, enabled, sets}: Pick<Seen, 'name' | 'enabled' | 'sets'>): Statement[] {
  return [
    ...sets.map((set) => removeSubscriptionSet(name, set)),
    ...(isParked({enabled, sets}) ? [] : [enablePglogicalSubscription(name)]),
  ];
}

/** Whether nothing comes through it, and its slot moves on. Pure. */
export function isParked({enabled, sets}: Pick<Seen, 'enabled' | 'sets'>): boolean {
  return enabled && sets.length === 0;
}

/**
 * Has parked subscriptions of the target bring what the source writes from now on, once they are enabled: nobody writes there while this is done. Until then the slots keep it.
 */
export function planKeep(ctx: StepContext, subscriptions: readonly Seen[]): Action[] {
  const how = onTarget(ctx);
  return [
    ...stopping(
      ctx,
      subscriptions.filter(({enabled}) => enabled),
    ),
    ...subscriptions.map(({name}) => beginning(ctx, name)),
    ...subscriptions.flatMap(({name, sets}) =>
      [updateSetOf(name), insertSetOf(name)]
        .filter((set) => !sets.includes(set))
        .map((set) => statementAction(addSubscriptionSet(name, set), how)),
    ),
  ];
}

/** All are told to end before the first is waited for. */
function stopping(ctx: StepContext, subscriptions: readonly Seen[]): Action[] {
  if (subscriptions.length === 0) return [];
  return [
    ...subscriptions.map(({name}) => statementAction(disablePglogicalSubscription(name), onTarget(ctx))),
    waitUntilUnread(
      ctx,
      subscriptions.map(({slot}) => slot),
      true,
    ),
  ];
}

/**
 * Sets the origin to what the source has flushed: a position that its WAL reaches after a crash as well, where one that is merely inserted may come a second time, with other changes. What lies between
 * the two was applied there, and is not sent.
 */
function beginning(ctx: StepContext, name: string): Action {
  return {
    on: 'target',
    text: `/* where the source is by then */ SELECT pg_replication_origin_advance('…${name}', …)`,
    execute: async () => {
      const source = await ctx.session('source');
      const {flushLsn}: {flushLsn: Lsn} = await source.one(readPrimaryPosition(source.version));
      await (await ctx.session('target')).run(advancePglogicalOrigin(name, flushLsn));
    },
  };
}

function onTarget(ctx: StepContext) {
  return {on: 'target', session: async () => ctx.session('target')} as const;
}
