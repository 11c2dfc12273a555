import {sameRelation} from '../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {readPublications, type PublishedRow} from '../../../pg/capture/publications.ts';
import type {StepContext} from '../../step.ts';
import type {NotCaptured, SlotsOfPlan} from '../guard/not-captured.ts';
import {publicationsOf} from './wanted-publications.ts';

/** Tables that are to be captured and are in none of the publications of their slot as it was made. */
export async function readNotPublished(ctx: StepContext, plan: SlotsOfPlan): Promise<NotCaptured[]> {
  const source = await ctx.session('source');
  return notPublished(plan, await source.run(readPublications(plan.slots.flatMap(({name}) => publicationsOf(name)))));
}

/**
 * In which of the two a table is was decided when they were made: a key that it was given since takes none of its changes away. One of which somebody publishes
 * no longer all counts as none. Pure.
 */
export function notPublished(plan: SlotsOfPlan, rows: readonly PublishedRow[]): NotCaptured[] {
  return plan.slots.flatMap(({name, tables}) => {
    const there = rows.filter((row) => isWhole(row, name));
    return tables
      .filter(
        (table) =>
          !there.some(
            ({schema, table: of}) => schema !== null && of !== null && sameRelation({schema, name: of}, table),
          ),
      )
      .map((table) => ({table, through: name}));
  });
}

/** Those of the slots of which a publication is gone, or publishes less than it was made for. One of which a table is narrowed is not. Pure. */
export function brokenSlots(slots: readonly string[], rows: readonly PublishedRow[]): string[] {
  const isThere = (publication: string, slot: string): boolean =>
    rows.some((row) => row.publication === publication && isWhole({...row, isNarrowed: false}, slot));
  return slots.filter((slot) => !publicationsOf(slot).every((publication) => isThere(publication, slot)));
}

/** Whether all comes through this row of a slot's publications that is to come. Pure. */
export function isWhole({publication, publishes, isNarrowed}: PublishedRow, slot: string): boolean {
  if (isNarrowed) return false;
  if (publication === updateSetOf(slot)) return publishes === 'all';
  return publication === insertSetOf(slot) && publishes !== 'less';
}
