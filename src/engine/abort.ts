import type {Actor} from '../domain/event.ts';
import type {JsonObject} from '../domain/json.ts';
import {signalLane} from './load/lane-process.ts';
import {laneApplicationName} from './load/lane-name.ts';
import {runningUnits} from './load/settle-unit.ts';
import {terminateBackends} from '../pg/backends.ts';
import {failureOf} from './run-steps.ts';
import type {Step, StepContext} from './step.ts';

/** What an abort did, and what it could not do. */
export interface AbortReport {
  /** Per step: what its undo says that it took back. */
  readonly undone: Readonly<Record<string, JsonObject>>;
  /** Per step: why it could not be taken back, and what to do. */
  readonly failed: Readonly<Record<string, string>>;
}

/**
 * Gives the run up: ends its lanes, resumes replay, drops what it claimed on the primary. One server that does not answer keeps
 * none of the rest from being undone; above all the slots go, because they fill the primary's disk.
 */
export async function abortRun(ctx: StepContext, steps: readonly Step[], by: Actor): Promise<AbortReport> {
  await endLanes(ctx);
  const undone: Record<string, JsonObject> = {};
  const failed: Record<string, string> = {};
  for (const step of steps.toReversed()) {
    if (step.undo === undefined || (step.skip?.(ctx.config) ?? null) !== null) continue;
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

async function endLanes(ctx: StepContext): Promise<void> {
  const running = runningUnits(ctx.state());
  for (const unit of running) {
    if (unit.state.status === 'running') await signalLane(unit.state.folder, 'SIGKILL');
  }
  const names = running.map((unit) => laneApplicationName(ctx.config.run, unit.id));
  if (names.length === 0) return;
  for (const role of ['replica', 'target'] as const) {
    const session = await ctx.session(role).catch(() => null);
    await session?.run(terminateBackends(names)).catch(() => undefined);
  }
}
