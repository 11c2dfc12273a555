import type {Lsn} from '../../../domain/pg/lsn.ts';
import {readTablesChangedSince} from '../../../pg/cutover/peek.ts';
import type {StepContext} from '../../step.ts';
import {publicationsOf} from './wanted-publications.ts';

/** The tables with a change that the slot keeps in a commit at or after a position. */
export async function changedSince(ctx: StepContext, slot: string, after: Lsn): Promise<readonly string[]> {
  const source = await ctx.session('source');
  return (await source.run(readTablesChangedSince(slot, publicationsOf(slot), after))).map(({table}) => table);
}
