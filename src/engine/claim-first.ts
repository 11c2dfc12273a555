import type {Action} from './action.ts';
import type {StepContext} from './step.ts';

/**
 * The action, with these objects in the journal as the run's own before it is executed: what is not claimed is never dropped, so whoever dies
 * in between must have said so. What is claimed already is not said again.
 */
export function claimFirst(
  ctx: Pick<StepContext, 'state' | 'record'>,
  objects: readonly string[],
  action: Action,
): Action {
  const execute = async (): Promise<void> => {
    const {claimed} = ctx.state();
    if (!objects.every((object) => claimed.includes(object))) await ctx.record({type: 'objects.claimed', objects});
    await action.execute();
  };
  return {...action, execute};
}
