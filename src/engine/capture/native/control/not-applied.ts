import {insertSetOf, updateSetOf} from '../../../../domain/pg/slot-plan.ts';
import {sentinelTable} from '../../../../pg/capture/sentinels.ts';
import {
  readSubscriptions,
  readUnapplied,
  refreshSubscription,
  setPublications,
} from '../../../../pg/capture/subscriptions.ts';
import {statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import type {MakingWhole, Servers} from '../../capture.ts';
import {notAskedFor, type NotCaptured, type SlotsOfPlan} from '../../guard/not-captured.ts';
import {readInsertsOnly} from '../read-inserts-only.ts';
import {publicationsOf} from '../wanted-publications.ts';

/**
 * The tables that somebody has taken from their subscription on the target: by another list of its publications, or by making the table anew there. Changes of a table that a subscription does not know are passed over, without a word.
 */
export async function readNotApplied({source, target}: Servers, plan: SlotsOfPlan): Promise<NotCaptured[]> {
  const names = plan.slots.map(({name}) => name);
  const subscriptions = await target.run(readSubscriptions(names, target.version));
  const asked = subscriptions.map(({name, publications}) => ({slot: name, asks: publications}));
  const isLess = asked.some(({slot, asks}) => publicationsOf(slot).some((one) => !asks.includes(one)));
  const insertsOnly = isLess ? await readInsertsOnly(source, names) : [];
  const there = plan.slots.filter(({name}) => asked.some(({slot}) => slot === name));
  const unapplied = await target.run(
    readUnapplied(there.flatMap(({name: slot, tables}) => tables.map((table) => ({slot, ...table})))),
  );
  return [
    ...notAskedFor(plan, asked, {
      insertsOnly,
      sets: (slot, isInsertsOnly) => [isInsertsOnly ? insertSetOf(slot) : updateSetOf(slot)],
    }),
    ...unapplied.map(({slot, schema, name}) => ({table: {schema, name}, through: slot})),
  ];
}

/** Has the subscription ask for both of its publications again, and know all of their tables, the sentinel's among them, which an adoption holds it at. */
export async function planWhole(ctx: StepContext, slot: string): Promise<MakingWhole> {
  const target = await ctx.session('target');
  const [one] = await target.run(readSubscriptions([slot], target.version));
  if (one === undefined) return {actions: [], beginsAnew: false};
  const wanted = publicationsOf(slot);
  const how = {on: 'target', session: async () => ctx.session('target')} as const;
  // With another list its worker begins anew, and with the same one it does not.
  if (!wanted.every((name) => one.publications.includes(name)))
    return {actions: [statementAction(setPublications(slot, wanted), how)], beginsAnew: true};
  const unapplied = await target.run(readUnapplied([{slot, ...sentinelTable(slot)}]));
  const actions = unapplied.length === 0 ? [] : [statementAction(refreshSubscription(slot), how)];
  return {actions, beginsAnew: false};
}
