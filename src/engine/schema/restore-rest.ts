import type {StepContext} from '../step.ts';
import {applyEach} from './apply-each.ts';
import {readSelection, restorePart} from './dump-schema.ts';
import {readOwnersOf} from './ownership.ts';

/**
 * Restores what comes after the data and is not in the manifest: rules, policies, row security, extended statistics. May be
 * repeated: what is there is replaced. Gives how many entries there were.
 */
export async function restoreRest(ctx: StepContext): Promise<number> {
  const {afterLoad: entries} = await readSelection(ctx);
  await restorePart(ctx, {name: 'after-load', entries, again: true}, 'restore rules, policies and statistics objects');
  // Of all these only statistics have an owner of their own.
  const {statements} = await readOwnersOf(ctx, 'statistics object');
  await applyEach(await ctx.session('target'), statements, async () => undefined);
  return entries.length;
}
