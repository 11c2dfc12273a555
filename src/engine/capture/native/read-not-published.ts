import {formatRelation, sameRelation} from '../../../domain/pg/relation.ts';
import type {SlotPlan} from '../../../domain/pg/slot-plan.ts';
import {readPublications} from '../../../pg/capture/publications.ts';
import type {StepContext} from '../../step.ts';
import {publicationsOf} from './wanted-publications.ts';

/**
 * Tables that are to be captured and are in none of the publications of their slot: `public.events (dms_slot_01)`. In which of the two one is was
 * decided when they were made: a key that it was given since takes none of its changes away.
 */
export async function readNotPublished(ctx: StepContext, plan: SlotPlan): Promise<string[]> {
  const source = await ctx.session('source');
  const names = plan.slots.flatMap(({name}) => publicationsOf(name));
  const rows = await source.run(readPublications(names));
  return plan.slots.flatMap(({name, tables}) => {
    const own = publicationsOf(name);
    const there = rows.filter(({publication}) => own.includes(publication));
    return tables
      .filter(
        (table) =>
          !there.some(
            ({schema, table: of}) => schema !== null && of !== null && sameRelation({schema, name: of}, table),
          ),
      )
      .map((table) => `${formatRelation(table)} (${name})`);
  });
}
