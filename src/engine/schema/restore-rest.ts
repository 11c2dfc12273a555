import type {StepContext} from '../step.ts';
import {applyParts, readSelection, writePart} from './dump-schema.ts';

/**
 * Restores what comes after the data and is not in the manifest: rules, policies, row security, extended statistics. Once: the file that
 * says so is written by the run's journal, so a second time it may find them there. Gives how many entries there were.
 */
export async function restoreRest(ctx: StepContext): Promise<number> {
  const {afterLoad} = await readSelection(ctx);
  if (afterLoad.length === 0) return 0;
  await applyParts(ctx, [await writePart(ctx, 'after-load', afterLoad)], 'restore rules, policies and statistics objects');
  return afterLoad.length;
}
