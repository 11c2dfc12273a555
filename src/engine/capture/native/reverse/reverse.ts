import {backObject, claimedBack} from '../../../../domain/run/back/claimed-back.ts';
import {claimedSlots, claimedSubscriptions, slotObject} from '../../../../domain/run/claimed.ts';
import {attachSlot} from '../../../../pg/capture/reverse.ts';
import {
  detachSlot,
  disableSubscription,
  enableSubscription,
  readSubscriptions,
} from '../../../../pg/capture/subscriptions.ts';
import type {Action} from '../../../action.ts';
import {statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import type {ReverseCapture} from '../../reverse-capture.ts';
import {planTriggersOff, planTriggersOn} from '../../triggers-off.ts';
import {withoutLate} from '../../sentinels/back-sentinels.ts';
import {waitUntilUnread} from '../../slots/wait-unread.ts';
import {checkReverse} from './check-reverse.ts';
import {checkStart, dropIfThere, keeping} from './keep.ts';
import {planReversePrepare} from './prepare.ts';
import {planReverseRemoval} from './removal.ts';

/**
 * Turning subscriptions round. A publisher of before 16 tells no subscriber where a row came from, so that both ways at once would be a loop: the one way is stopped, and only then the other one's
 * slots are made, while nobody writes. Source: facts/cutover.md, §5.2.
 */
export const nativeReverse: ReverseCapture = {
  check: checkReverse,
  planPrepare: planReversePrepare,
  checkStart,
  planStart,
  planUndo,
  planFollow,
  planRemoval: planReverseRemoval,
};

function there(ctx: StepContext) {
  return {
    source: {on: 'source', session: async () => ctx.session('source')},
    target: {on: 'target', session: async () => ctx.session('target')},
  } as const;
}

/** The other way's subscriptions, which the source has. */
function otherWay(ctx: StepContext): string[] {
  return claimedBack(ctx.state().claimed, 'back-subscription');
}

async function planStart(ctx: StepContext): Promise<Action[]> {
  const {source, target} = there(ctx);
  const own = claimedSubscriptions(ctx.state().claimed);
  const others = otherWay(ctx);
  return [
    ...own.map((name) => statementAction(disableSubscription(name), target)),
    waitUntilUnread(ctx, own, true),
    ...planTriggersOn(ctx, 'target'),
    ...others.map((name) => keeping(ctx, name)),
    ...others.map((name) => statementAction(attachSlot(name, name), source)),
  ];
}

function dropping(ctx: StepContext, on: 'source' | 'target', {name, object}: {name: string; object: string}): Action {
  return {
    on,
    text: `SELECT pg_drop_replication_slot('${name}')`,
    execute: async () => {
      await dropIfThere(ctx, on, name);
      await ctx.record({type: 'objects.returned', objects: [object]});
    },
  };
}

/** Enabled only where it is not. */
async function enabling(ctx: StepContext, on: 'source' | 'target', names: readonly string[]): Promise<Action[]> {
  const server = await ctx.session(on);
  const known = await server.run(readSubscriptions(names, server.version));
  return known.flatMap(({name, enabled}) =>
    enabled ? [] : [statementAction(enableSubscription(name), there(ctx)[on])],
  );
}

async function planUndo(ctx: StepContext): Promise<Action[]> {
  const {claimed} = ctx.state();
  const slots = claimedBack(claimed, 'back-slot');
  return [
    ...otherWay(ctx).map((name) => statementAction(detachSlot(name), there(ctx).source)),
    ...slots.map((name) => dropping(ctx, 'target', {name, object: backObject('back-slot', name)})),
    // They were put back before the target was to be opened, and changes are applied there again.
    ...(await planTriggersOff(ctx, 'target')),
    ...(await enabling(ctx, 'target', claimedSubscriptions(claimed))),
  ];
}

async function planFollow(ctx: StepContext): Promise<Action[]> {
  const slots = claimedSlots(ctx.state().claimed);
  return [
    // They would keep what comes the other way, and bring it back once more.
    ...slots.map((name) => dropping(ctx, 'source', {name, object: slotObject(name)})),
    ...(await planTriggersOff(ctx, 'source')),
    ...(await enabling(ctx, 'source', otherWay(ctx))),
    ...withoutLate(ctx, claimedSubscriptions(ctx.state().claimed)),
  ];
}
