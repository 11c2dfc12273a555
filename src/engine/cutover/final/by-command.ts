import type {Reply, ShownAction} from '../../../domain/run/command.ts';
import {counted} from '../../../domain/base/units.ts';
import {listed} from '../../preflight/found.ts';
import {planEndOfFinalScans} from '../../run/own-statements.ts';
import type {StepContext} from '../../step.ts';

/** Ends the last comparison for an operator. Whoever walks notes it in the journal; where another supervisor had begun it, it is over already. */
export async function endComparison(ctx: StepContext, who: string): Promise<Reply> {
  await ctx.final.end(ctx, {by: who, why: `${who} has ended it`});
  const {left} = ctx.final.progress();
  return {
    ok: true,
    message:
      left.length === 0
        ? 'the last comparison is over: nothing was left'
        : `the last comparison is ended, and its snapshots with it: ${counted(left.length, 'table')} not compared: ${listed(left)}`,
  };
}

/** What that would do. */
export function planEndOfComparison(ctx: StepContext): readonly ShownAction[] {
  return planEndOfFinalScans(ctx);
}
