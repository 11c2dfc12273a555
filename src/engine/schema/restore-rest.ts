import type {StepContext} from '../step.ts';
import {applyEach} from './apply-each.ts';
import {readSelection, restorePart} from './dump-schema.ts';
import {readOwnersOf, readOwnership} from './ownership.ts';

/** What usually comes after the data; of these only statistics have an owner of their own. */
const WITHOUT_GRANTS = new Set([
  'RULE',
  'POLICY',
  'ROW SECURITY',
  'STATISTICS',
  'COMMENT',
  'CHECK CONSTRAINT',
  'DEFAULT',
]);

/**
 * Restores what comes after the data and is not in the manifest: rules, policies, row security, extended statistics. May be
 * repeated: what is there is replaced. Gives how many entries there were.
 */
export async function restoreRest(ctx: StepContext): Promise<number> {
  const {afterLoad: entries} = await readSelection(ctx);
  await restorePart(ctx, {name: 'after-load', entries, again: true}, 'restore rules, policies and statistics objects');
  // A view or function that rests on a primary key comes this late, and has owner and grants like any other.
  const late = entries.some(({kind}) => !WITHOUT_GRANTS.has(kind));
  const {statements} = late ? await readOwnership(ctx) : await readOwnersOf(ctx, 'statistics object');
  await applyEach(await ctx.session('target'), statements, async () => undefined);
  return entries.length;
}
