import {sameRelation} from '../../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf} from '../../../../domain/pg/slot-plan.ts';
import {
  addToPublication,
  dropFromPublication,
  publishAgain,
  readPublications,
  type PublishedRow,
} from '../../../../pg/capture/publications.ts';
import {refreshSubscription} from '../../../../pg/capture/subscriptions.ts';
import {statementAction} from '../../../make-action.ts';
import type {Adoption} from '../../capture.ts';
import {mustBeThere} from '../../adopt/must-be-there.ts';
import {brokenSlots, isWhole} from '../read-not-published.ts';
import {publicationsOf} from '../wanted-publications.ts';
import {planWhole} from './not-applied.ts';

/** A table that is younger than the publications, or was taken out of them: into one of the two of its slot, and then its subscription has to learn of it. */
export const adoption: Adoption = {
  planWhole,

  async adding(ctx, {slot, others, table, hasIdentity}) {
    const source = await ctx.session('source');
    const all = await source.run(readPublications(publicationsOf(slot)));
    mustBeThere(
      publicationsOf(slot),
      all.map(({publication}) => publication),
      {slot, run: ctx.config.run},
    );
    const isIt = (one: PublishedRow): boolean =>
      one.table !== null && sameRelation({schema: one.schema ?? '', name: one.table}, table);
    const there = all.filter(isIt);
    // Under this name another slot would bring it as well, once its subscription learns of it.
    const bringing = (await source.run(readPublications(others.flatMap((one) => publicationsOf(one))))).filter(isIt);
    const dropped = bringing.map(({publication}) => dropFromPublication(publication, table));
    const elsewhere = others.filter((one) =>
      bringing.some(({publication}) => publicationsOf(one).includes(publication)),
    );
    // An attempt that failed later has published it; in which of the two was decided then.
    if (there.some((row) => isWhole(row, slot))) return {statements: dropped, elsewhere};
    const [known] = there;
    // In the other one the application could not update a table without identity any more.
    const name = known?.publication ?? (hasIdentity ? updateSetOf(slot) : insertSetOf(slot));
    const isNarrowed = known?.isNarrowed === true;
    const publishesAll = all.some((row) => isWhole({...row, isNarrowed: false}, slot) && row.publication === name);
    const statements = [
      ...dropped,
      ...(publishesAll ? [] : [publishAgain({name, insertsOnly: name === insertSetOf(slot)}, source.version)]),
      ...(isNarrowed ? [dropFromPublication(name, table)] : []),
      ...(known === undefined || isNarrowed ? [addToPublication(name, table)] : []),
    ];
    return {statements, elsewhere};
  },

  async readBroken(source, slots) {
    const rows = await source.run(readPublications(slots.flatMap((slot) => publicationsOf(slot))));
    return brokenSlots(slots, rows);
  },

  async planKnown(ctx, slot) {
    return [statementAction(refreshSubscription(slot), {on: 'target', session: async () => ctx.session('target')})];
  },
};
