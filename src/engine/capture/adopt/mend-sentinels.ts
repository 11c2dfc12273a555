import type {RelationName} from '../../../domain/pg/relation.ts';
import {mendSentinels, readSentinels} from '../../../pg/capture/sentinels.ts';
import type {Session} from '../../../pg/session/session.ts';
import {oweTablesOf} from '../guard/owe-tables.ts';
import type {StepContext} from '../../step.ts';

/**
 * Has the target have the source's sentinels of a slot again, up to one that its worker has come to: those that were not asked for for a while never come, and what was not asked for for a while is told by nothing else once they are whole again. So
 * a comparison of all other tables of the slot is owed first. `holds` keeps the worker from them in a transaction, which the caller ends. Gives how many were not as on the source.
 */
export async function mendSentinelsOf(
  ctx: StepContext,
  {
    holds,
    slot,
    upTo,
    besides,
  }: {
    readonly holds: Session;
    readonly slot: string;
    readonly upTo: number;
    readonly besides: readonly RelationName[];
  },
): Promise<number> {
  // Read behind the lock on the target: whatever that has of them, the source has.
  const all = await (await ctx.session('source')).run(readSentinels(slot));
  const {rows} = await holds.one(mendSentinels(slot, all, upTo));
  if (rows > 0) await oweTablesOf(ctx, slot, {why: `${rows} sentinels of ${slot} were not as on the source`, besides});
  return rows;
}
