import {backObject, claimedBack} from '../../../../domain/run/back/claimed-back.ts';
import {dropPublication} from '../../../../pg/capture/publications.ts';
import {dropSentinel} from '../../../../pg/capture/sentinels.ts';
import {
  detachSlot,
  disableSubscription,
  dropSubscription,
  readSubscriptions,
} from '../../../../pg/capture/subscriptions.ts';
import {dropSlot} from '../../../../pg/replication/slots.ts';
import type {Action} from '../../../action.ts';
import {remark, showStatement, statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import {waitUntilUnread} from '../../slots/wait-unread.ts';
import {planTriggersOn} from '../../triggers-off.ts';
import {dropIfThere} from './keep.ts';

/**
 * Takes the way back off both servers: the subscriptions first, so that nobody reads the slots, and all that is on the source before the target is asked for anything: one that is gone leaves nothing of it
 * on production.
 */
export async function planReverseRemoval(ctx: StepContext): Promise<Action[]> {
  const {claimed} = ctx.state();
  const names = claimedBack(claimed, 'back-subscription');
  const onSource = {on: 'source', session: async () => ctx.session('source')} as const;
  const onTarget = {on: 'target', session: async () => ctx.session('target')} as const;
  const publications = claimedBack(claimed, 'back-publication');
  const sentinels = claimedBack(claimed, 'back-sentinel');
  return [
    ...(await planUnsubscribe(ctx, names)),
    ...sentinels.map((name) => statementAction(dropSentinel(name), onSource)),
    ...planTriggersOn(ctx, 'source'),
    ...planSlots(ctx),
    ...publications.map((name) => statementAction(dropPublication(name), onTarget)),
    ...sentinels.map((name) => statementAction(dropSentinel(name), onTarget)),
    ...returning(ctx),
  ];
}

async function planUnsubscribe(ctx: StepContext, names: readonly string[]): Promise<Action[]> {
  if (names.length === 0) return [];
  const source = await ctx.session('source');
  const there = (await source.run(readSubscriptions(names, source.version))).map(({name}) => name);
  const how = {on: 'source', session: async () => ctx.session('source')} as const;
  return there.flatMap((name) =>
    [disableSubscription(name), detachSlot(name), dropSubscription(name)].map((one) => statementAction(one, how)),
  );
}

function planSlots(ctx: StepContext): Action[] {
  const names = claimedBack(ctx.state().claimed, 'back-slot');
  if (names.length === 0) return [];
  return [
    waitUntilUnread(ctx, names, true, 'target'),
    ...names.map((name): Action => ({
      on: 'target',
      text: remark('where it is still there', showStatement(dropSlot(name))),
      execute: async () => dropIfThere(ctx, 'target', name),
    })),
  ];
}

/** What was taken back is the run's no more. */
function returning(ctx: StepContext): Action[] {
  const {claimed} = ctx.state();
  const kinds = ['back-subscription', 'back-slot', 'back-publication', 'back-sentinel'] as const;
  const objects = kinds.flatMap((kind) => claimedBack(claimed, kind).map((name) => backObject(kind, name)));
  if (objects.length === 0) return [];
  return [
    {
      on: 'jump box',
      text: 'note in the journal: the way back is taken off',
      execute: async () => ctx.record({type: 'objects.returned', objects}),
    },
  ];
}
