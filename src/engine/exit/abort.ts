import type {Actor} from '../../domain/run/event.ts';
import type {JsonObject} from '../../domain/base/json.ts';
import {endLanes} from '../load/end-lanes.ts';
import {failureOf} from '../run/run-steps.ts';
import type {Step, StepContext} from '../step.ts';

/** What an abort did, and what it could not do. */
export interface AbortReport {
  /** Per step: what its undo says that it took back. */
  readonly undone: Readonly<Record<string, JsonObject>>;
  /** Per step, full-load standing for the lanes: why it could not be taken back, and what to do. */
  readonly failed: Readonly<Record<string, string>>;
}

/**
 * Gives the run up: ends its lanes, resumes replay, drops what it claimed on the primary. One server that does not answer keeps
 * none of the rest from being undone; above all the slots go, because they fill the primary's disk.
 */
export async function abortRun(ctx: StepContext, steps: readonly Step[], by: Actor): Promise<AbortReport> {
  const undone: Record<string, JsonObject> = {};
  const failed: Record<string, string> = {};
  const lanes = await tryToEndLanes(ctx, by);
  if (lanes !== null) failed['full-load'] = lanes;
  for (const step of steps.toReversed()) {
    if (step.undo === undefined) continue;
    try {
      undone[step.id] = await step.undo(ctx);
    } catch (error) {
      const {message, remedy} = failureOf(error);
      failed[step.id] = `${message} (${remedy})`;
    }
  }
  if (Object.keys(failed).length === 0) await ctx.record({type: 'run.aborted', by, evidence: undone});
  return {undone, failed};
}

/** A target that does not answer keeps lanes undecided, and nothing else from being undone: their processes are ended all the same. */
async function tryToEndLanes(ctx: StepContext, by: Actor): Promise<string | null> {
  try {
    await endLanes(ctx, {how: 'cancelled', by});
    return null;
  } catch (error) {
    const {message, remedy} = failureOf(error);
    return `${message} (${remedy})`;
  }
}
