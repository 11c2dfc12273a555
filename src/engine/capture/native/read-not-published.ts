import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import type {SlotPlan} from '../../../domain/pg/slot-plan.ts';
import {readPublishable, readPublications} from '../../../pg/capture/publications.ts';
import type {StepContext} from '../../step.ts';
import {wantedPublications} from './wanted-publications.ts';

/** Tables that are to be captured and are in none of the publications of their slot: `public.events (dms_slot_01)`. */
export async function readNotPublished(ctx: StepContext, plan: SlotPlan): Promise<string[]> {
  const source = await ctx.session('source');
  const {publications} = wantedPublications(plan.slots, await source.run(readPublishable()));
  const rows = await source.run(readPublications(publications.map(({name}) => name)));
  const there = new Set(
    rows.flatMap(({publication, schema, table}) =>
      schema === null || table === null ? [] : [`${publication} ${quoteRelation({schema, name: table})}`],
    ),
  );
  return publications.flatMap(({name, tables}) =>
    tables
      .filter((table) => !there.has(`${name} ${quoteRelation(table)}`))
      .map((table) => `${formatRelation(table)} (${name})`),
  );
}
