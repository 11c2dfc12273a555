import {within} from '../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {addSetToSubscription, readPglogicalSubscriptions} from '../../../pg/capture/pglogical.ts';
import {readPassedOver} from '../../../pg/capture/pglogical-target.ts';
import {statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import type {MakingWhole, Servers} from '../capture.ts';
import {readInsertsOnly} from '../dms/read-inserts-only.ts';
import {notAskedFor, type NotCaptured, type SlotsOfPlan} from '../guard/not-captured.ts';
import {planKick, readOne} from './control.ts';

/** The tables of which somebody has taken a set from their subscription on the target, or that it passes over: nothing of them comes any more, and its slot moves on all the same. */
export async function readNotApplied({source, target}: Servers, plan: SlotsOfPlan): Promise<NotCaptured[]> {
  const names = plan.slots.map(({name}) => name);
  const subscriptions = await target.run(readPglogicalSubscriptions(names, target.version));
  const asked = subscriptions.map(({name, sets}) => ({slot: name, asks: sets}));
  const passed = await target.run(readPassedOver(names));
  const notComing = plan.slots.flatMap(({name: through, tables}) =>
    within(
      tables,
      passed.filter(({slot}) => slot === through),
    ).map((table): NotCaptured => ({table, through})),
  );
  if (asked.every(({slot, asks}) => setsOf(slot).every((set) => asks.includes(set)))) return notComing;
  const insertsOnly = await readInsertsOnly(source, names);
  const unasked = notAskedFor(plan, asked, {
    insertsOnly,
    sets: (slot, isInsertsOnly) => (isInsertsOnly ? [insertSetOf(slot)] : setsOf(slot)),
  });
  return [...notComing, ...unasked];
}

/** Has the subscription ask for both of its sets again; its worker takes them when it starts. */
export async function planWhole(ctx: StepContext, slot: string): Promise<MakingWhole> {
  const {sets} = await readOne(ctx, slot);
  const missing = setsOf(slot).filter((set) => !sets.includes(set));
  if (missing.length === 0) return {actions: [], beginsAnew: false};
  const add = missing.map((set) =>
    statementAction(addSetToSubscription(slot, set), {on: 'target', session: async () => ctx.session('target')}),
  );
  return {actions: [...add, ...(await planKick(ctx, slot))], beginsAnew: true};
}

function setsOf(slot: string): string[] {
  return [updateSetOf(slot), insertSetOf(slot)];
}
