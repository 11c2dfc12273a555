import type {StepContext} from '../step.ts';
import {readSelection} from './dump-schema.ts';
import {restoreEntries} from './restore-entries.ts';

/**
 * Restores what comes after the data and is not in the manifest: rules, policies, row security, extended statistics. May be
 * repeated: what is there is replaced. Gives how many entries there were.
 */
export async function restoreRest(ctx: StepContext): Promise<number> {
  const {afterLoad: objects} = await readSelection(ctx);
  if (objects.length === 0) return 0;
  await restoreEntries(
    ctx,
    {first: [], objects, grants: [], again: true},
    'restore rules, policies and statistics objects',
  );
  return objects.length;
}
