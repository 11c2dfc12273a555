import {insertSetOf, updateSetOf} from '../../../../domain/pg/slot-plan.ts';
import {addToPublication, readPublications} from '../../../../pg/capture/publications.ts';
import {refreshSubscription} from '../../../../pg/capture/subscriptions.ts';
import {statementAction} from '../../../make-action.ts';
import type {Adoption} from '../../capture.ts';
import {publicationsOf} from '../wanted-publications.ts';

/** A table that is younger than the publications: into one of the two of its slot, and then its subscription has to learn of it. */
export const adoption: Adoption = {
  async adding(ctx, slot, table, hasIdentity) {
    // An attempt that failed later has published it; in which of the two was decided then.
    const published = await (await ctx.session('source')).run(readPublications(publicationsOf(slot)));
    if (published.some((one) => one.schema === table.schema && one.table === table.name)) return [];
    // In the other one the application could not update a table without identity any more.
    return [addToPublication(hasIdentity ? updateSetOf(slot) : insertSetOf(slot), table)];
  },

  async planKnown(ctx, slot) {
    return [statementAction(refreshSubscription(slot), {on: 'target', session: async () => ctx.session('target')})];
  },
};
