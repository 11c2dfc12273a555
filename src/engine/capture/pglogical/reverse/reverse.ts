import {claimedBack} from '../../../../domain/run/back/claimed-back.ts';
import {claimedPglogicalSubscriptions} from '../../../../domain/run/claimed.ts';
import {disablePglogicalSubscription} from '../../../../pg/capture/pglogical.ts';
import type {Action} from '../../../action.ts';
import {mirrored, turnedAction} from '../../../back/mirrored.ts';
import {statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import type {ReverseCapture} from '../../reverse-capture.ts';
import {withoutLate} from '../../sentinels/back-sentinels.ts';
import {waitUntilUnread} from '../../slots/wait-unread.ts';
import {planTriggersOff, planTriggersOn} from '../../triggers-off.ts';
import {planResume} from '../control.ts';
import {readOurSubscriptions} from '../read-subscriptions.ts';
import {checkReverse} from './check-reverse.ts';
import {planKeep, planPark} from './park.ts';
import {planReversePrepare, readBackSlots} from './prepare.ts';
import {planReverseRemoval} from './removal.ts';

/**
 * Turning pglogical's subscriptions round. Those of both directions are there all the time, and one direction is parked: it asks for nothing, so that nothing is applied, and its slots keep no WAL.
 * What was applied has an origin and is not sent on (forward_origins is empty), so that there is no loop. Source: facts/cutover.md, §5.1; docs/decisions/0074.
 */
export const pglogicalReverse: ReverseCapture = {
  check: checkReverse,
  planPrepare: planReversePrepare,
  readSlots: readBackSlots,
  planStart,
  planUndo,
  planFollow,
  planRemoval: planReverseRemoval,
};

async function readOwn(ctx: StepContext) {
  return readOurSubscriptions(ctx, claimedPglogicalSubscriptions(ctx.state().claimed));
}

/** Those of the other direction, which the source has: in the other context they are the target's. */
async function readOthers(ctx: StepContext) {
  return readOurSubscriptions(mirrored(ctx), claimedBack(ctx.state().claimed, 'back-pglogical-subscription'));
}

async function planStart(ctx: StepContext): Promise<Action[]> {
  const own = await readOwn(ctx);
  const others = await readOthers(ctx);
  const how = {on: 'target', session: async () => ctx.session('target')} as const;
  return [
    ...own.filter(({enabled}) => enabled).map(({name}) => statementAction(disablePglogicalSubscription(name), how)),
    waitUntilUnread(
      ctx,
      own.map(({slot}) => slot),
      true,
    ),
    ...planTriggersOn(ctx, 'target'),
    ...planKeep(mirrored(ctx), others).map((action) => turnedAction(action)),
  ];
}

async function planUndo(ctx: StepContext): Promise<Action[]> {
  // While its slot is being made, an earlier supervisor's subscription asks for nothing, and may be neither stopped nor dropped.
  const others = (await readOthers(ctx)).filter(({initializing}) => !initializing);
  const paused = new Set(ctx.state().capture.paused.map(({slot}) => slot));
  const own = (await readOwn(ctx)).filter(({name}) => !paused.has(name));
  const resumed: Action[] = [];
  for (const {name} of own) resumed.push(...(await planResume(ctx, name)));
  return [
    ...planPark(mirrored(ctx), others).map((action) => turnedAction(action)),
    // They were put back before the target was to be opened, and changes are applied there again.
    ...(await planTriggersOff(ctx, 'target')),
    ...resumed,
  ];
}

async function planFollow(ctx: StepContext): Promise<Action[]> {
  const own = await readOwn(ctx);
  const others = await readOthers(ctx);
  const begun: Action[] = [];
  for (const {name} of others) begun.push(...(await planResume(mirrored(ctx), name)));
  return [
    ...(await planTriggersOff(ctx, 'source')),
    ...begun.map((action) => turnedAction(action)),
    ...planPark(ctx, own),
    ...withoutLate(
      ctx,
      own.map(({name}) => name),
    ),
  ];
}
