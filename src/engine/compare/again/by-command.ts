import type {Command, Reply} from '../../../domain/run/command.ts';
import type {Actor} from '../../../domain/run/event.ts';
import type {StepContext} from '../../step.ts';
import {tablesToCompare} from '../compare-tables.ts';
import {chosenOf, compareAgain} from './compare-again.ts';

/** What takes the place of the walk through the steps while that has ended. */
interface InPlaceOfWalk {
  instead(work: (ctx: StepContext) => Promise<void>): boolean;
}

/** Begins a comparison while change capture runs; its end, and what it has found, are events. */
export async function compareByCommand(
  ctx: StepContext,
  control: InPlaceOfWalk,
  {tables, converging, by}: Pick<Extract<Command, {type: 'compare-again'}>, 'tables' | 'converging'> & {by: Actor},
): Promise<Reply> {
  const chosen = chosenOf(await tablesToCompare(ctx), tables);
  const hasBegun = control.instead(async (own) => {
    // Its failure is in the journal.
    await compareAgain(own, {by, tables, converging}).catch(() => undefined);
  });
  return hasBegun
    ? {
        ok: true,
        message: `${chosen.length === 1 ? '1 table is' : `${chosen.length} tables are`} compared while change capture runs`,
      }
    : {
        ok: false,
        message: 'the steps are running',
        remedy: 'longhaul status shows what they wait for; compare-again is one of them',
      };
}
