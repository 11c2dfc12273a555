import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {StepContext} from '../step.ts';
import {waitUntil} from '../waiting/wait-until.ts';
import {markEnding} from './host/lane-folder.ts';
import {signalLane} from './host/lane-process.ts';
import type {Ending} from './outcome.ts';
import {runningUnits, type RunningUnit} from './running-units.ts';
import {createSettling} from './settle.ts';

/** Asks a lane to end: both ends of its pipeline, and what lives of them when they do not listen. None of its rows stay. */
export async function endLane(
  unit: RunningUnit,
  ending: Ending,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<void> {
  await markEnding(unit.state.folder, ending);
  await signalLane(unit.state.folder, signal);
  // A stopped process takes the signal only once it goes on.
  await signalLane(unit.state.folder, 'SIGCONT');
}

const LISTEN_MS = 5_000;
const LIMIT_MS = 60_000;

/**
 * Ends every lane and waits until no process and no backend of any is left and each unit is decided. Whoever takes a new P, or leaves, must
 * know that nothing can commit behind his back. Throws when a lane cannot be ended.
 */
export async function endLanes(ctx: StepContext, ending: Ending): Promise<void> {
  for (const unit of runningUnits(ctx.state())) await endLane(unit, ending);
  const settle = createSettling(ctx);
  const listenUntil = ctx.now() + LISTEN_MS;
  const ended = await waitUntil(ctx, LIMIT_MS, async () => {
    const left = runningUnits(ctx.state());
    if (ctx.now() > listenUntil) for (const unit of left) await signalLane(unit.state.folder, 'SIGKILL');
    await settle();
    return runningUnits(ctx.state()).length === 0 ? true : null;
  });
  if (ended !== null) return;
  const left = runningUnits(ctx.state()).map(({id}) => id);
  throw new LonghaulError({
    code: 'failed',
    message: `the lanes of ${left.join(', ')} do not end: a backend of theirs still lives on the target`,
    remedy: `on the target: SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul/${ctx.config.run}/%'; end them, then run the same again`,
  });
}
