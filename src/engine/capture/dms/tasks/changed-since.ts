import type {Lsn} from '../../../../domain/pg/lsn.ts';
import {insertSetOf, updateSetOf} from '../../../../domain/pg/slot-plan.ts';
import {readPglogicalChangedSince} from '../../../../pg/capture/pglogical-peek.ts';
import type {StepContext} from '../../../step.ts';

/** The tables with a change that the slot keeps in a commit at or after a position, while its task is stopped. The plugin is that of DMS, asked for the same sets. */
export async function changedSince(ctx: StepContext, slot: string, after: Lsn): Promise<readonly string[]> {
  const source = await ctx.session('source');
  const sets = [updateSetOf(slot), insertSetOf(slot)];
  return (await source.run(readPglogicalChangedSince(slot, sets, after))).map(({table}) => table);
}
